import { useSignal } from '@preact/signals';
import type { HostOrder } from '../../../../src/protocol/http.js';
import type { Order, OrderPatch } from '../../../../src/protocol/order.js';
import type { CommandError } from '../../shared/messages.js';
import { toast } from '../../shared/toast.js';
import { hostErrorText } from '../messages/errors.js';
import { parcels as words } from '../messages/parcels.js';
import { shell } from '../messages/shell.js';
import { api } from '../state/api.js';
import { Field, Labelled, Segments } from '../ui/Field.js';
import { FULFILMENTS } from './statuses.js';

/** How far a paid order has come. The buyer is notified of the steps at once; texts wait for Save. */
export function ParcelForm({
  order,
  hostNote,
  onChange,
}: {
  order: Order;
  hostNote: string;
  onChange: (order: HostOrder) => void;
}) {
  const tracking = useSignal(order.tracking ?? '');
  const note = useSignal(hostNote);
  const busy = useSignal(false);
  const failure = useSignal<CommandError | null>(null);
  const isChanged =
    tracking.value.trim() !== (order.tracking ?? '') || note.value.trim() !== hostNote;
  const patch = async (changes: OrderPatch) => {
    busy.value = true;
    const outcome = await api.patchOrder(order.orderId, changes);
    busy.value = false;
    failure.value = outcome.ok ? null : outcome.error;
    if (!outcome.ok) return;
    toast(words('saved', { code: order.code }), 'good');
    onChange(outcome.data.order);
  };
  const texts = { tracking: tracking.value.trim(), hostNote: note.value.trim() };
  return (
    <form
      class="parcel"
      onSubmit={(event) => {
        event.preventDefault();
        void patch(texts);
      }}
    >
      <h3>{words('fulfilment')}</h3>
      <Segments
        label={words('fulfilment')}
        value={order.fulfilment}
        options={FULFILMENTS.map((value) => ({ value, label: words(`fulfilment_${value}`) }))}
        // What has been typed goes along: who marks a parcel as shipped has its number.
        onChange={(fulfilment) => void patch({ fulfilment, ...texts })}
      />
      <Field
        label={words('tracking')}
        help={words('trackingHelp')}
        name="tracking"
        value={tracking}
      />
      <Labelled
        label={words('hostNote')}
        help={words('hostNoteHelp')}
        wide
        control={(attributes) => (
          <textarea
            {...attributes}
            class="input"
            name="hostNote"
            rows={2}
            maxLength={1_000}
            value={note}
            onInput={(event) => {
              note.value = event.currentTarget.value;
            }}
          />
        )}
      />
      {failure.value !== null && (
        <p class="field-error" role="alert">
          {hostErrorText(failure.value)}
        </p>
      )}
      {isChanged && (
        <button type="submit" class="button button-primary" disabled={busy.value}>
          {busy.value ? shell('saving') : shell('save')}
        </button>
      )}
    </form>
  );
}
