import { useComputed } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { common } from '../../shared/messages.js';
import { say } from '../messages.js';
import { arrival, live } from '../state.js';
import { Finder, found, look } from './Finder.js';
import { groups } from './groups.js';
import { rowsMoved } from './guard.js';
import { ItemRow } from './ItemRow.js';

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
