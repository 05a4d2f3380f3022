import { type Signal, useComputed, useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { Order } from '../../../../src/protocol/order.js';
import { digitsTyped } from '../../../../src/protocol/text.js';
import { dateTime, rupiah } from '../../shared/format.js';
import { transfersWords as words } from '../messages/transfers.js';
import { learn, nameOf } from '../state/people.js';
import { amountDue, type SameAmounts, sameAmounts, transfers } from '../state/waiting.js';
import { Icon } from '../ui/Icon.js';
import { useHearing } from '../ui/listHooks.js';
import { ConfirmManyDialog } from './ConfirmManyDialog.js';
import { ChoiceBar, SearchField, useChoice } from './ListTools.js';
import { OrderLine } from './OrderLine.js';

/**
 * The transfers that wait for the host's word, all of them, so that a search answers at once: type an amount of the bank
 * statement, Enter, the next amount, Enter …, and confirm them together.
 */
export function TransferList({
  search,
  onLook,
}: {
  search: Signal<string>;
  onLook: (order: Order) => void;
}) {
  const choice = useChoice();
  const confirming = useSignal<readonly Order[] | null>(null);
  const paidMeanwhile = useSignal<readonly string[]>([]);
  const shown = useComputed(() => transfers.value.filter(finder(search.value)));
  const chosen = useComputed(() =>
    transfers.value.filter((order) => choice.ids.value.has(order.orderId)),
  );
  const before = useRef<readonly Order[]>([]);
  useHearing(transfers, (now) => {
    learn(now.map((order) => order.viewerId));
    const waiting = new Set(now.map((order) => order.orderId));
    // Somebody else has just confirmed it, or it has run out.
    const gone = before.current.filter(
      ({ orderId }) => choice.ids.peek().has(orderId) && !waiting.has(orderId),
    );
    before.current = now;
    if (gone.length === 0 || confirming.peek() !== null) return;
    choice.drop(gone.map((order) => order.orderId));
    paidMeanwhile.value = [...paidMeanwhile.peek(), ...gone.map((order) => order.code)];
  });
  const ask = () => {
    paidMeanwhile.value = [];
    if (chosen.peek().length > 0) confirming.value = chosen.peek();
  };
  const chooseTheOne = () => {
    const [one, another] = shown.peek();
    if (one === undefined || another !== undefined) return;
    if (!choice.ids.peek().has(one.orderId)) choice.toggle(one.orderId);
    search.value = '';
  };
  const same = sameAmounts(transfers.value);
  return (
    <>
      <p class="muted small transfer-lead">{words('lead')}</p>
      <SearchField value={search} onEnter={chooseTheOne} onCtrlEnter={ask} />
      <ul class="lines">
        {shown.value.map((order) => (
          <OrderLine
            key={order.orderId}
            order={order}
            isChosen={choice.ids.value.has(order.orderId)}
            onChoose={() => choice.toggle(order.orderId)}
            onLook={() => onLook(order)}
            keys={{
              onAll: () => choice.toggleAll(shown.peek().map((row) => row.orderId)),
              onEnter: () => (chosen.peek().length > 0 ? ask() : onLook(order)),
            }}
          >
            <TransferFacts order={order} same={same} />
          </OrderLine>
        ))}
      </ul>
      {shown.value.length === 0 && (
        <p class="list-foot muted">
          {search.value === '' ? words('none') : words('nothingFound', { q: search.value })}
        </p>
      )}
      <p class="choice-news" role="status">
        {paidMeanwhile.value.length > 0 &&
          words('nowPaid', { codes: paidMeanwhile.value.join(', ') })}
      </p>
      {chosen.value.length > 0 && (
        <ChoiceBar
          summary={words('chosen', {
            count: chosen.value.length,
            total: rupiah(chosen.value.reduce((sum, order) => sum + amountDue(order), 0)),
          })}
          orders={chosen.value}
          onNone={() => choice.drop([...choice.ids.peek()])}
        >
          <button type="button" class="button button-primary" onClick={ask}>
            <Icon name="check" size={18} />
            {words('confirmChosen', { count: chosen.value.length })}
          </button>
        </ChoiceBar>
      )}
      {confirming.value !== null && (
        <ConfirmManyDialog
          orders={confirming.value}
          same={same}
          onDone={(ids) => choice.drop(ids)}
          onClose={() => {
            confirming.value = null;
          }}
        />
      )}
    </>
  );
}

/** That the buyer says so, and that another order expects the same amount. */
function TransferFacts({ order, same }: { order: Order; same: SameAmounts }) {
  const claimedAt = order.payment?.claimedAt;
  const others = same.get(amountDue(order))?.filter((code) => code !== order.code) ?? [];
  return (
    <>
      {claimedAt !== undefined && (
        <p class="transfer-claimed">{words('claimed', { time: dateTime(claimedAt) })}</p>
      )}
      {others.length > 0 && (
        <p class="transfer-same">
          <Icon name="alert" size={16} />
          {words('sameAmount', { codes: others.join(', ') })}
        </p>
      )}
    </>
  );
}

/** Finds by code, amount, name or phone, as `GET /orders?q` does. */
export function finder(typed: string): (order: Order) => boolean {
  const text = typed.trim().toLowerCase().replace('#', '');
  const digits = digitsTyped(text);
  const local = digits.replace(/^(?:62|0)/, '');
  return (order) => {
    const { code, recipient, total } = order;
    const words = [code, recipient?.name, nameOf(order.viewerId)];
    return (
      words.some((word) => word?.toLowerCase().includes(text)) ||
      (digits !== '' && [total, amountDue(order)].some((amount) => String(amount) === digits)) ||
      (local.length >= 4 && recipient?.phone.includes(local) === true)
    );
  };
}
