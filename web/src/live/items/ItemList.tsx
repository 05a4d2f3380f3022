import { useComputed } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { rupiah } from '../../shared/format.js';
import { ItemPicture } from '../../shared/ItemPicture.js';
import { common } from '../../shared/messages.js';
import type { ItemEntry } from '../../shared/stock.js';
import { justReleased } from '../booking.js';
import { say } from '../messages.js';
import { openSheet } from '../sheets.js';
import { arrival, live } from '../state.js';
import { ActionButton } from './ActionButton.js';
import { Finder, found, look } from './Finder.js';
import { chosenOf, type Group, groups, pick } from './groups.js';
import { rowsMoved } from './guard.js';
import { Chips, StateLine } from './ItemParts.js';

/** From so many rows on it takes more than a glance to find one. */
const MANY = 6;

/** The live's items in the host's order, which nothing changes: not what is pinned, not what is sold. */
export function ItemList() {
  const rows = found.value;
  const all = groups.value;
  useRowsMoved(rows.map(({ key, members }) => (members.length > 1 ? `${key}+` : key)));
  return (
    <section class="items" id="items" aria-labelledby="items-title" tabIndex={-1}>
      <h2 id="items-title" class="visually-hidden">
        {say('items')}
      </h2>
      {all.length > MANY && <Finder />}
      {rows.length > 0 && (
        <ul class="item-rows">
          {rows.map((group) => (
            <ItemRow key={group.key} group={group} />
          ))}
        </ul>
      )}
      {rows.length === 0 && <NoRows isEmpty={all.length === 0} />}
    </section>
  );
}

function NoRows({ isEmpty }: { isEmpty: boolean }) {
  const joining = useComputed(() => arrival.value === 'joining').value;
  if (isEmpty && joining) return <Ghosts />;
  if (isEmpty) return <p class="items-empty muted">{say('noItems')}</p>;
  return (
    <div class="items-empty">
      <p class="muted">{say('nothingFound')}</p>
      <button type="button" class="button" onClick={() => look({ words: '', onlyMine: false })}>
        {say('showAll')}
      </button>
    </div>
  );
}

/** As many rows as a phone shows, until there are some. */
function Ghosts() {
  return (
    <div aria-busy="true">
      <p class="visually-hidden">{common('loading')}</p>
      {Array.from({ length: 6 }, (_, n) => (
        <div key={n} class="item ghost">
          <span class="item-picture" />
        </div>
      ))}
    </div>
  );
}

/** Rows that only got others below them have not moved. */
function useRowsMoved(rows: readonly string[]): void {
  const place = `${live.value?.videoUrl ?? ''}\n${groups.value.length > MANY}\n${rows.join('\n')}\n`;
  const before = useRef({ place, rows: 0 });
  useLayoutEffect(() => {
    if (before.current.rows > 0 && !place.startsWith(before.current.place)) rowsMoved();
    before.current = { place, rows: rows.length };
  }, [place, rows.length]);
}

/** A thing of the live in a row of a fixed height; its variants, if it has any, are chips below. */
function ItemRow({ group }: { group: Group }) {
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
