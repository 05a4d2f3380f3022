import { useComputed, useSignal } from '@preact/signals';
import type { Order } from '../../../../src/protocol/order.js';
import { dateTime, rupiah } from '../../shared/format.js';
import { Icon } from '../../shared/Icon.js';
import { CancelCost, Totals } from '../Costs.js';
import { cancelOrder } from '../purchase.js';
import { buy } from '../purchaseMessages.js';
import { Sheet } from '../Sheet.js';
import { Refusal, takeFocus, useStep } from '../sheetParts.js';
import { openSheet } from '../sheets.js';
import { current } from '../state.js';
import { BankTransfer } from './BankTransfer.js';
import { pay } from './messages.js';
import { allOrders } from './older.js';
import { isOwed, OrderBadge, Progress } from './Progress.js';
import { QrisPayment } from './QrisPayment.js';

/** One order: how to pay it while it can be paid, then how far it has come. It changes by itself. */
export function OrderSheet({ orderId }: { orderId: string }) {
  const order = useComputed(() => allOrders.value.find((other) => other.orderId === orderId)).value;
  return (
    <Sheet
      title={pay('orderCode', { order: order?.code ?? '' })}
      onBack={{ label: pay('orders'), go: () => openSheet({ kind: 'orders' }) }}
      topic={`${order?.status} ${order?.payment?.paymentId}`}
      isText={order?.status !== 'awaiting_payment'}
    >
      {order === undefined ? <p class="muted">{pay('gone')}</p> : <WholeOrder order={order} />}
    </Sheet>
  );
}

function WholeOrder({ order }: { order: Order }) {
  const isUnpaid = order.status === 'awaiting_payment';
  return (
    <>
      {isUnpaid ? <Payment order={order} /> : <Ending order={order} />}
      {order.refunds !== undefined && <Refunds refunds={order.refunds} />}
      <Totals {...order} />
      <Destination order={order} />
      {isUnpaid && <CancelOrder order={order} />}
    </>
  );
}

function Payment({ order }: { order: Order }) {
  return order.payment?.method === 'bank_transfer' ? (
    <BankTransfer order={order} payment={order.payment} />
  ) : (
    <QrisPayment order={order} />
  );
}

function Ending({ order }: { order: Order }) {
  if (order.status === 'paid') {
    return (
      <>
        <div class="paid" role="status">
          <span class="paid-mark">
            <Icon name="check" size={44} />
          </span>
          <h3>{pay('paidTitle')}</h3>
          <p class="muted">
            {pay(order.fulfilment === 'none' ? 'paidText' : 'paidAlone', {
              time: dateTime(order.paidAt ?? order.createdAt),
            })}
          </p>
        </div>
        <Progress order={order} />
        {order.invoiceNumber !== undefined && (
          <button
            type="button"
            class="button button-block invoice-link"
            onClick={() => openSheet({ kind: 'invoice', orderId: order.orderId })}
          >
            <Icon name="receipt" size={18} />
            {pay('seeInvoice')}
          </button>
        )}
      </>
    );
  }
  return (
    <div class="ending" role="status">
      <OrderBadge order={order} />
      <p>{endingText(order)}</p>
    </div>
  );
}

function endingText(order: Order): string {
  const { status } = order;
  if (isOwed(order)) return pay('owedText');
  if (status === 'needs_refund') return pay('refundText');
  if (status === 'refunded') return pay('refundedText');
  return pay(status === 'cancelled' ? 'cancelledText' : 'expiredText');
}

/** Money that goes back, each with its reason. */
function Refunds({ refunds }: { refunds: NonNullable<Order['refunds']> }) {
  return (
    <section class="refunds">
      <h3>{pay('refundsTitle')}</h3>
      <ul>
        {refunds.map(({ refundId, amount, reason, status }) => (
          <li key={refundId}>
            <p>
              {pay(status === 'open' ? 'refundOpen' : 'refundDone', {
                amount: amount > 0 ? rupiah(amount) : pay('refundUnknown'),
              })}
            </p>
            <p class="small muted">{pay(reason)}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Destination({ order: { delivery, recipient, note } }: { order: Order }) {
  const parts = [recipient?.address, recipient?.district, recipient?.city, recipient?.postalCode];
  return (
    <>
      {recipient !== undefined && (
        <section class="destination">
          <h3>{pay(delivery === 'pickup' ? 'pickupOf' : 'sentTo')}</h3>
          <p>
            <strong>{recipient.name}</strong> <span class="numeric">{recipient.phone}</span>
          </p>
          {delivery === 'ship' && <p class="recipient-place">{parts.filter(Boolean).join(', ')}</p>}
        </section>
      )}
      {note !== undefined && (
        <section class="destination">
          <h3>{pay('yourNote')}</h3>
          <p class="recipient-place">{note}</p>
        </section>
      )}
    </>
  );
}

function CancelOrder({ order }: { order: Order }) {
  const asking = useSignal(false);
  const step = useStep(cancelOrder);
  if (!asking.value) {
    return (
      <button
        type="button"
        class="button button-quiet button-block"
        disabled={!current.value}
        onClick={() => {
          asking.value = true;
        }}
      >
        {pay('cancelOrder')}
      </button>
    );
  }
  return (
    <div class="confirm">
      <h3>{pay('cancelOrderQuestion')}</h3>
      <CancelCost units={order.lines.reduce((sum, line) => sum + line.quantity, 0)} />
      <Refusal error={step.error.value} />
      <div class="confirm-buttons">
        <button
          type="button"
          class="button"
          ref={takeFocus}
          onClick={() => {
            asking.value = false;
          }}
        >
          {buy('keep')}
        </button>
        <button
          type="button"
          class="button button-danger"
          disabled={step.busy.value}
          aria-busy={step.busy.value}
          onClick={() => step.run(order)}
        >
          {pay('confirmCancelOrder')}
        </button>
      </div>
    </div>
  );
}
