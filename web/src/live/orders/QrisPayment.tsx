import { useComputed } from '@preact/signals';
import type { Order, Payment } from '../../../../src/protocol/order.js';
import { Countdown } from '../../shared/Countdown.js';
import { tick } from '../../shared/clock.js';
import { rupiah } from '../../shared/format.js';
import { Icon } from '../../shared/Icon.js';
import { QrCode } from '../../shared/QrCode.js';
import { payInSandbox, payOrder } from '../purchase.js';
import { buy } from '../purchaseMessages.js';
import { Refusal } from '../Refusal.js';
import { current } from '../state.js';
import { useStep } from '../useStep.js';
import { orderCode } from './orderCode.js';

/** Pays by QRIS: the code, how long it is good for, and nothing more to tap; the paid state comes by itself. */
export function QrisPayment({ order }: { order: Order }) {
  const { payment } = order;
  const until = payment?.expiresAt ?? order.expiresAt;
  const over = useComputed(() => tick.value >= until).value;
  const payable = payment?.status === 'pending' && payment.qrString !== undefined && !over;
  return (
    <div class="payment">
      {payable ? (
        <LiveCode order={order} payment={payment} until={until} />
      ) : (
        <p class="notice">
          <Icon name="info" />
          <span>{buy('qrExpired')}</span>
        </p>
      )}
      <OtherPayment order={order} renew={!payable} />
    </div>
  );
}

function LiveCode(props: { order: Order; payment: Payment; until: number }) {
  const { order, payment, until } = props;
  const label = buy('qrLabel', { order: orderCode(order.orderId), total: rupiah(order.total) });
  return (
    <>
      <p class="timer-line">
        <Icon name="clock" size={18} />
        <span>{buy('payWithin')}</span>
        <Countdown until={until} />
      </p>
      <div class="qr-card">
        <p class="qr-total numeric">{rupiah(order.total)}</p>
        <QrCode text={payment.qrString ?? ''} label={label} />
        <p class="small">{buy('scanHint')}</p>
      </div>
      <p class="waiting-line small">
        <span class="spinner" aria-hidden="true" />
        {buy('waitingForPayment')}
      </p>
      {payment.provider === 'sandbox' && <SandboxButton paymentId={payment.paymentId} />}
    </>
  );
}

function SandboxButton({ paymentId }: { paymentId: string }) {
  const step = useStep(() => payInSandbox(paymentId));
  return (
    <div class="sandbox">
      <button
        type="button"
        class="button button-block"
        disabled={step.busy.value}
        aria-busy={step.busy.value}
        onClick={() => step.run()}
      >
        {buy('sandboxPay')}
      </button>
      <p class="small muted">{buy('sandboxHint')}</p>
      <Refusal error={step.error.value} />
    </div>
  );
}

function OtherPayment({ order, renew }: { order: Order; renew: boolean }) {
  const step = useStep(payOrder);
  const disabled = !current.value || step.busy.value;
  return (
    <>
      <Refusal error={step.error.value} />
      {renew && (
        <button
          type="button"
          class="button button-primary button-block"
          disabled={disabled}
          onClick={() => step.run(order, 'qris')}
        >
          {buy('newQr')}
        </button>
      )}
      <button
        type="button"
        class="button button-quiet button-block"
        disabled={disabled}
        onClick={() => step.run(order, 'bank_transfer')}
      >
        {buy('changeToBank')}
      </button>
    </>
  );
}
