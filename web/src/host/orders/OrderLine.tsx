import type { ComponentChildren } from 'preact';
import type { Order } from '../../../../src/protocol/order.js';
import { Countdown } from '../../shared/Countdown.js';
import { dateTime, rupiah } from '../../shared/format.js';
import { parcels } from '../messages/parcels.js';
import { trade } from '../messages/trade.js';
import { transfersWords } from '../messages/transfers.js';
import { nameOf } from '../people.js';
import { handleRowKeys, ROW_CHECK, type RowKeys } from '../ui/rowKeys.js';
import { amountDue } from './amounts.js';
import { StatusBadge } from './StatusBadge.js';
import { FULFILMENT_TONES } from './statuses.js';
import { isRefundDue } from './waiting.js';

/** One order in a list, with a checkbox to choose it. */
export function OrderLine({
  order,
  isChosen,
  onChoose,
  onLook,
  keys,
  children,
}: {
  order: Order;
  isChosen: boolean;
  onChoose: () => void;
  onLook: () => void;
  keys: RowKeys;
  /** What is special about it in this list. */
  children?: ComponentChildren;
}) {
  const goods = order.lines.map((line) => `${line.quantity}× ${line.name}`).join(', ');
  const viewer = nameOf(order.viewerId);
  const amount = rupiah(amountDue(order));
  return (
    <li
      class={`line order-line card${isRefundDue(order) ? ' line-alarm' : ''}`}
      data-order={order.orderId}
    >
      <label class="row-choice">
        <input
          type="checkbox"
          class={ROW_CHECK}
          checked={isChosen}
          onChange={onChoose}
          onKeyDown={(event) => handleRowKeys(event, keys)}
          aria-label={transfersWords('choose', { code: order.code, viewer, amount })}
        />
      </label>
      <div class="line-what">
        <h2 class="line-name">
          {viewer} <span class="badge order-code">{order.code}</span> <StatusBadge order={order} />{' '}
          {order.status === 'paid' && (
            <span class={`badge ${FULFILMENT_TONES[order.fulfilment]}`}>
              {parcels(`fulfilment_${order.fulfilment}`)}
            </span>
          )}
        </h2>
        {children}
        <p class="order-goods">{goods}</p>
        <p class="muted small">
          {dateTime(order.createdAt)} · {trade(`method_${order.payment?.method ?? 'none'}`)}
          {order.recipient !== undefined && ` · ${order.recipient.name}`}
          {order.status === 'awaiting_payment' && (
            <>
              {' · '}
              <Countdown until={order.expiresAt} />
            </>
          )}
        </p>
      </div>
      <p class="order-total numeric">{amount}</p>
      <div class="line-actions">
        <button
          type="button"
          class="button"
          aria-label={trade('detailOf', { id: order.code })}
          onClick={onLook}
        >
          {trade('detail')}
        </button>
      </div>
    </li>
  );
}
