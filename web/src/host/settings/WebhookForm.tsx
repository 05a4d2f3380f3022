import { useSignal } from '@preact/signals';
import type { WebhookCreate } from '../../../../src/protocol/webhook.js';
import type { CommandError } from '../../shared/messages.js';
import { hostErrorText } from '../messages/errors.js';
import { webhookWords as words } from '../messages/webhooks.js';
import { api, issuesOf } from '../state/api.js';
import { Field } from '../ui/Field.js';
import { Segments } from '../ui/Segments.js';

/** What most systems want to hear of; the API takes any of the types. */
const CHOICES = ['all', 'orders', 'bookings'] as const;
const TYPES: Record<(typeof CHOICES)[number], WebhookCreate['types']> = {
  all: undefined,
  orders: [
    'order.placed',
    'order.paid',
    'order.expired',
    'order.cancelled',
    'order.needs_refund',
    'order.refunded',
    'order.fulfilment',
    'payment.claimed',
    'refund.opened',
    'refund.done',
  ],
  bookings: [
    'booking.created',
    'booking.cancelled',
    'booking.expired',
    'booking.restored',
    'waitlist.served',
  ],
};

export function WebhookForm({ onAdded }: { onAdded: (secret: string) => void }) {
  const url = useSignal('');
  const choice = useSignal<(typeof CHOICES)[number]>('all');
  const error = useSignal<CommandError | null>(null);
  const isBusy = useSignal(false);
  const add = async () => {
    isBusy.value = true;
    const types = TYPES[choice.value];
    const outcome = await api.createWebhook({ url: url.value.trim(), ...(types && { types }) });
    isBusy.value = false;
    error.value = outcome.ok ? null : outcome.error;
    if (!outcome.ok) return;
    url.value = '';
    onAdded(outcome.data.webhook.secret ?? '');
  };
  const isBad = error.value !== null && issuesOf(error.value).has('url');
  return (
    <form
      class="invite"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <Field
        label={words('url')}
        help={words('urlHelp')}
        error={isBad ? words('badUrl') : error.value ? hostErrorText(error.value) : undefined}
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
      <p class="panel-actions">
        <button
          type="submit"
          class="button button-primary"
          disabled={isBusy.value || url.value.trim() === ''}
        >
          {words('add')}
        </button>
      </p>
    </form>
  );
}
