import { useComputed } from '@preact/signals';
import { common } from '../../shared/messages.js';
import { say } from '../messages.js';
import { arrival, live, stock } from '../state.js';
import { ItemCard } from './ItemCard.js';

/** The live's items in the host's order, the pinned one on top. Numbers change inside the cards alone. */
export function ItemList() {
  const pinnedId = useComputed(() => live.value?.pinnedItemId ?? null).value;
  const order = useComputed(() => orderOf(live.value?.itemIds ?? [], pinnedId)).value;
  // Items that the page does not know yet come with the snapshot that is then asked for.
  const entries = stock.entries.value;
  const known = order.filter((itemId) => entries.some((entry) => entry.itemId === itemId));
  return (
    <section class="items" id="items" aria-labelledby="items-title" tabIndex={-1}>
      <div class="items-head">
        <h2 id="items-title">{say('items')}</h2>
        {known.length > 0 && <p class="muted small">{say('itemCount', { count: known.length })}</p>}
      </div>
      {known.length === 0 ? (
        <p class="items-empty muted" aria-busy={arrival.value === 'joining'}>
          {arrival.value === 'joining' ? common('loading') : say('noItems')}
        </p>
      ) : (
        <ul class="item-grid">
          {known.map((itemId) => (
            <ItemCard key={itemId} itemId={itemId} pinned={itemId === pinnedId} />
          ))}
        </ul>
      )}
    </section>
  );
}

function orderOf(itemIds: readonly string[], pinnedId: string | null): readonly string[] {
  if (pinnedId === null || !itemIds.includes(pinnedId)) return itemIds;
  return [pinnedId, ...itemIds.filter((itemId) => itemId !== pinnedId)];
}
