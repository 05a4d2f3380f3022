import type { Order } from '../../../../src/protocol/order.js';
import { Countdown } from '../../shared/Countdown.js';
import { rupiah } from '../../shared/format.js';
import { Icon } from '../../shared/Icon.js';
import { payOrder } from '../purchase.js';
import { buy } from '../purchaseMessages.js';
import { Refusal } from '../Refusal.js';
import { current } from '../state.js';
import { useStep } from '../useStep.js';
import { orderCode } from './orderCode.js';

/** Pays by transfer: what to send and what to write; the seller confirms, and the page hears of it. */
export function BankTransfer({ order }: { order: Order }) {
  const step = useStep(payOrder);
  const total = rupiah(order.total);
  return (
    <div class="payment">
      <p class="timer-line">
        <Icon name="clock" size={18} />
        <span>{buy('payWithin')}</span>
        <Countdown until={order.expiresAt} />
      </p>
      <div class="transfer">
        <p class="small muted">{buy('transferAmount')}</p>
        <p class="transfer-total numeric">{total}</p>
        <h3>{buy('transferSteps')}</h3>
        <ol>
          <li>{buy('transferStep1', { total })}</li>
          <li>{buy('transferStep2', { order: orderCode(order.orderId) })}</li>
          <li>{buy('transferStep3')}</li>
        </ol>
      </div>
      <p class="waiting-line small">
        <span class="spinner" aria-hidden="true" />
        {buy('waitingForPayment')}
      </p>
      <Refusal error={step.error.value} />
      <button
        type="button"
        class="button button-quiet button-block"
        disabled={!current.value || step.busy.value}
        onClick={() => step.run(order, 'qris')}
      >
        {buy('changeToQris')}
      </button>
    </div>
  );
}
