import { useSignal } from '@preact/signals';
import type { Order } from '../../../../src/protocol/order.js';
import { number } from '../../shared/format.js';
import { Icon } from '../../shared/Icon.js';
import { cockpit } from '../messages/cockpit.js';
import { ConfirmPaymentDialog } from '../orders/ConfirmPaymentDialog.js';
import { OrderDialog } from '../orders/OrderDialog.js';
import { isRefundDue, othersWaiting, refunds, transfers } from '../orders/waiting.js';
import { ToDoRow } from './ToDoRow.js';

const SHOWN = 30;

/** Orders that wait for the seller: refunds first and in red, then transfers to confirm, the most urgent first. */
export function ToDo() {
  const confirming = useSignal<Order | null>(null);
  const looking = useSignal<Order | null>(null);
  const toDo = [...refunds.value, ...transfers.value.filter((order) => !isRefundDue(order))];
  const count = toDo.length;
  const rows = toDo.slice(0, SHOWN);
  return (
    <section
      class={`todo${refunds.value.length > 0 ? ' todo-alarm' : ''}`}
      aria-labelledby="todo-title"
    >
      <div class="panel-head">
        <h2 id="todo-title">
          {refunds.value.length > 0 && <Icon name="alert" />}
          {cockpit('actionsTitle')} <span class="count numeric">{number(count)}</span>
        </h2>
      </div>
      {count === 0 && <p class="panel-empty">{cockpit('actionsEmpty')}</p>}
      {count > 0 && (
        <ul class="panel-list">
          {rows.map((order) => (
            <ToDoRow
              key={order.orderId}
              order={order}
              onConfirm={(chosen) => {
                confirming.value = chosen;
              }}
              onLook={(chosen) => {
                looking.value = chosen;
              }}
            />
          ))}
        </ul>
      )}
      {othersWaiting.value > 0 && (
        <p class="panel-more">{cockpit('qrisWaiting', { count: othersWaiting.value })}</p>
      )}
      {confirming.value !== null && (
        <ConfirmPaymentDialog
          order={confirming.value}
          onClose={() => {
            confirming.value = null;
          }}
        />
      )}
      {looking.value !== null && (
        <OrderDialog
          order={looking.value}
          onClose={() => {
            looking.value = null;
          }}
        />
      )}
    </section>
  );
}
