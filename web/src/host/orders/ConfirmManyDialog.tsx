import { useSignal } from '@preact/signals';
import type { Order } from '../../../../src/protocol/order.js';
import { rupiah } from '../../shared/format.js';
import type { CommandError } from '../../shared/messages.js';
import { hostErrorText } from '../messages/errors.js';
import { transfersWords as words } from '../messages/transfers.js';
import { api, patiently } from '../state/api.js';
import { nameOf } from '../state/people.js';
import { amountDue, noteOrderWaiting, type SameAmounts, waitingOrder } from '../state/waiting.js';
import { Dialog, SubmitForm } from '../ui/Dialog.js';
import { Icon } from '../ui/Icon.js';

/** Asks once for all transfers that are chosen, confirms them, and shows in one place what became of each. */
export function ConfirmManyDialog({
  orders,
  same,
  onDone,
  onClose,
}: {
  orders: readonly Order[];
  same: SameAmounts;
  /** Those that are settled, one way or another. */
  onDone: (orderIds: string[]) => void;
  onClose: () => void;
}) {
  const done = useSignal<number | null>(null);
  const results = useSignal<readonly Confirmed[] | null>(null);
  const confirm = async () => {
    done.value = 0;
    const confirmed = await confirmMany(orders, (count) => {
      done.value = count;
    });
    results.value = confirmed;
    const settled = confirmed.filter(({ outcome }) => outcome !== 'failed');
    onDone(settled.map(({ order }) => order.orderId));
    return null;
  };
  const count = orders.length;
  const close = () => {
    const isRunning = done.peek() !== null && results.peek() === null;
    if (!isRunning) onClose();
  };
  return results.value === null ? (
    <Dialog title={words('askTitle', { count })} onClose={close}>
      <SubmitForm
        yes={done.value === null ? words('yes') : words('progress', { done: done.value, count })}
        no={words('no')}
        focusYes
        submit={confirm}
        onClose={close}
      >
        <Question orders={orders} same={same} />
      </SubmitForm>
    </Dialog>
  ) : (
    <Dialog title={words('doneTitle')} onClose={close}>
      <div class="dialog-body">
        <Summary results={results.value} />
      </div>
      <div class="dialog-foot">
        <BackButton onClose={onClose} />
      </div>
    </Dialog>
  );
}

/** Takes the focus over from the button that it stands in for. */
function BackButton({ onClose }: { onClose: () => void }) {
  return (
    <button
      type="button"
      class="button button-primary"
      ref={(button) => button?.focus()}
      onClick={onClose}
    >
      {words('back')}
    </button>
  );
}

function Question({ orders, same }: { orders: readonly Order[]; same: SameAmounts }) {
  const total = orders.reduce((sum, order) => sum + amountDue(order), 0);
  return (
    <>
      <p class="big-money numeric">{rupiah(total)}</p>
      <p>{words('askLead')}</p>
      {orders.some((order) => same.has(amountDue(order))) && (
        <p class="alarm">
          <Icon name="alert" />
          {words('askSame')}
        </p>
      )}
      <table class="totals-table numeric">
        <tbody>
          {orders.map((order) => (
            <tr key={order.orderId}>
              <th scope="row">
                {order.code} <span class="muted">{nameOf(order.viewerId)}</span>
                {same.has(amountDue(order)) && <Icon name="alert" size={16} />}
              </th>
              <td>{rupiah(amountDue(order))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Summary({ results }: { results: readonly Confirmed[] }) {
  const of = (outcome: Confirmed['outcome']) =>
    results.filter((result) => result.outcome === outcome);
  const codes = (outcome: Confirmed['outcome']) =>
    of(outcome)
      .map(({ order }) => order.code)
      .join(', ');
  const paid = of('paid');
  const total = paid.reduce((sum, { order }) => sum + amountDue(order), 0);
  return (
    <div class="confirm-summary" role="status">
      <p class="confirm-paid">{words('paid', { count: paid.length, total: rupiah(total) })}</p>
      {(['already', 'over', 'gone'] as const).map(
        (outcome) => codes(outcome) !== '' && <p>{words(outcome, { codes: codes(outcome) })}</p>,
      )}
      {of('failed').map(({ order, error }) => (
        <p key={order.orderId} class="field-error">
          {words('failed', { code: order.code, why: error ? hostErrorText(error) : '' })}
        </p>
      ))}
      {of('failed').length > 0 && <p>{words('failedKept')}</p>}
    </div>
  );
}

/** What became of one transfer: `already` by somebody else, `over` when the order had ended, `gone` when its stock had. */
interface Confirmed {
  order: Order;
  outcome: 'paid' | 'already' | 'over' | 'gone' | 'failed';
  error?: CommandError;
}

/** At once: more would only queue in the server. */
const WORKERS = 4;

/** Confirms each transfer by itself, so that one that cannot be confirmed keeps no other back. */
async function confirmMany(
  orders: readonly Order[],
  onProgress: (done: number) => void,
): Promise<Confirmed[]> {
  const left = [...orders];
  const confirmed: Confirmed[] = [];
  const work = async () => {
    for (let order = left.shift(); order !== undefined; order = left.shift()) {
      confirmed.push(await confirmOne(order));
      onProgress(confirmed.length);
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  return confirmed;
}

async function confirmOne(order: Order): Promise<Confirmed> {
  // News may have come since it was chosen; a confirmation of what has ended would be late money.
  const isOpen = waitingOrder(order.orderId)?.status === 'awaiting_payment';
  const outcome = await (isOpen
    ? patiently(() => api.confirmPayment(order.orderId))
    : api.order(order.orderId));
  if (!outcome.ok) return { order, outcome: 'failed', error: outcome.error };
  const now = outcome.data.order;
  noteOrderWaiting(now);
  if (now.status === 'paid') return { order: now, outcome: isOpen ? 'paid' : 'already' };
  return { order: now, outcome: now.status === 'needs_refund' ? 'gone' : 'over' };
}
