import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Order, PaymentNotice } from '../../../../src/protocol/order.js';
import { dateTime } from '../../shared/format.js';
import { toast } from '../../shared/toast.js';
import { hostErrorText } from '../messages/errors.js';
import { refundsWords as words } from '../messages/refunds.js';
import { trade } from '../messages/trade.js';
import { replaceRoute, route } from '../route.js';
import { api } from '../state/api.js';
import { isOwner } from '../state/session.js';
import { ConfirmDialog } from '../ui/Dialog.js';
import { Field, Segments } from '../ui/Field.js';
import { createPagedList, ListFoot } from '../ui/pagedList.js';

const SHOWN = ['unclear', 'all'] as const;

/** What became of every word that money moved; what nobody understands waits here for a person. */
export function NoticesList({ onLook }: { onLook: (order: Order) => void }) {
  const list = useMemo(() => createPagedList<PaymentNotice>(), []);
  const deciding = useSignal<PaymentNotice | null>(null);
  const shown = route.value.query.get('status') === 'all' ? 'all' : 'unclear';
  useEffect(() => {
    void list.load((page) => api.notices({ ...page, outcome: shown === 'all' ? null : shown }));
  }, [list, shown]);
  const look = async (orderId: string) => {
    const outcome = await api.order(orderId);
    if (outcome.ok) onLook(outcome.data.order);
    else toast(hostErrorText(outcome.error), 'bad');
  };
  return (
    <>
      <p class="muted part-lead">{words('noticesLead')}</p>
      <Segments
        label={words('noticesFilter')}
        value={shown}
        options={SHOWN.map((value) => ({ value, label: words(`outcome_${value}`) }))}
        onChange={(next) =>
          replaceRoute('orders', 'notices', next === 'all' ? { status: next } : {})
        }
      />
      <ul class="lines">
        {(list.rows.value ?? []).map((notice) => (
          <NoticeLine
            key={notice.noticeId}
            notice={notice}
            onLook={() => void look(notice.orderId)}
            onDecide={() => {
              deciding.value = notice;
            }}
          />
        ))}
      </ul>
      <ListFoot list={list} empty={words(shown === 'all' ? 'noneNotices' : 'noneUnclear')} />
      {deciding.value !== null && (
        <DecideDialog
          notice={deciding.value}
          onDone={(notice) => list.drop((other) => other.noticeId === notice.noticeId)}
          onClose={() => {
            deciding.value = null;
          }}
        />
      )}
    </>
  );
}

function NoticeLine({
  notice,
  onLook,
  onDecide,
}: {
  notice: PaymentNotice;
  onLook: () => void;
  onDecide: () => void;
}) {
  const isUnclear = notice.outcome === 'unclear';
  return (
    <li class={`line card${isUnclear ? ' line-alarm' : ''}`} data-notice={notice.noticeId}>
      <div class="line-what">
        <h2 class="line-name">
          {words(`source_${notice.source}`)}{' '}
          <span class={`badge${isUnclear ? ' badge-bad' : ''}`}>
            {words(`outcome_${notice.outcome}`)}
          </span>
        </h2>
        <p>{whyOf(notice)}</p>
        {notice.words !== undefined && (
          <p class="buyer-note">{words('gatewaySays', { words: notice.words })}</p>
        )}
        <p class="muted small">
          {words('payment', { id: notice.paymentId })} ·{' '}
          {words('times', { count: notice.count, time: dateTime(notice.lastAt) })}
        </p>
      </div>
      <div class="line-actions">
        {notice.orderId !== '' && (
          <button type="button" class="button" onClick={onLook}>
            {trade('detail')}
          </button>
        )}
        {isUnclear && (
          <button
            type="button"
            class="button button-primary"
            aria-label={words('decideOf', { id: notice.paymentId })}
            disabled={!isOwner.value}
            onClick={onDecide}
          >
            {words('decide')}
          </button>
        )}
      </div>
    </li>
  );
}

/** The reasons that a person has to understand; the others are said by the outcome. */
function whyOf({ reason, decision }: PaymentNotice): string | null {
  if (decision !== undefined) return words('why_decided', { note: decision.note ?? decision.by });
  if (reason === 'gateway_unclear' || reason === 'returned_before') return words(`why_${reason}`);
  return null;
}

function DecideDialog({
  notice,
  onDone,
  onClose,
}: {
  notice: PaymentNotice;
  onDone: (notice: PaymentNotice) => void;
  onClose: () => void;
}) {
  const money = useSignal<'came' | 'none'>('none');
  const note = useSignal('');
  const run = async () => {
    const text = note.value.trim();
    const body = { money: money.value, ...(text === '' ? {} : { note: text }) };
    const outcome = await api.decideNotice(notice.noticeId, body);
    if (outcome.ok) {
      const isUnclear = outcome.data.notice.outcome === 'unclear';
      if (!isUnclear) onDone(notice);
      toast(words(isUnclear ? 'stillUnclear' : 'decided'), isUnclear ? 'bad' : 'good');
    }
    return outcome;
  };
  return (
    <ConfirmDialog
      title={words('decideTitle')}
      yes={words('decide')}
      no={words('doneNo')}
      run={run}
      onClose={onClose}
    >
      <p>{words('decideLead', { id: notice.paymentId })}</p>
      <Segments
        label={words('decideTitle')}
        value={money.value}
        options={(['none', 'came'] as const).map((value) => ({ value, label: words(value) }))}
        onChange={(next) => {
          money.value = next;
        }}
      />
      <p class="muted small">{words(`${money.value}Help`)}</p>
      <Field label={words('note')} name="note" value={note} />
    </ConfirmDialog>
  );
}
