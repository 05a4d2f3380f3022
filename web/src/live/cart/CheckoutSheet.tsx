import { useSignal, useSignalEffect } from '@preact/signals';
import type { PaymentMethod } from '../../../../src/protocol/order.js';
import { Countdown } from '../../shared/Countdown.js';
import { rupiah } from '../../shared/format.js';
import { Icon } from '../../shared/Icon.js';
import { checkout } from '../me.js';
import { leaveCheckout, placeOrder } from '../purchase.js';
import { buy } from '../purchaseMessages.js';
import { Refusal } from '../Refusal.js';
import { Sheet } from '../Sheet.js';
import { openSheet, sheet } from '../sheets.js';
import { current } from '../state.js';
import { Totals } from '../Totals.js';
import { useStep } from '../useStep.js';

/** The timed visit to the till. When it is over, whoever ended it, the viewer is back in the cart. */
export function CheckoutSheet() {
  const running = checkout.value;
  const method = useSignal<PaymentMethod>('qris');
  const step = useStep(() => placeOrder(method.peek()));
  useSignalEffect(() => {
    if (checkout.value === null && sheet.peek()?.kind === 'checkout') openSheet({ kind: 'cart' });
  });
  if (running === null) return null;
  const total = rupiah(running.total);
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
            {step.busy.value ? buy('placing') : buy('placeOrder', { total })}
          </button>
        </>
      }
    >
      <p class="timer-line">
        <Icon name="clock" size={18} />
        <span>{buy('checkoutTime')}</span>
        <Countdown until={running.expiresAt} />
      </p>
      <Totals {...running} />
      <MethodChoice
        chosen={method.value}
        onChoose={(next) => {
          method.value = next;
        }}
      />
    </Sheet>
  );
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
