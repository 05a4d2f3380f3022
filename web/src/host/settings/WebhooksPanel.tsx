import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { PUBLIC_EVENT_TYPES } from '../../../../src/protocol/public-event-types.js';
import type { Webhook, WebhookCreate } from '../../../../src/protocol/webhook.js';
import { dateTime } from '../../shared/format.js';
import type { CommandError } from '../../shared/messages.js';
import { toast } from '../../shared/toast.js';
import { hostErrorText } from '../messages/errors.js';
import { webhookWords as words } from '../messages/webhooks.js';
import { api, issuesOf } from '../state/api.js';
import { ConfirmDialog } from '../ui/Dialog.js';
import { Field, ReadOnly, Segments } from '../ui/Field.js';
import { PanelForm, ShownOnce } from './PanelForm.js';
import { WebhookDeliveries } from './WebhookDeliveries.js';

type Opened = { dialog: 'deliveries' | 'remove'; webhook: Webhook };

/** The systems that receive the events of the shop: add, pause, resume, new secret, deliveries, replay. */
export function WebhooksPanel() {
  const webhooks = useSignal<readonly Webhook[] | null>(null);
  const error = useSignal<CommandError | null>(null);
  const opened = useSignal<Opened | null>(null);
  const secret = useSignal<Secret | null>(null);
  const load = () =>
    void api.webhooks().then((outcome) => {
      if (outcome.ok) webhooks.value = outcome.data.items;
      else error.value = outcome.error;
    });
  // biome-ignore lint/correctness/useExhaustiveDependencies: once
  useEffect(load, []);
  const put = (webhook: Webhook) => {
    const isIt = (one: Webhook) => one.webhookId === webhook.webhookId;
    webhooks.value = (webhooks.peek() ?? []).map((one) => (isIt(one) ? webhook : one));
  };
  const patch = async (webhook: Webhook, body: Parameters<typeof api.patchWebhook>[1]) => {
    const outcome = await api.patchWebhook(webhook.webhookId, body);
    if (!outcome.ok) {
      toast(hostErrorText(outcome.error), 'bad');
      return;
    }
    const { secret: text, ...changed } = outcome.data.webhook;
    put(changed);
    if (text !== undefined) secret.value = { text, isNew: false };
    else toast(words(changed.status === 'active' ? 'resumed' : 'paused'), 'good');
  };
  const remove = async ({ webhookId }: Webhook) => {
    const outcome = await api.removeWebhook(webhookId);
    if (outcome.ok) {
      webhooks.value = (webhooks.peek() ?? []).filter((one) => one.webhookId !== webhookId);
      toast(words('removed'), 'good');
    }
    return outcome;
  };
  const close = () => {
    opened.value = null;
  };
  return (
    <section class="settings-panel">
      <h2>{words('title')}</h2>
      <p class="muted">{words('lead')}</p>
      <WebhookForm
        onAdded={(text) => {
          secret.value = { text, isNew: true };
          load();
        }}
      />
      {error.value !== null && <p class="field-error">{hostErrorText(error.value)}</p>}
      {webhooks.value?.length === 0 && <p class="muted">{words('none')}</p>}
      <ul>
        {(webhooks.value ?? []).map((webhook) => (
          <WebhookLine
            key={webhook.webhookId}
            webhook={webhook}
            onPatch={(body) => patch(webhook, body)}
            onOpen={(dialog) => {
              opened.value = { dialog, webhook };
            }}
          />
        ))}
      </ul>
      {secret.value !== null && (
        <SecretDialog
          {...secret.value}
          onClose={() => {
            secret.value = null;
          }}
        />
      )}
      {opened.value?.dialog === 'deliveries' && (
        <WebhookDeliveries webhook={opened.value.webhook} onChange={put} onClose={close} />
      )}
      {opened.value?.dialog === 'remove' && (
        <Removal {...opened.value} run={remove} onClose={close} />
      )}
    </section>
  );
}

