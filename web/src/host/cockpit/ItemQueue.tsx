import { number, rupiah } from '../../shared/format.js';
import type { ItemEntry } from '../../shared/stock.js';
import { catalogue } from '../messages/catalogue.js';
import { cockpit } from '../messages/cockpit.js';
import { href } from '../route.js';
import { isPending } from '../state/pending.js';
import { singleKeysOn } from '../state/prefs.js';
import { featured, live } from '../state/room.js';
import { Icon } from '../ui/Icon.js';
import { KeyHint } from '../ui/keyboard.js';
import { closeKey, pinNext } from './actions.js';
import { nextUp, rowId, select, selected, sheet } from './selection.js';

/** The items of the live in their order, and the way to the next one. */
export function ItemQueue() {
  return (
    <section class="panel item-list card" aria-labelledby="items-title">
      <div class="panel-head">
        <h2 id="items-title">
          {cockpit('itemsTitle')} <span class="count numeric">{featured.value.length}</span>
        </h2>
        <button
          type="button"
          class="button button-small"
          aria-keyshortcuts={singleKeysOn.value ? 'N' : undefined}
          onClick={() => {
            sheet.value = { what: 'add' };
          }}
        >
          <Icon name="plus" size={18} />
          {catalogue('newItem')}
          <KeyHint letter="N" />
        </button>
      </div>
      <NextButton />
      {featured.value.length === 0 ? (
        <p class="panel-empty">
          {cockpit('noItems')} <a href={href('lives', live.value?.liveId)}>{cockpit('addItems')}</a>
        </p>
      ) : (
        <ul class="panel-list">
          {featured.value.map((entry) => (
            <ItemRow key={entry.itemId} entry={entry} />
          ))}
        </ul>
      )}
    </section>
  );
}

/** Says what comes next before it is pressed, so that nothing comes as a surprise. */
export function NextButton() {
  const next = nextUp.value;
  if (featured.value.length === 0) return null;
  return (
    <button
      type="button"
      class="next-up"
      disabled={next === null}
      aria-keyshortcuts={singleKeysOn.value ? 'Space' : undefined}
      onClick={() => void pinNext()}
    >
      {next === null ? (
        <span>{cockpit('noNext')}</span>
      ) : (
        <>
          <span class="next-what">
            <span>{cockpit('next')}</span>
            <b>
              {next.details.value.code} <span class="next-name">{next.details.value.name}</span>
            </b>
          </span>
          <Icon name="arrow" />
          {singleKeysOn.value && (
            <span class="key" aria-hidden="true">
              {cockpit('space')}
            </span>
          )}
        </>
      )}
    </button>
  );
}

/** One featured item in the list: enough to read at a glance; a tap brings it into the big panel. */
function ItemRow({ entry }: { entry: ItemEntry }) {
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
