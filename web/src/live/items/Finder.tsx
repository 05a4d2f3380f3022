import { batch, computed, signal, useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from '../../shared/Icon.js';
import { common } from '../../shared/messages.js';
import { bookingsByItem, waitsByItem } from '../me.js';
import { say } from '../messages.js';
import { type Group, groups } from './groups.js';
import { choseByHand } from './guard.js';

/** What the viewer looks for among the rows. */

const words = signal('');
const onlyMine = signal(false);

export function look(change: { words?: string; onlyMine?: boolean }): void {
  choseByHand();
  batch(() => {
    if (change.words !== undefined) words.value = change.words;
    if (change.onlyMine !== undefined) onlyMine.value = change.onlyMine;
  });
}

/** Each word is a part of the name, or the beginning of a code. */
function isFound({ members }: Group, wanted: readonly string[]): boolean {
  return members.some(({ details }) => {
    const name = details.value.name.toLowerCase();
    const code = details.value.code.toLowerCase();
    return wanted.every((word) => name.includes(word) || code.startsWith(word));
  });
}

function isMine({ members }: Group): boolean {
  return members.some(
    ({ itemId }) => bookingsByItem.value.has(itemId) || waitsByItem.value.has(itemId),
  );
}

/** In the host's order, always. */
export const found = computed<readonly Group[]>(() => {
  const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0 && !onlyMine.value) return groups.value;
  return groups.value.filter(
    (group) => isFound(group, wanted) && (!onlyMine.value || isMine(group)),
  );
});

/** Brings the row into view, and the focus to it. */
function jumpTo(key: string): void {
  look({ words: '', onlyMine: false });
  requestAnimationFrame(() => {
    const row = document.getElementById(`row-${key}`);
    row?.scrollIntoView({ block: 'center' });
    row?.focus({ preventScroll: true });
  });
}

/** One line to find a row by: words, what is one's own, or the code that was said on camera. */
export function Finder() {
  const searching = useSignal(words.peek() !== '');
  return (
    <search class="finder">
      {searching.value ? (
        <WordsField
          onClose={() => {
            searching.value = false;
            look({ words: '' });
          }}
        />
      ) : (
        <>
          <button
            type="button"
            class="icon-button"
            aria-label={say('search')}
            onClick={() => {
              searching.value = true;
            }}
          >
            <Icon name="search" />
          </button>
          <button
            type="button"
            class="finder-mine"
            aria-pressed={onlyMine.value}
            onClick={() => look({ onlyMine: !onlyMine.peek() })}
          >
            {say('onlyMine')}
          </button>
          <Codes />
        </>
      )}
    </search>
  );
}

function WordsField({ onClose }: { onClose: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  // Before anything is typed.
  useLayoutEffect(() => input.current?.focus(), []);
  return (
    <>
      <input
        ref={input}
        class="input finder-words"
        type="search"
        enterKeyHint="search"
        aria-label={say('searchFor')}
        placeholder={say('searchFor')}
        value={words.value}
        onInput={(event) => look({ words: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onClose();
        }}
      />
      <button type="button" class="icon-button" aria-label={common('close')} onClick={onClose}>
        <Icon name="close" />
      </button>
    </>
  );
}

/** The codes as they are said on camera; a tap brings the row into view. */
function Codes() {
  return (
    <nav class="codes" aria-label={say('codes')}>
      {groups.value.flatMap(({ key, members }) =>
        members.map(({ itemId, details }) => (
          <button key={itemId} type="button" class="code" onClick={() => jumpTo(key)}>
            {details.value.code}
          </button>
        )),
      )}
    </nav>
  );
}
