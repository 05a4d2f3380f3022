import { announce } from '../../shared/announce.js';
import { Icon } from '../../shared/Icon.js';
import type { ItemEntry } from '../../shared/stock.js';
import { say } from '../messages.js';
import { stopWaiting, waitedFor, waitFor } from '../waiting.js';

/** Nothing is left: a tap asks to be told when something comes back, another takes that back. */
export function WaitButton({ entry }: { entry: ItemEntry }) {
  const { itemId } = entry;
  const { name } = entry.details.value;
  const waiting = waitedFor.value.has(itemId);
  return (
    <button
      type="button"
      class={`button button-block wait-button${waiting ? ' wait-on' : ''}`}
      aria-pressed={waiting}
      aria-label={say('tellMeItem', { name })}
      onClick={() => {
        if (waiting) return stopWaiting(itemId);
        waitFor(itemId);
        announce(say('willTell', { name }));
      }}
    >
      <Icon name={waiting ? 'check' : 'bell'} size={18} />
      {say('tellMe')}
    </button>
  );
}
