import type { ComponentChildren } from 'preact';
import { number, rupiah } from '../../shared/format.js';
import { ItemPicture } from '../../shared/ItemPicture.js';
import type { ItemEntry } from '../../shared/stock.js';
import { StockBar } from '../items/StockBar.js';
import { cockpit } from '../messages/cockpit.js';
import { shell } from '../messages/shell.js';
import { isPending, undo } from '../state/pending.js';
import { singleKeysOn } from '../state/prefs.js';
import { live } from '../state/room.js';
import { Icon } from '../ui/Icon.js';
import { KeyHint } from '../ui/keyboard.js';
import { addStock, closeKey, toggleOpen, togglePin } from './actions.js';
import { isStrayTap, openSheet } from './selection.js';

/** The item on show alone: its stock in digits for across the studio, and what the seller does to it while talking. */
export function OnShow({ entry }: { entry: ItemEntry }) {
  const { itemId, code, name, price, open } = entry.details.value;
  const pinned = live.value?.pinnedItemId === itemId;
  return (
    <section class="selected card" aria-label={name} data-on-show={itemId}>
      <div class="selected-head">
        <div class="selected-picture">
          <ItemPicture details={entry.details.value} />
        </div>
        <div class="selected-what">
          <h2 class="selected-name">
            <span class="selected-code">{code}</span> {name}
          </h2>
          <p class="selected-sub">
            <span class="selected-price numeric">{rupiah(price)}</span>
            {pinned ? (
              <span class="badge badge-sun">
                <Icon name="pin" size={13} />
                {cockpit('pinned')}
              </span>
            ) : (
              <span class="badge">{cockpit('notPinned')}</span>
            )}
            {!open && (
              <span class="badge">
                <Icon name="lock" size={13} />
                {cockpit('closed')}
              </span>
            )}
          </p>
        </div>
      </div>
      <Stock entry={entry} />
      <Actions entry={entry} pinned={pinned} />
    </section>
  );
}

const REST = ['booked', 'allocated', 'sold'] as const;

function Stock({ entry }: { entry: ItemEntry }) {
  const stock = entry.stock.value;
  return (
    <div class="selected-stock">
      <dl class="on-show-numbers numeric">
        <div
          class={`left${stock.available === 0 ? ' left-none' : ''}`}
          style={{ '--digits': number(stock.available).length }}
        >
          <dt>
            <span class="swatch swatch-available" aria-hidden="true" />
            {cockpit('available')}
          </dt>
          <dd data-bucket="available">{number(stock.available)}</dd>
        </div>
        {REST.map((bucket) => (
          <div key={bucket} class="rest">
            <dt>
              <span class={`swatch swatch-${bucket}`} aria-hidden="true" />
              {cockpit(bucket)}
            </dt>
            <dd data-bucket={bucket}>{number(stock[bucket])}</dd>
          </div>
        ))}
        <div class="rest">
          <dt>{cockpit('waiting')}</dt>
          <dd data-bucket="waiting">{number(stock.waiting)}</dd>
        </div>
      </dl>
      <StockBar stock={stock} />
    </div>
  );
}

function Actions({ entry, pinned }: { entry: ItemEntry; pinned: boolean }) {
  const item = entry.details.value;
  const closing = isPending(closeKey(item.itemId));
  return (
    <div class="selected-actions">
      <Action label={cockpit('addStockOf', { n: 1 })} run={() => void addStock(item, 1)}>
        <b class="action-number numeric">+1</b>
      </Action>
      <Action label={cockpit('addStockOf', { n: 5 })} run={() => void addStock(item, 5)}>
        <b class="action-number numeric">+5</b>
      </Action>
      <Action letter="R" run={() => openSheet('restock')}>
        <Icon name="plus" />
        <span>{cockpit('restock')}</span>
      </Action>
      <Action letter="H" run={() => openSheet('price')}>
        <Icon name="tag" />
        <span>{cockpit('price')}</span>
      </Action>
      {closing ? (
        <Action letter="Z" urgent run={() => undo(closeKey(item.itemId))}>
          <Icon name="undo" />
          <span>{shell('undo')}</span>
        </Action>
      ) : (
        <Action letter="O" run={() => toggleOpen(item)}>
          <Icon name={item.open ? 'lock' : 'check'} />
          <span>{cockpit(item.open ? 'close' : 'open')}</span>
        </Action>
      )}
      <Action letter="P" pressed={pinned} run={() => void togglePin(item)}>
        <Icon name="pin" />
        <span>{cockpit(pinned ? 'unpin' : 'pin')}</span>
      </Action>
      <Action letter="B" wide run={() => openSheet('bookFor')}>
        <Icon name="person" />
        <span>{cockpit('bookFor')}</span>
      </Action>
    </div>
  );
}

function Action({
  letter,
  label,
  pressed,
  urgent = false,
  wide = false,
  run,
  children,
}: {
  letter?: string;
  label?: string;
  pressed?: boolean;
  urgent?: boolean;
  wide?: boolean;
  run: () => void;
  children: ComponentChildren;
}) {
  const classes = [
    'action',
    pressed === true && 'action-on',
    urgent && 'action-urgent',
    wide && 'action-wide',
  ];
  return (
    <button
      type="button"
      class={classes.filter(Boolean).join(' ')}
      aria-label={label}
      aria-keyshortcuts={singleKeysOn.value ? letter : undefined}
      onClick={() => {
        if (!isStrayTap()) run();
      }}
    >
      {children}
      {letter !== undefined && <KeyHint letter={letter} />}
    </button>
  );
}
