import type { Order } from '../../../../src/protocol/order.js';
import { Countdown } from '../../shared/Countdown.js';
import { dateTime, rupiah } from '../../shared/format.js';
import { trade } from '../messages/trade.js';
import { nameOf } from '../people.js';
import { STATUS_TONES } from './statuses.js';

export function OrderLine({ order, onLook }: { order: Order; onLook: () => void }) {
  const goods = order.lines.map((line) => `${line.quantity}× ${line.name}`).join(', ');
  return (
    <li
      class={`line order-line card${order.status === 'needs_refund' ? ' line-alarm' : ''}`}
      data-order={order.orderId}
    >
      <div class="line-what">
        <h2 class="line-name">
          {nameOf(order.viewerId)}{' '}
          <span class={`badge ${STATUS_TONES[order.status]}`}>
            {trade(`status_${order.status}`)}
          </span>
        </h2>
        <p class="order-goods">{goods}</p>
        <p class="muted small">
          {dateTime(order.createdAt)} · {trade(`method_${order.payment?.method ?? 'none'}`)}
          {order.status === 'awaiting_payment' && (
            <>
              {' · '}
              <Countdown until={order.expiresAt} />
            </>
          )}
        </p>
      </div>
      <p class="order-total numeric">{rupiah(order.total)}</p>
      <div class="line-actions">
        <button
          type="button"
          class="button"
          aria-label={trade('detailOf', { id: order.orderId })}
          onClick={onLook}
        >
          {trade('detail')}
        </button>
      </div>
    </li>
  );
}
