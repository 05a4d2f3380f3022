import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { AnswerOf } from '../../../../src/client/index.js';
import { number } from '../../shared/format.js';
import { api } from '../api.js';
import { gather } from '../gather.js';
import { bookings as words } from '../messages/bookings.js';
import { remember } from '../people.js';
import { Reputation } from '../ui/Reputation.js';
import { stock } from './room.js';

type Waiting = AnswerOf<'GET /items/:id/waitlist'>['items'];

const SHOWN = 100;
/** The line is asked for anew at most so often. */
const ASK_EVERY_MS = 1_000;

/** Who waits for the item, in the order in which units that come free go to them. */
export function WaitingLine({ itemId }: { itemId: string }) {
  const line = useSignal<Waiting>([]);
  const view = stock.get(itemId)?.stock;
  const waiting = view?.value.waiting ?? 0;
  const ask = useMemo(
    () =>
      gather(ASK_EVERY_MS, () => {
        void api.waitlist(itemId, { limit: SHOWN }).then((outcome) => {
          if (!outcome.ok) return;
          remember(...outcome.data.items.map((entry) => entry.viewer));
          line.value = outcome.data.items;
        });
      }),
    [itemId, line],
  );
  const heard = useSignal('');
  useSignalEffect(() => {
    const { waiting: count = 0, head = 0 } = view?.value ?? {};
    const now = `${count} ${head}`;
    if (now === heard.peek()) return;
    const isFirst = heard.peek() === '';
    heard.value = now;
    if (count === 0) line.value = [];
    else if (isFirst) ask.now();
    else ask.soon();
  });
  useEffect(() => ask.stop, [ask]);
  if (waiting === 0) return <p class="line-none muted small">{words('noLine')}</p>;
  return (
    <>
      <h3 class="line-title">
        {words('line')} <span class="count numeric">{number(waiting)}</span>
      </h3>
      <ol class="waiting-list">
        {line.value.map((entry, index) => (
          <li key={entry.entryId} class="winner waiting-row" data-entry={entry.entryId}>
            <span class="winner-place numeric">{index + 1}.</span>
            <span class="winner-who">
              <span class="winner-name">{entry.viewer.name}</span>
              <span class="winner-facts">
                <Reputation value={entry.viewer.reputation} />
              </span>
            </span>
            <b class="winner-quantity numeric">{entry.quantity}×</b>
          </li>
        ))}
      </ol>
      {waiting > line.value.length && line.value.length === SHOWN && (
        <p class="panel-more">{words('lineMore', { count: waiting - SHOWN })}</p>
      )}
    </>
  );
}
