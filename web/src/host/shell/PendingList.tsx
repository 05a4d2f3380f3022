import { tick } from '../../shared/clock.js';
import { shell } from '../messages/shell.js';
import { pending, undo } from '../pending.js';
import { KeyHint } from '../ui/KeyHint.js';

/** What is about to happen, with the seconds left to undo it. It is said once; the seconds are only shown. */
export function PendingList() {
  return (
    <section class="pending" aria-label={shell('pendingRegion')}>
      {pending.value.map((one) => (
        <div key={one.key} class="pending-one" data-pending={one.key}>
          <p>
            <span role="alert" class="visually-hidden">
              {shell('undoIn', { what: one.what, seconds: 5 })}
            </span>
            <span aria-hidden="true">
              <Seconds what={one.what} dueAt={one.dueAt} />
            </span>
          </p>
          <button type="button" class="button button-primary" onClick={() => undo(one.key)}>
            {shell('undo')}
            <KeyHint letter="Z" />
          </button>
        </div>
      ))}
    </section>
  );
}

function Seconds({ what, dueAt }: { what: string; dueAt: number }) {
  const seconds = Math.max(0, Math.ceil((dueAt - tick.value) / 1_000));
  return <>{shell('undoIn', { what, seconds })}</>;
}
