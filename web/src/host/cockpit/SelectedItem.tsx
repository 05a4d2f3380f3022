import type { ComponentChildren } from 'preact';
import { rupiah } from '../../shared/format.js';
import { Icon } from '../../shared/Icon.js';
import { Placeholder } from '../../shared/placeholder.js';
import type { ItemEntry } from '../../shared/stock.js';
import { cockpit } from '../messages/cockpit.js';
import { shell } from '../messages/shell.js';
import { isPending, undo } from '../pending.js';
import { singleKeysOn } from '../prefs.js';
import { Glyph } from '../ui/Glyph.js';
import { KeyHint } from '../ui/KeyHint.js';
import { closeKey, toggleOpen, togglePin } from './actions.js';
import { BucketNumbers } from './BucketNumbers.js';
import { live } from './room.js';
import { StockBar } from './StockBar.js';
import { openSheet } from './selection.js';

/** The item in hand: numbers to read at arm's length and four buttons in reach of a thumb. */
export function SelectedItem({ entry }: { entry: ItemEntry }) {
  const { itemId, code, name, price, imageUrl } = entry.details.value;
  return (
    <section class="selected card" aria-label={name}>
      <div class="selected-head">
        <div class="selected-picture">
          {imageUrl === undefined ? (
            <Placeholder itemId={itemId} code={code} />
          ) : (
            <img src={imageUrl} alt="" />
          )}
        </div>
        <div class="selected-what">
          <p class="selected-name">
            <span class="selected-code">{code}</span> {name}
          </p>
          <p class="selected-price numeric">{rupiah(price)}</p>
        </div>
      </div>
      <SelectedStock entry={entry} />
      <SelectedActions entry={entry} />
    </section>
  );
}

function SelectedStock({ entry }: { entry: ItemEntry }) {
  const stock = entry.stock.value;
  return (
    <div class="selected-stock">
      <BucketNumbers stock={stock} large />
      <StockBar stock={stock} />
    </div>
  );
}

function SelectedActions({ entry }: { entry: ItemEntry }) {
  const item = entry.details.value;
  const pinned = live.value?.pinnedItemId === item.itemId;
  const closing = isPending(closeKey(item.itemId));
  return (
    <div class="selected-actions">
      <Action letter="P" pressed={pinned} run={() => void togglePin(item)}>
        <Icon name="pin" />
        <span>{cockpit(pinned ? 'unpin' : 'pin')}</span>
      </Action>
      {closing ? (
        <Action letter="Z" urgent run={() => undo(closeKey(item.itemId))}>
          <Glyph name="undo" />
          <span>{shell('undo')}</span>
        </Action>
      ) : (
        <Action letter="O" run={() => toggleOpen(item)}>
          <Icon name={item.open ? 'lock' : 'check'} />
          <span>{cockpit(item.open ? 'close' : 'open')}</span>
        </Action>
      )}
      <Action letter="R" run={() => openSheet('restock')}>
        <Icon name="plus" />
        <span>{cockpit('restock')}</span>
      </Action>
      <Action letter="H" run={() => openSheet('price')}>
        <Glyph name="tag" />
        <span>{cockpit('price')}</span>
      </Action>
    </div>
  );
}

function Action({
  letter,
  pressed,
  urgent = false,
  run,
  children,
}: {
  letter: string;
  pressed?: boolean;
  urgent?: boolean;
  run: () => void;
  children: ComponentChildren;
}) {
  return (
    <button
      type="button"
      class={`action${pressed === true ? ' action-on' : ''}${urgent ? ' action-urgent' : ''}`}
      aria-keyshortcuts={singleKeysOn.value ? letter : undefined}
      onClick={run}
    >
      {children}
      <KeyHint letter={letter} />
    </button>
  );
}
