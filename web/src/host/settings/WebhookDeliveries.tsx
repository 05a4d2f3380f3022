import { useEffect, useMemo } from 'preact/hooks';
import type { Webhook, WebhookDelivery } from '../../../../src/protocol/webhook.js';
import { dateTime } from '../../shared/format.js';
import { toast } from '../../shared/toast.js';
import { hostErrorText } from '../messages/errors.js';
import { webhookWords as words } from '../messages/webhooks.js';
import { api } from '../state/api.js';
import { Dialog } from '../ui/Dialog.js';
import { createPagedList, ListFoot } from '../ui/pagedList.js';

/** Every attempt and its answer; from each on, or from the oldest, all can be sent again. */
export function WebhookDeliveries({
  webhook: { webhookId, url },
  onChange,
  onClose,
}: {
  webhook: Webhook;
  onChange: (webhook: Webhook) => void;
  onClose: () => void;
}) {
  const list = useMemo(() => createPagedList<WebhookDelivery>(), []);
  const load = () => void list.load((page) => api.webhookDeliveries(webhookId, page));
  // biome-ignore lint/correctness/useExhaustiveDependencies: once
  useEffect(load, []);
  const replay = async (after: string) => {
    const outcome = await api.replayWebhook(webhookId, after);
    if (!outcome.ok) {
      toast(hostErrorText(outcome.error), 'bad');
      return;
    }
    onChange(outcome.data.webhook);
    toast(words('replayed'), 'good');
  };
  return (
    <Dialog title={words('listTitle', { url })} onClose={onClose} wide>
      <div class="dialog-body">
        <p class="muted">{words('listLead')}</p>
        <ul>
          {(list.rows.value ?? []).map((delivery) => (
            <Attempt
              key={`${delivery.eventId} ${delivery.at}`}
              delivery={delivery}
              replay={() => void replay(delivery.eventId)}
            />
          ))}
        </ul>
        <ListFoot list={list} empty={words('noDeliveries')} />
        <p class="muted small">{words('replayHelp')}</p>
      </div>
      <div class="dialog-foot">
        <button type="button" class="button" onClick={() => void replay('0-0')}>
          {words('replayAll')}
        </button>
        <button type="button" class="button" onClick={load}>
          {words('refresh')}
        </button>
        <button type="button" class="button button-primary" onClick={onClose}>
          {words('close')}
        </button>
      </div>
    </Dialog>
  );
}

function Attempt({ delivery, replay }: { delivery: WebhookDelivery; replay: () => void }) {
  const { type, at, ok, status, error, answer, tookMs } = delivery;
  const came = status === undefined ? words('noAnswer') : `HTTP ${status}`;
  return (
    <li class="change-line" data-delivery={ok ? 'ok' : 'failed'}>
      <p>
        <b>{type}</b> <span class={`badge${ok ? '' : ' badge-bad'}`}>{came}</span>
      </p>
      <p class="muted small">
        {[dateTime(at), words('took', { ms: tookMs }), error, answer].filter(Boolean).join(' · ')}
      </p>
      <p>
        <button
          type="button"
          class="button"
          aria-label={words('replayOf', { type, time: dateTime(at) })}
          onClick={replay}
        >
          {words('replay')}
        </button>
      </p>
    </li>
  );
}
