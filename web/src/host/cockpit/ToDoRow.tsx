import type { Order } from '../../../../src/protocol/order.js';
import { Countdown } from '../../shared/Countdown.js';
import { rupiah } from '../../shared/format.js';
import { Icon } from '../../shared/Icon.js';
import { cockpit } from '../messages/cockpit.js';
import { trade } from '../messages/trade.js';
import { isRefundDue } from '../orders/waiting.js';
import { nameOf } from '../people.js';

export function ToDoRow({
  order,
  onConfirm,
  onLook,
}: {
  order: Order;
  onConfirm: (order: Order) => void;
  onLook: (order: Order) => void;
}) {
  const refund = isRefundDue(order);
  const viewer = nameOf(order.viewerId);
  return (
    <li class={`todo-row${refund ? ' todo-refund' : ''}`} data-order={order.orderId}>
      <span class="todo-what">
        <span class="todo-money numeric">{rupiah(order.total)}</span>
        <span class="todo-who">
          {viewer}
          {!refund && (
            <span class="muted">
              {' · '}
              <Countdown until={order.expiresAt} />
            </span>
          )}
        </span>
        {refund && <span class="todo-why">{cockpit('refund')}</span>}
      </span>
      {refund ? (
        <button
          type="button"
          class="button button-danger"
          aria-label={trade('detailOf', { id: order.code })}
          onClick={() => onLook(order)}
        >
          {trade('detail')}
        </button>
      ) : (
        <button
          type="button"
          class="button button-primary"
          aria-label={cockpit('confirmOf', { viewer })}
          onClick={() => onConfirm(order)}
        >
          <Icon name="check" size={18} />
          <span>{cockpit('confirm')}</span>
        </button>
      )}
    </li>
  );
}
