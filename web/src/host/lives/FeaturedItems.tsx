import type { Signal } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { ItemView } from '../../../../src/protocol/item.js';
import { announce } from '../../shared/announce.js';
import { rupiah } from '../../shared/format.js';
import { catalogue } from '../messages/catalogue.js';
import { Icon } from '../ui/Icon.js';
import { byCode } from '../ui/numbers.js';

/** Which items a live features, in order. Buttons rather than dragging: they work with a thumb and with keys. */
export function FeaturedItems({
  items,
  itemIds,
}: {
  items: readonly ItemView[];
  itemIds: Signal<readonly string[]>;
}) {
  const id = useId();
  const rest = items.filter((item) => !itemIds.value.includes(item.itemId)).sort(byCode);
  const byId = new Map(items.map((item) => [item.itemId, item]));
  return (
    <div class="field">
      <span id={`${id}-title`} class="field-label">
        {catalogue('featured')}
      </span>
      <p class="field-help">{catalogue('featuredHelp')}</p>
      {itemIds.value.length === 0 && <p class="muted">{catalogue('featuredEmpty')}</p>}
      <ol class="featured" aria-labelledby={`${id}-title`}>
        {itemIds.value.map((itemId, index) => (
          <FeaturedLine
            key={itemId}
            item={byId.get(itemId)}
            itemId={itemId}
            index={index}
            itemIds={itemIds}
          />
        ))}
      </ol>
      <label class="field-label" for={`${id}-add`}>
        {catalogue('addItem')}
      </label>
      <select
        id={`${id}-add`}
        class="input"
        name="addItem"
        value=""
        disabled={rest.length === 0}
        onChange={(event) => {
          const chosen = event.currentTarget.value;
          if (chosen !== '') itemIds.value = [...itemIds.value, chosen];
          event.currentTarget.value = '';
        }}
      >
        <option value="">{catalogue(rest.length === 0 ? 'allFeatured' : 'addItemPick')}</option>
        {rest.map((item) => (
          <option key={item.itemId} value={item.itemId}>
            {`${item.code} · ${item.name} · ${rupiah(item.price)}`}
          </option>
        ))}
      </select>
      {rest.length > 1 && (
        <button
          type="button"
          class="button"
          onClick={() => {
            itemIds.value = [...itemIds.value, ...rest.map((item) => item.itemId)];
          }}
        >
          {catalogue('addAll', { count: rest.length })}
        </button>
      )}
    </div>
  );
}

function FeaturedLine({
  item,
  itemId,
  index,
  itemIds,
}: {
  item: ItemView | undefined;
  itemId: string;
  index: number;
  itemIds: Signal<readonly string[]>;
}) {
  const name = item?.name ?? itemId;
  const move = (by: 1 | -1) => {
    const next = itemIds.value.filter((other) => other !== itemId);
    next.splice(index + by, 0, itemId);
    itemIds.value = next;
    announce(catalogue('moved', { name, n: index + by + 1 }));
  };
  return (
    <li class="featured-line" data-item={itemId}>
      <span class="featured-name">
        <b>{item?.code}</b> {name}
      </span>
      <button
        type="button"
        class="icon-button"
        aria-label={catalogue('moveUp', { name })}
        disabled={index === 0}
        onClick={() => move(-1)}
      >
        <Icon name="up" />
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label={catalogue('moveDown', { name })}
        disabled={index === itemIds.value.length - 1}
        onClick={() => move(1)}
      >
        <Icon name="down" />
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label={catalogue('remove', { name })}
        onClick={() => {
          itemIds.value = itemIds.value.filter((other) => other !== itemId);
        }}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}
