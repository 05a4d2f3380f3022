import { number, rupiah } from '../../shared/format.js';
import { Icon } from '../../shared/Icon.js';
import type { ItemEntry } from '../../shared/stock.js';
import { cockpit } from '../messages/cockpit.js';
import { isPending } from '../pending.js';
import { closeKey } from './actions.js';
import { live } from './room.js';
import { rowId, select, selected } from './selection.js';

/** One featured item in the list: enough to read at a glance; a tap brings it into the big panel. */
export function ItemRow({ entry }: { entry: ItemEntry }) {
  const { itemId, code, name, price, open } = entry.details.value;
  const current = selected.value?.itemId === itemId;
  const pinned = live.value?.pinnedItemId === itemId;
  return (
    <li class={`item-row${current ? ' item-row-current' : ''}${open ? '' : ' item-row-closed'}`}>
      <button
        type="button"
        id={rowId(itemId)}
        class="item-pick"
        aria-pressed={current}
        data-item={itemId}
        onClick={() => select(itemId)}
      >
        <span class="item-code">{code}</span>
        <span class="item-what">
          <span class="item-name">{name}</span>
          <span class="item-sub">
            <span class="item-price numeric">{rupiah(price)}</span>
            {pinned && (
              <span class="badge badge-sun">
                <Icon name="pin" size={13} />
                {cockpit('pinned')}
              </span>
            )}
            {!open && (
              <span class="badge">
                <Icon name="lock" size={13} />
                {cockpit('closed')}
              </span>
            )}
            {isPending(closeKey(itemId)) && (
              <span class="badge badge-held">
                <Icon name="clock" size={13} />
                {cockpit('close')}…
              </span>
            )}
          </span>
        </span>
        <RowStock entry={entry} />
      </button>
    </li>
  );
}

/** Apart, so that a stock change redraws two numbers and nothing else. */
function RowStock({ entry }: { entry: ItemEntry }) {
  const { available, waiting } = entry.stock.value;
  return (
    <span class={`item-left numeric${available === 0 ? ' item-left-none' : ''}`}>
      <span class="visually-hidden">{cockpit('available')} </span>
      {number(available)}
      {waiting > 0 && (
        <span class="item-waiting">{cockpit('waitingCount', { count: number(waiting) })}</span>
      )}
    </span>
  );
}
