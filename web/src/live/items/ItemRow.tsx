import { rupiah } from '../../shared/format.js';
import { ItemPicture } from '../../shared/ItemPicture.js';
import type { ItemEntry } from '../../shared/stock.js';
import { say } from '../messages.js';
import { openSheet } from '../sheets.js';
import { live } from '../state.js';
import { justReleased } from '../waiting.js';
import { ActionButton } from './ActionButton.js';
import { Chips } from './Chips.js';
import { chosenOf, type Group, pick } from './groups.js';
import { StateLine } from './StateLine.js';

/** A thing of the live in a row of a fixed height; its variants, if it has any, are chips below. */
export function ItemRow({ group }: { group: Group }) {
  const chosen = chosenOf(group);
  const shown = chosen ?? group.members[0];
  if (shown === undefined) return null;
  const pinnedId = live.value?.pinnedItemId;
  const isPinned = group.members.some(({ itemId }) => itemId === pinnedId);
  const isBack = group.members.some(({ itemId }) => justReleased(itemId).value > 0);
  const marks = `${isPinned ? ' item-pinned' : ''}${isBack ? ' item-released' : ''}`;
  return (
    <li class={`item${marks}`} id={`row-${group.key}`} tabIndex={-1}>
      <article aria-labelledby={`name-${group.key}`}>
        <div class="item-row">
          <Facts group={group} shown={shown} isChosen={chosen !== undefined} />
          {chosen === undefined ? (
            <button
              type="button"
              class="button action book-button"
              aria-label={say('chooseOf', { name: group.name })}
              onClick={() => openSheet({ kind: 'item', itemId: shown.itemId })}
            >
              {say('choose')}
            </button>
          ) : (
            <ActionButton entry={chosen} class="book-button" moves />
          )}
        </div>
        {group.members.length > 1 && (
          <Chips group={group} chosen={chosen?.itemId} onPick={(itemId) => pick(group, itemId)} />
        )}
      </article>
    </li>
  );
}

/** Picture, name, price and state; a tap shows all there is to know. */
function Facts({ group, shown, isChosen }: { group: Group; shown: ItemEntry; isChosen: boolean }) {
  const details = shown.details.value;
  return (
    <button
      type="button"
      class="item-facts"
      onClick={() => openSheet({ kind: 'item', itemId: shown.itemId })}
    >
      <span class="item-picture">
        <ItemPicture details={details} />
        {/* The generated picture shows the code large; readers need it either way. */}
        <span class={details.imageUrl === undefined ? 'visually-hidden' : 'item-code'}>
          {details.code}
        </span>
      </span>
      <span class="item-text">
        <span class="item-name" id={`name-${group.key}`}>
          {group.name}
        </span>
        <span class="item-price numeric">{isChosen ? rupiah(details.price) : priceOf(group)}</span>
        {isChosen ? <StateLine entry={shown} /> : <GroupStock group={group} />}
      </span>
    </button>
  );
}

function priceOf({ members }: Group): string {
  const prices = members.map(({ details }) => details.value.price);
  const [least, most] = [Math.min(...prices), Math.max(...prices)];
  return least === most ? rupiah(least) : `${rupiah(least)} – ${rupiah(most)}`;
}

/** Of all variants together, while none is chosen. */
function GroupStock({ group }: { group: Group }) {
  const left = group.members
    .filter(({ details }) => details.value.open)
    .reduce((sum, { stock }) => sum + stock.value.available, 0);
  const tone = left > 0 ? 'available' : 'held';
  return (
    <span class={`stock numeric stock-${tone}`}>
      {say('variants', { count: group.members.length })} · {say('available', { count: left })}
    </span>
  );
}
