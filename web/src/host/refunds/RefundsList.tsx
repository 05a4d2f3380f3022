import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { newRequestId } from '../../../../src/client/index.js';
import type { Order } from '../../../../src/protocol/order.js';
import type { Refund } from '../../../../src/protocol/refund.js';
import { dateTime, rupiah } from '../../shared/format.js';
import { toast } from '../../shared/toast.js';
import { hostErrorText } from '../messages/errors.js';
import { refundsWords as words } from '../messages/refunds.js';
import { replaceRoute, route } from '../route.js';
import { api } from '../state/api.js';
import { lastOrder } from '../state/connection.js';
import { isOwner } from '../state/session.js';
import { noteOrderWaiting } from '../state/waiting.js';
import { ConfirmDialog } from '../ui/Dialog.js';
import { Field, Segments } from '../ui/Field.js';
import { useHearing } from '../ui/listHooks.js';
import { createPagedList, ListFoot } from '../ui/pagedList.js';

const STATUSES = ['open', 'done'] as const;

/** Money that must go back, until somebody has sent it. */
export function RefundsList({ onLook }: { onLook: (order: Order) => void }) {
  const list = useMemo(() => createPagedList<Refund>(), []);
  const asking = useSignal<{ refund: Refund; how: 'hand' | 'gateway' } | null>(null);
  const status = route.value.query.get('status') === 'done' ? 'done' : 'open';
  const load = () => void list.load((page) => api.refunds({ ...page, status }));
  // biome-ignore lint/correctness/useExhaustiveDependencies: `load` is of the status
  useEffect(() => {
    if (isOwner.value) load();
  }, [list, status]);
  // Refunds open and close with their orders; which of them did, the list says.
  useHearing(lastOrder, (order) => {
    if (order?.refunds !== undefined && isOwner.peek()) load();
  });
  if (!isOwner.value) return <p class="page-note">{words('ownerOnly')}</p>;
  const look = async ({ orderId }: Refund) => {
    const outcome = await api.order(orderId);
    if (outcome.ok) onLook(outcome.data.order);
    else toast(hostErrorText(outcome.error), 'bad');
  };
  return (
    <>
      <p class="muted part-lead">{words('lead')}</p>
      <Segments
        label={words('filter')}
        value={status}
        options={STATUSES.map((value) => ({ value, label: words(`status_${value}`) }))}
        onChange={(next) =>
          replaceRoute('orders', 'refunds', next === 'open' ? {} : { status: next })
        }
      />
      <ul class="lines">
        {(list.rows.value ?? []).map((refund) => (
          <RefundLine
            key={refund.refundId}
            refund={refund}
            onLook={() => void look(refund)}
            onAsk={(how) => {
              asking.value = { refund, how };
            }}
          />
        ))}
      </ul>
      <ListFoot list={list} empty={words(status === 'open' ? 'noneOpen' : 'noneDone')} />
      {asking.value !== null && (
        <PaidBackDialog
          {...asking.value}
          onDone={(refund) => list.drop((other) => other.refundId === refund.refundId)}
          onClose={() => {
            asking.value = null;
          }}
        />
      )}
    </>
  );
}

function RefundLine({
  refund,
  onLook,
  onAsk,
}: {
  refund: Refund;
  onLook: () => void;
  onAsk: (how: 'hand' | 'gateway') => void;
}) {
  const isOpen = refund.status === 'open';
  const viewer = refund.viewer.name;
  return (
    <li class={`line refund-line card${isOpen ? ' line-alarm' : ''}`} data-refund={refund.refundId}>
      <div class="line-what">
        <h2 class="line-name">
          {viewer}{' '}
          <button type="button" class="link-button" onClick={onLook}>
            {words('orderOf', { code: refund.code })}
          </button>
        </h2>
        <p>{words(`reason_${refund.reason}`)}</p>
        <p class="muted small">
          {words('since', { time: dateTime(refund.at) })}
          {refund.doneAt !== undefined && (
            <>
              {' · '}
              {words('doneAt', { time: dateTime(refund.doneAt) })}{' '}
              {words(refund.doneBy === 'gateway' ? 'byGateway' : 'byHand')}
            </>
          )}
          {refund.words !== undefined && ` · ${words('gatewaySays', { words: refund.words })}`}
        </p>
        {refund.doneNote !== undefined && <p class="buyer-note">{refund.doneNote}</p>}
      </div>
      <p class="order-total numeric">{amountOf(refund)}</p>
      {isOpen && (
        <div class="line-actions">
          {refund.sendable && (
            <button type="button" class="button" onClick={() => onAsk('gateway')}>
              {words('send')}
            </button>
          )}
          <button
            type="button"
            class="button button-primary"
            aria-label={words('doneOf', { viewer, amount: amountOf(refund) })}
            onClick={() => onAsk('hand')}
          >
            {words('done')}
          </button>
        </div>
      )}
    </li>
  );
}

function amountOf({ amount }: Refund): string {
  return amount === 0 ? words('unknownAmount') : rupiah(amount);
}

function PaidBackDialog({
  refund,
  how,
  onDone,
  onClose,
}: {
  refund: Refund;
  how: 'hand' | 'gateway';
  onDone: (refund: Refund) => void;
  onClose: () => void;
}) {
  const note = useSignal('');
  const requestId = useMemo(newRequestId, []);
  const about = { viewer: refund.viewer.name, amount: amountOf(refund) };
  const run = async () => {
    const text = note.value.trim();
    const body = { requestId, ...(text === '' ? {} : { note: text }) };
    const outcome = await (how === 'hand'
      ? api.refundDone(refund.refundId, body)
      : api.sendRefund(refund.refundId));
    if (outcome.ok) {
      noteOrderWaiting(outcome.data.order);
      onDone(refund);
      toast(words('closed', about), 'good');
    }
    return outcome;
  };
  return (
    <ConfirmDialog
      title={words(how === 'hand' ? 'doneTitle' : 'sendTitle', about)}
      yes={words(how === 'hand' ? 'doneYes' : 'sendYes')}
      no={words('doneNo')}
      run={run}
      onClose={onClose}
    >
      <p>{words(`reason_${refund.reason}`)}</p>
      {how === 'hand' ? (
        <Field label={words('note')} help={words('noteHelp')} name="note" value={note} focusFirst />
      ) : (
        <p>{words('sendLead', about)}</p>
      )}
    </ConfirmDialog>
  );
}
