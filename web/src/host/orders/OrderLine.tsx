import type { ComponentChildren } from 'preact';
import type { Order } from '../../../../src/protocol/order.js';
import { Countdown } from '../../shared/clock.js';
import { dateTime, rupiah } from '../../shared/format.js';
import { parcels } from '../messages/parcels.js';
import { trade } from '../messages/trade.js';
import { transfersWords } from '../messages/transfers.js';
import { nameOf } from '../state/people.js';
import { amountDue, isRefundDue } from '../state/waiting.js';
import { FULFILMENT_TONES, STATUS_TONES } from './statuses.js';

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

/** How an order stands. One whose money is still to go back is not shown as if it had gone. */
export function StatusBadge({ order }: { order: Order }) {
  const status = order.status === 'refunded' && isRefundDue(order) ? 'needs_refund' : order.status;
  return <span class={`badge ${STATUS_TONES[status]}`}>{trade(`status_${status}`)}</span>;
}

/** The checkbox with which a row of a list is chosen. */
const ROW_CHECK = 'row-check';

/** The keys of such a list; each checkbox hands over its own. */
type RowKeys = Parameters<typeof handleRowKeys>[1];

/**
 * Keys in a list of rows with checkboxes: arrows, Home and End go from row to row, Shift chooses on the way, Space is the
 * checkbox's own, Ctrl+A chooses all, Enter does `onEnter`.
 */
function handleRowKeys(
  event: KeyboardEvent & { currentTarget: HTMLInputElement },
  { onAll, onEnter }: { onAll: () => void; onEnter: () => void },
): void {
  const list = event.currentTarget.closest('ul');
  const checks = [...(list?.querySelectorAll<HTMLInputElement>(`.${ROW_CHECK}`) ?? [])];
  const index = checks.indexOf(event.currentTarget);
  const isAll = event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey);
  const next = checks[placeAfter(event.key, index, checks.length)];
  if (isAll) onAll();
  else if (event.key === 'Enter' && !event.repeat) onEnter();
  else if (next !== undefined) {
    next.focus();
    if (event.shiftKey && !next.checked) next.click();
  } else return;
  event.preventDefault();
}

function placeAfter(key: string, index: number, count: number): number {
  switch (key) {
    case 'ArrowDown':
      return Math.min(index + 1, count - 1);
    case 'ArrowUp':
      return Math.max(index - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return -1;
  }
}
