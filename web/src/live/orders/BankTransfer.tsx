import type { Order, Payment } from '../../../../src/protocol/order.js';
import { Countdown } from '../../shared/clock.js';
import { rupiah, time } from '../../shared/format.js';
import { Icon } from '../../shared/Icon.js';
import { LapseCost } from '../Costs.js';
import { payBy, profile } from '../me.js';
import { claimTransfer, payOrder } from '../purchase.js';
import { CopyButton, Refusal, useStep } from '../sheetParts.js';
import { current, rules, shop } from '../state.js';
import { pay } from './messages.js';

/** Pays by transfer: where to, how much and what to write, each to be copied; the seller confirms, and the page receives the event. */
export function BankTransfer({ order, payment }: { order: Order; payment: Payment }) {
  const step = useStep(payOrder);
  const terms = rules.value?.paymentTerms ?? '';
  return (
    <div class="payment">
      <p class="timer-line">
        <Icon name="clock" size={18} />
        <span>{pay('payWithin')}</span>
        <Countdown until={payBy(order)} />
      </p>
      <LapseCost lines={order.lines} />
      <div class="transfer">
        <Amount order={order} amount={payment.amount} />
        <Accounts payment={payment} />
        <div class="transfer-line">
          <p>
            <span class="small muted">{pay('writeCode')}</span>
            <strong class="order-code">{order.code}</strong>
          </p>
          <CopyButton text={order.code} label={pay('copyCode')} />
        </div>
        {terms !== '' && (
          <>
            <h3>{pay('terms')}</h3>
            <p class="small transfer-terms">{terms}</p>
          </>
        )}
      </div>
      <Claim order={order} payment={payment} />
      <Refusal error={step.error.value} />
      <button
        type="button"
        class="button button-quiet button-block"
        disabled={!current.value || step.busy.value}
        onClick={() => step.run(order, 'qris')}
      >
        {pay('changeToQris')}
      </button>
    </div>
  );
}

function Amount({ order, amount }: { order: Order; amount: number }) {
  const added = amount - order.total;
  return (
    <>
      <div class="transfer-line">
        <p>
          <span class="small muted">{pay('amountToTransfer')}</span>
          <strong class="transfer-total numeric">{rupiah(amount)}</strong>
        </p>
        <CopyButton text={String(amount)} label={pay('copyAmount')} />
      </div>
      <p class="small muted">
        {pay('exactly')}
        {added > 0 && ` ${pay('uniqueAmount', { code: rupiah(added) })}`}
      </p>
    </>
  );
}

function Accounts({ payment: { accounts = [], amount } }: { payment: Payment }) {
  if (accounts.length === 0) {
    return <p class="notice">{pay('noAccounts', { total: rupiah(amount) })}</p>;
  }
  return (
    <>
      <h3>{pay('transferTo')}</h3>
      <ul class="accounts">
        {accounts.map(({ bank, number, holder }) => (
          <li key={`${bank} ${number}`} class="transfer-line">
            <p>
              <span class="small">{bank}</span>
              <strong class="numeric">{number}</strong>
              <span class="small muted">{pay('accountHolder', { holder })}</span>
            </p>
            <CopyButton text={number} label={pay('copyNumber', { bank })} />
          </li>
        ))}
      </ul>
    </>
  );
}

/** "I have transferred", and the proof of it; the money itself is for the seller to see. */
function Claim({ order, payment }: { order: Order; payment: Payment }) {
  const step = useStep(claimTransfer);
  return (
    <div class="claim">
      {payment.claimedAt === undefined ? (
        <>
          <button
            type="button"
            class="button button-primary button-block button-large"
            disabled={!current.value || step.busy.value}
            aria-busy={step.busy.value}
            onClick={() => step.run(order)}
          >
            {pay('claim')}
          </button>
          <p class="small muted">{pay('claimHint')}</p>
        </>
      ) : (
        <p class="waiting-line" role="status">
          <span class="spinner" aria-hidden="true" />
          {pay('claimed', { time: time(payment.claimedAt) })}
        </p>
      )}
      <Refusal error={step.error.value} />
      <a
        class="button button-block"
        href={proofUrl(order, payment)}
        target="_blank"
        rel="noopener noreferrer"
      >
        {pay('sendProof')}
        <Icon name="link" size={16} />
      </a>
    </div>
  );
}

/** Opens WhatsApp with the words; the buyer picks the chat and adds the picture, nothing is sent by us. */
function proofUrl(order: Order, payment: Payment): string {
  const text = pay('proofText', {
    shop: shop.value?.name ?? '',
    name: order.recipient?.name ?? profile.value?.name ?? '',
    amount: rupiah(payment.amount),
    order: order.code,
    lines: order.lines.map((line) => `${line.name} × ${line.quantity}`).join(', '),
  });
  return `https://wa.me/?text=${encodeURIComponent(text)}`;
}
