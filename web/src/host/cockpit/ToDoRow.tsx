import type { Order } from '../../../../src/protocol/order.js';
import { Countdown } from '../../shared/Countdown.js';
import { rupiah } from '../../shared/format.js';
import { Icon } from '../../shared/Icon.js';
import { cockpit } from '../messages/cockpit.js';
import { trade } from '../messages/trade.js';
import { transfersWords } from '../messages/transfers.js';
import { amountDue } from '../orders/amounts.js';
import { isRefundDue } from '../orders/waiting.js';
import { nameOf } from '../people.js';

/** One order that waits for the seller: a refund to be seen to, or a transfer to confirm. */
export function ToDoRow({
  order,
  isSettled,
  isChosen,
  onChoose,
  onConfirm,
  onLook,
}: {
  order: Order;
  /** It waits no more, and only keeps its place. */
  isSettled: boolean;
  isChosen: boolean;
  onChoose: () => void;
  onConfirm: () => void;
  onLook: () => void;
}) {
  const refund = isRefundDue(order);
  const viewer = nameOf(order.viewerId);
  const amount = rupiah(amountDue(order));
  const classes = ['todo-row', refund && 'todo-refund', isSettled && 'todo-settled'];
  return (
    <li class={classes.filter(Boolean).join(' ')} data-order={order.orderId}>
      {!refund && (
        <label class="todo-tick">
          <input
            type="checkbox"
            checked={isChosen}
            disabled={isSettled}
            aria-label={transfersWords('choose', { code: order.code, viewer, amount })}
            onChange={onChoose}
          />
        </label>
      )}
      <span class="todo-what">
        <span class="todo-money numeric">{amount}</span>
        <span class="todo-who">
          <b>{order.code}</b> {viewer}
        </span>
        {refund && <span class="todo-why">{cockpit('refund')}</span>}
        {!refund && (
          <span class="muted small">
            {order.payment?.claimedAt !== undefined && (
              <b class="todo-claimed">{cockpit('claimed')} · </b>
            )}
            <Countdown until={order.expiresAt} />
          </span>
        )}
      </span>
      {isSettled && <span class="badge badge-good">{cockpit('settled')}</span>}
      {!isSettled && refund && (
        <button
          type="button"
          class="button button-danger"
          aria-label={trade('detailOf', { id: order.code })}
          onClick={onLook}
        >
          {trade('detail')}
        </button>
      )}
      {!isSettled && !refund && (
        <button
          type="button"
          class="button button-primary"
          aria-label={cockpit('confirmOf', { viewer })}
          onClick={onConfirm}
        >
          <Icon name="check" size={18} />
          <span>{cockpit('confirm')}</span>
        </button>
      )}
    </li>
  );
}
