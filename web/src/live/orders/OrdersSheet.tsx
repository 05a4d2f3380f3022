import type { Order } from '../../../../src/protocol/order.js';
import { Countdown } from '../../shared/clock.js';
import { dateTime, rupiah, time } from '../../shared/format.js';
import { Icon } from '../../shared/Icon.js';
import { DeviceLink } from '../account/DeviceLink.js';
import { payBy } from '../me.js';
import { Sheet } from '../Sheet.js';
import { Refusal, useStep } from '../sheetParts.js';
import { openSheet } from '../sheets.js';
import { pay } from './messages.js';
import { allOrders, hasOlder, loadOlder } from './older.js';
import { fulfilmentText, OrderBadge } from './Progress.js';

export function OrdersSheet() {
  return (
    <Sheet title={pay('orders')}>
      {allOrders.value.length === 0 && !hasOlder.value ? (
        <div class="empty">
          <Icon name="receipt" size={40} />
          <h3>{pay('noOrders')}</h3>
          <p class="muted">{pay('noOrdersText')}</p>
        </div>
      ) : (
        <ul class="rows">
          {allOrders.value.map((order) => (
            <OrderRow key={order.orderId} order={order} />
          ))}
        </ul>
      )}
      {hasOlder.value && <Older />}
      {allOrders.value.length > 0 && <DeviceLink />}
    </Sheet>
  );
}

function Older() {
  const { busy, error, run } = useStep(loadOlder);
  return (
    <>
      <button type="button" class="button button-block" disabled={busy.value} onClick={() => run()}>
        {pay('olderOrders')}
      </button>
      <Refusal error={error.value} />
    </>
  );
}

function OrderRow({ order }: { order: Order }) {
  const unpaid = order.status === 'awaiting_payment';
  const units = order.lines.reduce((sum, line) => sum + line.quantity, 0);
  return (
    <li class="order-row">
      <div class="order-head">
        <h3>{pay('orderCode', { order: order.code })}</h3>
        <OrderBadge order={order} />
      </div>
      <p class="small muted numeric">
        {dateTime(order.createdAt)} · {pay('units', { count: units })}
      </p>
      {unpaid && order.payment?.claimedAt !== undefined && (
        <p class="small">{pay('claimed', { time: time(order.payment.claimedAt) })}</p>
      )}
      {order.status === 'paid' && (
        <p class="small">
          {fulfilmentText(order, order.fulfilment)}
          {order.tracking !== undefined && ` · ${pay('tracking')} ${order.tracking}`}
          {order.invoiceNumber !== undefined && (
            <span class="muted"> · {pay('invoiceNumber', { number: order.invoiceNumber })}</span>
          )}
        </p>
      )}
      <p class="small">{order.lines.map((line) => line.name).join(', ')}</p>
      <div class="order-foot">
        <strong class="numeric">{rupiah(order.total)}</strong>
        <button
          type="button"
          class={`button${unpaid ? ' button-primary' : ''}`}
          aria-label={unpaid ? undefined : pay('seeOrder', { order: order.code })}
          onClick={() => openSheet({ kind: 'order', orderId: order.orderId })}
        >
          {unpaid ? (
            <>
              {pay('payNow')} <Countdown until={payBy(order)} />
            </>
          ) : (
            <Icon name="arrow" size={18} />
          )}
        </button>
      </div>
    </li>
  );
}
