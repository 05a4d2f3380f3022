import { effect, useSignalEffect } from '@preact/signals';
import { useRef, useState } from 'preact/hooks';
import type { Checkout } from '../../../../src/protocol/checkout.js';
import type { PaymentMethod } from '../../../../src/protocol/order.js';
import { Countdown } from '../../shared/clock.js';
import { rupiah } from '../../shared/format.js';
import { Icon } from '../../shared/Icon.js';
import { LapseCost, Totals } from '../Costs.js';
import { checkout, orders } from '../me.js';
import { leaveCheckout, placeOrder } from '../purchase.js';
import { buy } from '../purchaseMessages.js';
import { Sheet } from '../Sheet.js';
import { Refusal, useStep } from '../sheetParts.js';
import { openSheet, sheet } from '../sheets.js';
import { current } from '../state.js';
import { Delivery } from './Delivery.js';
import { draft, edit, flaws, leadTo, openDraft } from './draft.js';

/** The timed visit to the till. When it is over, whoever ended it, the viewer is back in the cart, or at the order. */
export function CheckoutSheet() {
  const running = checkout.value;
  const step = useStep(placeOrder);
  // Before anything is drawn of it.
  useState(begin);
  useFollowing();
  if (running === null) return null;
  const shown = asDelivered(running, draft.value.delivery);
  return (
    <Sheet
      title={buy('checkout')}
      onBack={{ label: buy('leaveCheckout'), go: () => void leaveCheckout() }}
      footer={
        <>
          <Refusal error={step.error.value} />
          <button
            type="button"
            class="button button-primary button-block button-large"
            disabled={!current.value || step.busy.value}
            aria-busy={step.busy.value}
            onClick={() => step.run()}
          >
            {placeLabel(step.busy.value, shown.total)}
          </button>
        </>
      }
    >
      <p class="timer-line">
        <Icon name="clock" size={18} />
        <span>{buy('checkoutTime')}</span>
        <Countdown until={running.expiresAt} />
      </p>
      <div class="checkout">
        <Totals {...shown} />
        <Delivery />
        {shown.total > 0 && (
          <MethodChoice chosen={draft.value.method} onChoose={(method) => edit({ method })} />
        )}
        <LapseCost lines={running.lines} />
      </div>
    </Sheet>
  );
}

function begin(): void {
  flaws.value = {};
  leadTo.value = null;
  openDraft();
}

/** Follows what ends the checkout elsewhere: another tab that has ordered, or the clock. */
function useFollowing(): void {
  const last = useRef<Checkout | null>(null);
  useSignalEffect(() => {
    const running = checkout.value;
    if (running !== null) last.current = running;
    if (running !== null || sheet.peek()?.kind !== 'checkout') return;
    openSheet({ kind: 'cart' });
    if (last.current !== null) followToOrder(last.current);
  });
}

/** That its bookings are ordered may arrive before the order does. */
const ORDER_COMES_MS = 5_000;

function followToOrder(ended: Checkout): void {
  const stop = effect(() => {
    const order = orderOf(ended);
    if (order === undefined) return;
    queueMicrotask(() => {
      stop();
      if (sheet.peek()?.kind === 'cart') openSheet({ kind: 'order', orderId: order.orderId });
    });
  });
  setTimeout(stop, ORDER_COMES_MS);
}

function orderOf({ lines }: Checkout) {
  const ids = new Set(lines.map((line) => line.bookingId));
  return orders.value.find((order) => order.lines.some((line) => ids.has(line.bookingId)));
}

/** A checkout says what shipping comes to. */
function asDelivered(running: Checkout, delivery: 'ship' | 'pickup'): Checkout {
  if (delivery === 'ship') return running;
  return { ...running, total: running.total - running.shippingFee, shippingFee: 0 };
}

function placeLabel(isBusy: boolean, total: number): string {
  if (isBusy) return buy('placing');
  return total === 0 ? buy('placeFree') : buy('placeOrder', { total: rupiah(total) });
}

const METHODS = [
  { method: 'qris', hint: 'qrisHint' },
  { method: 'bank_transfer', hint: 'bankHint' },
] as const;

function MethodChoice(props: { chosen: PaymentMethod; onChoose: (method: PaymentMethod) => void }) {
  return (
    <fieldset class="methods">
      <legend>{buy('method')}</legend>
      {METHODS.map(({ method, hint }) => (
        <label key={method} class={`method${props.chosen === method ? ' method-chosen' : ''}`}>
          <input
            type="radio"
            name="method"
            value={method}
            checked={props.chosen === method}
            onChange={() => props.onChoose(method)}
          />
          <span>
            <strong>{buy(method)}</strong>
            <span class="small muted">{buy(hint)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
