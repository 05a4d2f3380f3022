import type { Order } from '../../../../src/protocol/order.js';
import { Countdown } from '../../shared/Countdown.js';
import { dateTime, rupiah } from '../../shared/format.js';
import { Icon } from '../../shared/Icon.js';
import { orders } from '../me.js';
import { buy } from '../purchaseMessages.js';
import { Sheet } from '../Sheet.js';
import { openSheet } from '../sheets.js';
import { OrderBadge } from './OrderBadge.js';
import { orderCode } from './orderCode.js';

export function OrdersSheet() {
  return (
    <Sheet title={buy('orders')}>
      {orders.value.length === 0 ? (
        <div class="empty">
          <Icon name="receipt" size={40} />
          <h3>{buy('noOrders')}</h3>
          <p class="muted">{buy('noOrdersText')}</p>
        </div>
      ) : (
        <ul class="rows">
          {orders.value.map((order) => (
            <OrderRow key={order.orderId} order={order} />
          ))}
        </ul>
      )}
    </Sheet>
  );
}

function OrderRow({ order }: { order: Order }) {
  const unpaid = order.status === 'awaiting_payment';
  const units = order.lines.reduce((sum, line) => sum + line.quantity, 0);
  return (
    <li class="order-row">
      <div class="order-head">
        <h3>{buy('orderCode', { order: orderCode(order.orderId) })}</h3>
        <OrderBadge status={order.status} />
      </div>
      <p class="small muted numeric">
        {dateTime(order.createdAt)} · {buy('units', { count: units })}
      </p>
      <p class="small">{order.lines.map((line) => line.name).join(', ')}</p>
      <div class="order-foot">
        <strong class="numeric">{rupiah(order.total)}</strong>
        <button
          type="button"
          class={`button${unpaid ? ' button-primary' : ''}`}
          aria-label={unpaid ? undefined : buy('seeOrder', { order: orderCode(order.orderId) })}
          onClick={() => openSheet({ kind: 'order', orderId: order.orderId })}
        >
          {unpaid ? (
            <>
              {buy('payNow')} <Countdown until={order.payment?.expiresAt ?? order.expiresAt} />
            </>
          ) : (
            <Icon name="arrow" size={18} />
          )}
        </button>
      </div>
    </li>
  );
}
