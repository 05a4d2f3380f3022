import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { Order } from '../../../../src/protocol/order.js';
import { Countdown } from '../../shared/clock.js';
import { number, rupiah } from '../../shared/format.js';
import { bookings } from '../messages/bookings.js';
import { cockpit } from '../messages/cockpit.js';
import { trade } from '../messages/trade.js';
import { transfersWords } from '../messages/transfers.js';
import { ConfirmManyDialog } from '../orders/ConfirmManyDialog.js';
import { ConfirmPaymentDialog } from '../orders/EndingDialogs.js';
import { useChoice } from '../orders/ListTools.js';
import { OrderDialog } from '../orders/OrderDialog.js';
import { finder } from '../orders/TransferList.js';
import { nameOf } from '../state/people.js';
import {
  amountDue,
  isRefundDue,
  othersWaiting,
  refunds,
  sameAmounts,
  transfers,
} from '../state/waiting.js';
import { Icon } from '../ui/Icon.js';
import { useFrozen, useStill } from '../ui/listHooks.js';

const SHOWN = 60;

/** A window over the list, and the orders that it is about. */
type Open = { what: 'confirm' | 'look'; order: Order } | { what: 'confirmMany'; orders: Order[] };

/**
 * Orders that wait for the seller: refunds first and in red, then transfers to confirm, one by one or several at once. The
 * list stands still while it is looked at, for a row that moves under a finger confirms the wrong money.
 */
export function ToDo() {
  const search = useSignal('');
  const turn = useSignal(0);
  const open = useSignal<Open | null>(null);
  const choice = useChoice();
  const pane = useRef<HTMLDivElement>(null);
  const still = useStill(pane);
  const all = [...refunds.value, ...transfers.value.filter((order) => !isRefundDue(order))];
  const wanted = all.filter(finder(search.value)).map((order) => order.orderId);
  const { shown, fresh } = useFrozen(wanted, still.value, `${turn.value} ${search.value}`);
  const byId = new Map(all.map((order) => [order.orderId, order]));
  /** As last seen: an order that is settled keeps its place while the list is still. */
  const seen = useRef(new Map<string, Order>());
  seen.current = new Map(
    shown.flatMap((id) => {
      const order = byId.get(id) ?? seen.current.get(id);
      return order === undefined ? [] : [[id, order]];
    }),
  );
  const chosen = transfers.value.filter((order) => choice.ids.value.has(order.orderId));
  return (
    <section
      class={`todo${refunds.value.length > 0 ? ' todo-alarm' : ''}`}
      aria-labelledby="todo-title"
    >
      <div class="panel-head">
        <h2 id="todo-title">
          {refunds.value.length > 0 && <Icon name="alert" />}
          {cockpit('actionsTitle')} <span class="count numeric">{number(all.length)}</span>
        </h2>
        {fresh > 0 && (
          <button
            type="button"
            class="fresh"
            onClick={() => {
              turn.value += 1;
            }}
          >
            {bookings('fresh', { count: number(fresh) })}
          </button>
        )}
      </div>
      <div class="booking-tools">
        <input
          class="input"
          type="search"
          aria-label={cockpit('searchActions')}
          placeholder={cockpit('searchActions')}
          value={search}
          onInput={(event) => {
            search.value = event.currentTarget.value;
          }}
        />
      </div>
      <div ref={pane} class="booking-pane">
        {shown.length === 0 && <p class="panel-empty">{cockpit('actionsEmpty')}</p>}
        <ul class="panel-list">
          {shown.slice(0, SHOWN).map((id) => {
            const order = seen.current.get(id);
            if (order === undefined) return null;
            return (
              <ToDoRow
                key={id}
                order={order}
                isSettled={!byId.has(id)}
                isChosen={choice.ids.value.has(id)}
                onChoose={() => choice.toggle(id)}
                onConfirm={() => {
                  open.value = { what: 'confirm', order };
                }}
                onLook={() => {
                  open.value = { what: 'look', order };
                }}
              />
            );
          })}
        </ul>
      </div>
      {othersWaiting.value > 0 && chosen.length === 0 && (
        <p class="panel-more">{cockpit('qrisWaiting', { count: othersWaiting.value })}</p>
      )}
      {chosen.length > 0 && (
        <div class="todo-foot">
          <p role="status">
            {transfersWords('chosen', {
              count: chosen.length,
              total: rupiah(chosen.reduce((sum, order) => sum + amountDue(order), 0)),
            })}
          </p>
          <button
            type="button"
            class="button button-primary"
            onClick={() => {
              open.value = { what: 'confirmMany', orders: chosen };
            }}
          >
            {transfersWords('confirmChosen', { count: chosen.length })}
          </button>
        </div>
      )}
      {open.value !== null && (
        <OpenDialog
          open={open.value}
          onSettled={choice.drop}
          onClose={() => {
            open.value = null;
          }}
        />
      )}
    </section>
  );
}

function OpenDialog({
  open,
  onSettled,
  onClose,
}: {
  open: Open;
  onSettled: (orderIds: string[]) => void;
  onClose: () => void;
}) {
  switch (open.what) {
    case 'confirm':
      return <ConfirmPaymentDialog order={open.order} onClose={onClose} />;
    case 'look':
      return <OrderDialog order={open.order} onClose={onClose} />;
    case 'confirmMany': {
      const same = sameAmounts(transfers.value);
      return (
        <ConfirmManyDialog orders={open.orders} same={same} onDone={onSettled} onClose={onClose} />
      );
    }
    default:
      return open satisfies never;
  }
}

/** One order that waits for the seller: a refund to be seen to, or a transfer to confirm. */
function ToDoRow({
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