function WebhookLine({
  webhook,
  onPatch,
  onOpen,
}: {
  webhook: Webhook;
  onPatch: (body: { status: Webhook['status'] } | { rotateSecret: true }) => Promise<void>;
  onOpen: (dialog: Opened['dialog']) => void;
}) {
  const { webhookId, url, status, types } = webhook;
  const isBusy = useSignal(false);
  const change = async (body: Parameters<typeof onPatch>[0]) => {
    isBusy.value = true;
    await onPatch(body);
    isBusy.value = false;
  };
  const isOn = status === 'active';
  const actions = [
    { what: words('deliveries'), run: () => onOpen('deliveries') },
    {
      what: words(isOn ? 'pause' : 'resume'),
      run: () => void change({ status: isOn ? 'off' : 'active' }),
    },
    { what: words('rotate'), run: () => void change({ rotateSecret: true }) },
    { what: words('remove'), run: () => onOpen('remove'), isDanger: true },
  ];
  return (
    <li class="change-line" data-webhook={webhookId}>
      <p>
        <b>{url}</b> <span class="badge">{words(`state_${status}`)}</span>
      </p>
      <p class="muted small">
        {[words('count', { count: types.length }), troubleOf(webhook)].filter(Boolean).join(' · ')}
      </p>
      <p class="panel-actions">
        {actions.map(({ what, run, isDanger }) => (
          <button
            key={what}
            type="button"
            class={`button${isDanger ? ' button-danger' : ''}`}
            aria-label={words('of', { what, url })}
            disabled={isBusy.value}
            onClick={run}
          >
            {what}
          </button>
        ))}
      </p>
    </li>
  );
}

function troubleOf({ status, reason, failingSince }: Webhook): string | undefined {
  if (status === 'off') return reason === undefined ? undefined : words('off_failed');
  return failingSince === undefined
    ? undefined
    : words('failing', { time: dateTime(failingSince) });
}

interface Secret {
  text: string;
  isNew: boolean;
}

function SecretDialog({ text, isNew, onClose }: Secret & { onClose: () => void }) {
  return (
    <ShownOnce title={words('secretTitle')} done={words('done')} onClose={onClose}>
      <p>
        {words('secretLead')} {!isNew && words('secretOld')}
      </p>
      <ReadOnly label={words('secret')} help={words('secretHelp')} value={text} />
    </ShownOnce>
  );
}

function Removal({
  webhook,
  run,
  onClose,
}: {
  webhook: Webhook;
  run: (webhook: Webhook) => ReturnType<typeof api.removeWebhook>;
  onClose: () => void;
}) {
  return (
    <ConfirmDialog
      title={words('removeTitle')}
      yes={words('removeYes')}
      no={words('no')}
      danger
      run={() => run(webhook)}
      onClose={onClose}
    >
      <p>{words('removeLead', { url: webhook.url })}</p>
    </ConfirmDialog>
  );
}

/** What most systems want to receive, by the records; the API takes any of the types. */
const CHOICES = ['all', 'orders', 'bookings'] as const;
const TYPES: Record<(typeof CHOICES)[number], WebhookCreate['types']> = {
  all: undefined,
  orders: typesOf('order', 'payment', 'refund'),
  bookings: typesOf('booking', 'waitlist'),
};

function typesOf(...records: string[]): WebhookCreate['types'] {
  return PUBLIC_EVENT_TYPES.filter((type) => records.includes(type.split('.')[0] ?? ''));
}

function WebhookForm({ onAdded }: { onAdded: (secret: string) => void }) {
  const url = useSignal('');
  const choice = useSignal<(typeof CHOICES)[number]>('all');
  const add = async () => {
    const types = TYPES[choice.value];
    const outcome = await api.createWebhook({ url: url.value.trim(), ...(types && { types }) });
    if (!outcome.ok) return outcome.error;
    url.value = '';
    onAdded(outcome.data.webhook.secret ?? '');
    return null;
  };
  const urlError = (refusal: CommandError) =>
    issuesOf(refusal).has('url') ? words('badUrl') : hostErrorText(refusal);
  return (
    <PanelForm adds yes={words('add')} isReady={url.value.trim() !== ''} submit={add}>
      {(refusal) => (
        <>
          <Field
            label={words('url')}
            help={words('urlHelp')}
            error={refusal === null ? undefined : urlError(refusal)}
            name="webhookUrl"
            kind="url"
            wide
            value={url}
          />
          <Segments
            label={words('types')}
            value={choice.value}
            options={CHOICES.map((value) => ({ value, label: words(`types_${value}`) }))}
            onChange={(next) => {
              choice.value = next;
            }}
          />
        </>
      )}
    </PanelForm>
  );
}
