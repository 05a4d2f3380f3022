import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from '../../shared/Icon.js';
import { common } from '../../shared/messages.js';
import { say } from '../messages.js';
import { jumpTo, look, onlyMine, words } from './find.js';
import { groups } from './groups.js';

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
