import { useComputed } from '@preact/signals';
import type { Order, Payment } from '../../../../src/protocol/order.js';
import { Countdown } from '../../shared/Countdown.js';
import { tick } from '../../shared/clock.js';
import { rupiah, time } from '../../shared/format.js';
import { Icon } from '../../shared/Icon.js';
import { QrCode } from '../../shared/QrCode.js';
import { LapseCost } from '../Costs.js';
import { payInSandbox, payOrder } from '../purchase.js';
import { Refusal } from '../Refusal.js';
import { current, shop } from '../state.js';
import { useStep } from '../useStep.js';
import { pay } from './messages.js';
import { saveQr, shareQr } from './qrPicture.js';

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
          <span>{pay(payment?.qrString === undefined ? 'qrNotMade' : 'qrExpired')}</span>
        </p>
      )}
      <OtherPayment order={order} renew={!payable} />
    </div>
  );
}

function LiveCode(props: { order: Order; payment: Payment; until: number }) {
  const { order, payment, until } = props;
  const label = pay('qrLabel', { order: order.code, total: rupiah(order.total) });
  const picture = {
    text: payment.qrString ?? '',
    name: `QRIS-${order.code}`,
    lines: [
      `${shop.value?.name ?? ''} · ${order.code}`,
      rupiah(payment.amount),
      pay('qrUntil', { time: time(until) }),
    ],
  };
  return (
    <>
      <p class="timer-line">
        <Icon name="clock" size={18} />
        <span>{pay('payWithin')}</span>
        <Countdown until={until} />
      </p>
      <div class="qr-card">
        <p class="qr-total numeric">{rupiah(payment.amount)}</p>
        <QrCode text={payment.qrString ?? ''} label={label} />
        <p class="small">{pay('scanHint')}</p>
      </div>
      <div class="qr-buttons">
        <button type="button" class="button" onClick={() => void saveQr(picture)}>
          {pay('saveQr')}
        </button>
        <button type="button" class="button" onClick={() => void shareQr(picture)}>
          {pay('shareQr')}
        </button>
      </div>
      <LapseCost lines={order.lines} />
      <p class="waiting-line small">
        <span class="spinner" aria-hidden="true" />
        {pay('waitingForPayment')}
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
        {pay('sandboxPay')}
      </button>
      <p class="small muted">{pay('sandboxHint')}</p>
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
          {pay('newQr')}
        </button>
      )}
      <button
        type="button"
        class="button button-quiet button-block"
        disabled={disabled}
        onClick={() => step.run(order, 'bank_transfer')}
      >
        {pay('changeToBank')}
      </button>
    </>
  );
}
