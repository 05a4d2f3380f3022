import { useComputed } from '@preact/signals';
import type { Order, Payment } from '../../../../src/protocol/order.js';
import { Countdown, ticking } from '../../shared/clock.js';
import { rupiah, time } from '../../shared/format.js';
import { Icon } from '../../shared/Icon.js';
import { QrCode } from '../../shared/QrCode.js';
import { toast } from '../../shared/toast.js';
import { LapseCost } from '../Costs.js';
import { payInSandbox, payOrder } from '../purchase.js';
import { Refusal, useStep } from '../sheetParts.js';
import { current, shop } from '../state.js';
import { pay } from './messages.js';

/** Pays by QRIS: the code, how long it is good for, and nothing more to tap; the paid state comes by itself. */
export function QrisPayment({ order }: { order: Order }) {
  const { payment } = order;
  const until = payment?.expiresAt ?? order.expiresAt;
  const over = useComputed(() => ticking() >= until).value;
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

/** A QR code as a picture for the gallery of the phone that shows it: banks' apps read codes from there. */

const WIDTH = 720;
const CODE_WIDTH = 600;
const LINE_HEIGHT = 44;

/** @param lines the words under the code: what it pays for */
async function pictureOf(text: string, lines: readonly string[]): Promise<Blob> {
  const { encode } = await import('uqr');
  const { size, data } = encode(text, { ecc: 'M', border: 2 });
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = CODE_WIDTH + 100 + lines.length * LINE_HEIGHT;
  const pen = canvas.getContext('2d');
  if (pen === null) throw new Error('no canvas');
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = '#000';
  // Whole pixels, or a reader sees grey edges.
  const module = Math.floor(CODE_WIDTH / size);
  const left = Math.floor((WIDTH - module * size) / 2);
  data.forEach((row, y) => {
    row.forEach((isDark, x) => {
      if (isDark) pen.fillRect(left + x * module, 40 + y * module, module, module);
    });
  });
  pen.font = '600 30px system-ui, sans-serif';
  pen.textAlign = 'center';
  lines.forEach((line, at) => {
    pen.fillText(line, WIDTH / 2, CODE_WIDTH + 80 + at * LINE_HEIGHT, WIDTH - 40);
  });
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/png');
  });
}

interface Picture {
  text: string;
  lines: readonly string[];
  /** Without its ending. */
  name: string;
}

async function saveQr({ text, lines, name }: Picture): Promise<void> {
  const url = URL.createObjectURL(await pictureOf(text, lines));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${name}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  toast(pay('qrSaved'), 'good');
}

/** Hands the picture to another app; where the browser cannot, saves it. */
async function shareQr(picture: Picture): Promise<void> {
  const blob = await pictureOf(picture.text, picture.lines);
  const file = new File([blob], `${picture.name}.png`, { type: 'image/png' });
  if (navigator.canShare?.({ files: [file] }) !== true) return saveQr(picture);
  // Whoever closes the phone's own dialogue has changed their mind; that is no failure.
  await navigator.share({ files: [file], title: picture.name }).catch(() => undefined);
}
