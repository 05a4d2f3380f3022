import { number } from '../../shared/format.js';
import type { ItemEntry } from '../../shared/stock.js';
import { waitsByItem } from '../me.js';
import { say } from '../messages.js';
import { current, rules } from '../state.js';
import { useStep } from '../useStep.js';
import { stopWaiting } from '../waiting.js';
import { standingOf } from './standing.js';

/** The viewer's place in the line of an item, what it will bring, and the way out. */
export function YourPlace({ entry }: { entry: ItemEntry }) {
  const waits = waitsByItem.value.get(entry.itemId);
  const standing = standingOf(entry);
  const step = useStep(async () => {
    if (waits !== undefined) await stopWaiting(waits);
    return null;
  });
  if (waits === undefined) return null;
  const minutes = number(rules.value?.waitlistOfferMinutes ?? 0);
  return (
    <div class="confirm">
      <p>
        {standing.kind === 'waiting' && (
          <strong>{say('place', { place: standing.place })}. </strong>
        )}
        {say('placeMeans', { count: waits.quantity, minutes })}
      </p>
      <button
        type="button"
        class="button"
        disabled={!current.value || step.busy.value}
        aria-busy={step.busy.value}
        onClick={() => step.run()}
      >
        {say('leaveLine')}
      </button>
    </div>
  );
}
