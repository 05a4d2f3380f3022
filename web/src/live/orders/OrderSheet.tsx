import { useComputed } from '@preact/signals';
import type { Order } from '../../../../src/protocol/order.js';
import { dateTime, rupiah } from '../../shared/format.js';
import { Icon } from '../../shared/Icon.js';
import { orders } from '../me.js';
import { buy } from '../purchaseMessages.js';
import { Sheet } from '../Sheet.js';
import { openSheet } from '../sheets.js';
import { Totals } from '../Totals.js';
import { BankTransfer } from './BankTransfer.js';
import { CancelOrder } from './CancelOrder.js';
import { OrderBadge } from './OrderBadge.js';
import { orderCode } from './orderCode.js';
import { QrisPayment } from './QrisPayment.js';

/** One order: how to pay it while it can be paid, and how it ended after. It changes by itself. */
export function OrderSheet({ orderId }: { orderId: string }) {
  const order = useComputed(() => orders.value.find((other) => other.orderId === orderId)).value;
  return (
    <Sheet
      title={buy('orderCode', { order: orderCode(orderId) })}
      onBack={{ label: buy('orders'), go: () => openSheet({ kind: 'orders' }) }}
      topic={`${order?.status} ${order?.payment?.paymentId}`}
    >
      {order !== undefined && (
        <>
          {order.status === 'awaiting_payment' ? (
            <Payment order={order} />
          ) : (
            <Ending order={order} />
          )}
          <Totals {...order} />
          {order.status === 'awaiting_payment' && <CancelOrder order={order} />}
        </>
      )}
    </Sheet>
  );
}

function Payment({ order }: { order: Order }) {
  return order.payment?.method === 'bank_transfer' ? (
    <BankTransfer order={order} />
  ) : (
    <QrisPayment order={order} />
  );
}

function Ending({ order }: { order: Order }) {
  if (order.status === 'paid') {
    return (
      <div class="paid" role="status">
        <span class="paid-mark">
          <Icon name="check" size={44} />
        </span>
        <h3>{buy('paidTitle')}</h3>
        <p class="muted">{buy('paidText', { time: dateTime(order.paidAt ?? order.createdAt) })}</p>
      </div>
    );
  }
  return (
    <div class="ending" role="status">
      <OrderBadge status={order.status} />
      <p>{endingText(order)}</p>
    </div>
  );
}

function endingText(order: Order): string {
  if (order.status === 'needs_refund') return buy('refundText', { total: rupiah(order.total) });
  if (order.status === 'refunded') return buy('refundedText');
  return buy(order.status === 'cancelled' ? 'cancelledText' : 'expiredText');
}
