import { useSignal } from '@preact/signals';
import type { Order } from '../../../../src/protocol/order.js';
import { rupiah } from '../../shared/format.js';
import { Icon } from '../../shared/Icon.js';
import { hostErrorText } from '../messages/errors.js';
import { transfersWords as words } from '../messages/transfers.js';
import { nameOf } from '../people.js';
import { Dialog } from '../ui/Dialog.js';
import { amountDue, type SameAmounts } from './amounts.js';
import { type Confirmed, confirmMany } from './confirming.js';

/** Asks once for all transfers that are chosen, confirms them, and tells in one place what became of each. */
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
  };
  const count = orders.length;
  const isRunning = done.value !== null && results.value === null;
  return (
    <Dialog
      title={results.value === null ? words('askTitle', { count }) : words('doneTitle')}
      onClose={() => {
        if (!isRunning) onClose();
      }}
    >
      <div class="dialog-body">
        {results.value === null ? (
          <Question orders={orders} same={same} />
        ) : (
          <Summary results={results.value} />
        )}
      </div>
      <div class="dialog-foot">
        {results.value === null ? (
          <>
            <button type="button" class="button" disabled={isRunning} onClick={onClose}>
              {words('no')}
            </button>
            <button
              type="button"
              class="button button-primary"
              data-autofocus
              aria-disabled={isRunning}
              // The Enter that opened the window may still be held down.
              onKeyDown={(event) => {
                if (event.repeat) event.preventDefault();
              }}
              onClick={() => {
                if (!isRunning) void confirm();
              }}
            >
              {done.value === null ? words('yes') : words('progress', { done: done.value, count })}
            </button>
          </>
        ) : (
          <BackButton onClose={onClose} />
        )}
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
