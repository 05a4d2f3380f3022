import { useSignal } from '@preact/signals';
import { type AnswerOf, newRequestId } from '../../../../src/client/index.js';
import type { HostBookingCreate } from '../../../../src/protocol/booking.js';
import { time } from '../../shared/format.js';
import type { CommandError } from '../../shared/messages.js';
import { QrCode } from '../../shared/QrCode.js';
import { bookings as words } from '../messages/bookings.js';
import { api } from '../state/api.js';
import { remember } from '../state/people.js';
import { learn, live } from '../state/room.js';
import { Dialog, SubmitForm } from '../ui/Dialog.js';
import { Field, Labelled } from '../ui/Field.js';
import { readWhole } from '../ui/numbers.js';
import { ShareLink } from '../ui/ShareLink.js';
import type { Writer } from './selection.js';

const SOURCES = {
  tiktok: 'TikTok',
  instagram: 'Instagram',
  whatsapp: 'WhatsApp',
  shopee: 'Shopee',
};
const LONGEST_NAME = 64;

type Booked = AnswerOf<'POST /bookings'>;
type Errors = Partial<Record<'code' | 'quantity' | 'name' | 'handle', string>>;

/** Books for who writes a comment or calls; then shows the link that leads them to their own cart. */
export function BookForDialog({
  code,
  writer,
  onClose,
}: {
  code: string;
  writer?: Writer | undefined;
  onClose: () => void;
}) {
  const booked = useSignal<Booked | null>(null);
  return (
    <Dialog title={words('forTitle')} onClose={onClose}>
      {booked.value === null ? (
        <BookForForm
          code={code}
          writer={writer}
          onClose={onClose}
          onBooked={(answer) => {
            booked.value = answer;
          }}
        />
      ) : (
        <BookedFor
          booked={booked.value}
          onClose={onClose}
          onAnother={() => {
            booked.value = null;
          }}
        />
      )}
    </Dialog>
  );
}

function BookForForm({
  code,
  writer,
  onClose,
  onBooked,
}: {
  code: string;
  writer: Writer | undefined;
  onClose: () => void;
  onBooked: (booked: Booked) => void;
}) {
  const form = {
    code: useSignal(code),
    quantity: useSignal('1'),
    name: useSignal(writer?.name.slice(0, LONGEST_NAME) ?? ''),
    handle: useSignal(writer?.handle ?? ''),
    source: useSignal(writer?.source ?? 'tiktok'),
  };
  const errors = useSignal<Errors>({});
  const sent = useSignal<{ body: string; requestId: string } | null>(null);
  const send = async (): Promise<CommandError | null> => {
    const wish = read(form);
    errors.value = wish.errors;
    const liveId = live.peek()?.liveId;
    if (wish.body === null || liveId === undefined) return null;
    // The same wish again is the same command repeated; another wish is another command.
    const body = JSON.stringify(wish.body);
    if (sent.value?.body !== body) sent.value = { body, requestId: newRequestId() };
    const { requestId } = sent.value;
    const outcome = await api.bookFor({ liveId, ...wish.body, requestId });
    if (outcome.ok) {
      sent.value = null;
      learn({ item: outcome.data.item });
      remember(outcome.data.viewer);
      onBooked(outcome.data);
    } else if (outcome.error.code === 'NOT_FOUND') {
      errors.value = { code: words('bad_code') };
    } else {
      return outcome.error;
    }
    return null;
  };
  const field = (name: keyof Errors) => ({ name, value: form[name], error: errors.value[name] });
  return (
    <SubmitForm yes={words('forApply')} submit={send} onClose={onClose}>
      <p class="muted">{words('forLead')}</p>
      <Field {...field('name')} label={words('forName')} focusFirst />
      <div class="field-pair">
        <Field {...field('code')} label={words('forCode')} />
        <Field {...field('quantity')} kind="whole" label={words('forQuantity')} />
      </div>
      <div class="field-pair">
        <Labelled
          label={words('forSource')}
          control={(attributes) => (
            <select
              {...attributes}
              class="input"
              name="source"
              value={form.source}
              onChange={(event) => {
                form.source.value = event.currentTarget.value;
              }}
            >
              {Object.entries(sourcesWith(form.source.value)).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          )}
        />
        <Field {...field('handle')} label={words('forHandle')} help={words('forHandleHelp')} />
      </div>
    </SubmitForm>
  );
}

/** Comments may come from places that have no name here. */
function sourcesWith(source: string): Record<string, string> {
  return { ...SOURCES, ...(source in SOURCES ? {} : { [source]: source }) };
}

type Form = Record<keyof Errors | 'source', { value: string }>;
type Wish = Pick<HostBookingCreate, 'code' | 'quantity' | 'viewer'>;

function read(form: Form): { body: Wish | null; errors: Errors } {
  const errors: Errors = {};
  const code = form.code.value.trim();
  const name = form.name.value.trim();
  const account = form.handle.value.trim().replace(/^@/, '');
  const quantity = readWhole(form.quantity.value);
  if (code === '') errors.code = words('bad_codeEmpty');
  if (quantity === null || quantity < 1) errors.quantity = words('bad_quantity');
  if (name === '' || name.length > LONGEST_NAME) errors.name = words('bad_name');
  if (/\s/.test(account) || account.length > 100) errors.handle = words('bad_handle');
  if (Object.keys(errors).length > 0 || quantity === null) return { body: null, errors };
  const handle = account === '' ? {} : { handle: `${form.source.value}:${account}` };
  return { body: { code, quantity, viewer: { name, ...handle } }, errors };
}

function BookedFor({
  booked: { booking, item, viewer, claimUrl },
  onClose,
  onAnother,
}: {
  booked: Booked;
  onClose: () => void;
  onAnother: () => void;
}) {
  const facts = {
    viewer: viewer.name,
    quantity: booking.quantity,
    item: `${item.code} ${item.name}`,
    time: time(booking.expiresAt),
  };
  return (
    <>
      <div class="dialog-body" data-booked={booking.bookingId}>
        <p role="status">
          <b>{words('forMade', { ...facts, n: booking.sequence })}</b>
        </p>
        {claimUrl === undefined ? (
          <p class="muted">{words('forNoLink')}</p>
        ) : (
          <>
            <QrCode text={claimUrl} label={words('forQr', { viewer: viewer.name })} />
            <ShareLink
              label={words('forLink', { viewer: viewer.name })}
              help={words('forLinkHelp')}
              url={claimUrl}
              message={words('forMessage', { ...facts, url: claimUrl })}
            />
          </>
        )}
      </div>
      <div class="dialog-foot">
        <button type="button" class="button" onClick={onAnother}>
          {words('forAnother')}
        </button>
        <button type="button" class="button button-primary" onClick={onClose}>
          {words('forDone')}
        </button>
      </div>
    </>
  );
}
