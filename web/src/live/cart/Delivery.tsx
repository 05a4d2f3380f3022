import { useSignal } from '@preact/signals';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { ORDER_NOTE_LIMIT, RECIPIENT_LIMITS } from '../../../../src/protocol/recipient-limits.js';
import { number } from '../../shared/format.js';
import { recipient as remembered } from '../me.js';
import { buy } from '../purchaseMessages.js';
import { rules } from '../state.js';
import {
  demanded,
  draft,
  edit,
  editRecipient,
  FIELDS,
  type Field,
  type Flaw,
  filledIn,
  flaws,
  flawsOf,
  forgetFlaw,
  leadTo,
  type Place,
} from './draft.js';

/** How the order gets to the buyer. What is remembered is one line; what is lacking is asked. */
export function Delivery() {
  const isOpen = useSignal(isToBeAsked());
  const shown = isOpen.value || Object.keys(flaws.value).length > 0;
  const to = filledIn(draft.value.to);
  return (
    <section class="delivery" aria-labelledby="delivery-title">
      <h3 id="delivery-title">{buy(draft.value.delivery === 'ship' ? 'sendTo' : 'pickedUpBy')}</h3>
      {rules.value?.allowPickup === true && <DeliveryChoice />}
      {shown ? (
        <RecipientForm />
      ) : (
        <div class="recipient-line">
          <p class={to === undefined ? 'muted' : undefined}>
            {to === undefined ? buy('nobodyYet') : <Recipient />}
          </p>
          <button
            type="button"
            class="button"
            onClick={() => {
              isOpen.value = true;
            }}
          >
            {buy(to === undefined ? 'fillIn' : 'change')}
          </button>
        </div>
      )}
      <OrderNote />
    </section>
  );
}

/** What is lacking, and what was begun and never sent. */
function isToBeAsked(): boolean {
  const { to } = draft.peek();
  if (FIELDS.some((field) => to[field] !== (remembered.peek()?.[field] ?? ''))) return true;
  return Object.keys(flawsOf(draft.peek(), demanded.peek())).length > 0;
}

function Recipient() {
  const { to, delivery } = draft.value;
  const place = [to.address, to.district, to.city, to.postalCode].filter((text) => text !== '');
  return (
    <>
      <strong>{to.name}</strong> <span class="numeric">{to.phone}</span>
      {delivery === 'ship' && place.length > 0 && (
        <span class="recipient-place">{place.join(', ')}</span>
      )}
    </>
  );
}

const WAYS = ['ship', 'pickup'] as const;

function DeliveryChoice() {
  return (
    <fieldset class="methods delivery-choice">
      <legend class="visually-hidden">{buy('delivery')}</legend>
      {WAYS.map((way) => (
        <label key={way} class={`method${draft.value.delivery === way ? ' method-chosen' : ''}`}>
          <input
            type="radio"
            name="delivery"
            value={way}
            checked={draft.value.delivery === way}
            onChange={() => {
              flaws.value = {};
              edit({ delivery: way });
            }}
          />
          <span>
            <strong>{buy(way)}</strong>
            <span class="small muted">{buy(`${way}Hint`)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

interface Kind {
  autoComplete?: string;
  autoCapitalize?: 'words';
  type?: 'tel';
  inputMode?: 'tel' | 'numeric';
  /** Of text on more than one line. */
  rows?: number;
}

/** What fits each field: the phone's keyboard, and what its browser knows of the reader. */
const KINDS: Record<Field, Kind> = {
  name: { autoComplete: 'name', autoCapitalize: 'words' },
  phone: { autoComplete: 'tel', type: 'tel', inputMode: 'tel' },
  address: { autoComplete: 'street-address', rows: 3 },
  district: { autoComplete: 'address-level3' },
  city: { autoComplete: 'address-level2' },
  postalCode: { autoComplete: 'postal-code', inputMode: 'numeric' },
  note: { autoComplete: 'off', rows: 2 },
};
const CONTACT: readonly Field[] = ['name', 'phone'];
const SHIPPED: readonly Field[] = [...CONTACT, 'address', 'district', 'city', 'postalCode', 'note'];

/** Who gets the parcel, on one screen: of an order that is picked up, whom to call. */
function RecipientForm() {
  const { to, delivery } = draft.value;
  return (
    <div class="recipient">
      {(delivery === 'ship' ? SHIPPED : CONTACT).map((field) => (
        <TextField
          key={field}
          place={field}
          label={buy(`to_${field}`)}
          help={field === 'phone' ? buy('phoneHelp') : undefined}
          needed={demanded.value.has(field)}
          value={to[field]}
          most={RECIPIENT_LIMITS[field]}
          kind={KINDS[field]}
          onEdit={(text) => editRecipient(field, text)}
        />
      ))}
    </div>
  );
}

/** For the seller: "one in red, please". */
function OrderNote() {
  return (
    <TextField
      place="orderNote"
      label={buy('orderNote')}
      help={undefined}
      needed={false}
      value={draft.value.note}
      most={ORDER_NOTE_LIMIT}
      kind={{ rows: 2 }}
      onEdit={(note) => edit({ note })}
    />
  );
}

interface TextFieldProps {
  place: Place;
  label: string;
  help: string | undefined;
  needed: boolean;
  value: string;
  most: number;
  kind: Kind;
  onEdit: (text: string) => void;
}

function TextField(props: TextFieldProps) {
  const { place, label, help, needed, value, most, kind, onEdit } = props;
  const id = useId();
  const flaw = flaws.value[place];
  const field = useRef<HTMLDivElement>(null);
  const isLedTo = leadTo.value === place;
  // In the same moment as the words are drawn: what is typed after they are seen must not land in another field.
  useLayoutEffect(() => {
    if (!isLedTo) return;
    field.current?.querySelector<HTMLElement>('.input')?.focus();
    leadTo.value = null;
  }, [isLedTo]);
  const { rows, ...attributes } = kind;
  const shared = {
    id,
    class: 'input',
    name: place,
    value,
    required: needed,
    'aria-invalid': flaw !== undefined,
    'aria-describedby': `${id}-words`,
    onInput: (event: { currentTarget: { value: string } }) => {
      forgetFlaw(place);
      onEdit(event.currentTarget.value);
    },
  };
  return (
    <div class={`field field-${place}`} ref={field}>
      <label class="field-label" for={id}>
        {label} {!needed && <span class="muted small">{buy('optional')}</span>}
      </label>
      {/* No maxlength: what is pasted must not be cut off in silence. */}
      {rows === undefined ? (
        <input list={undefined} {...attributes} {...shared} />
      ) : (
        <textarea rows={rows} autoComplete={attributes.autoComplete ?? 'off'} {...shared} />
      )}
      <p id={`${id}-words`} class={flaw === undefined ? 'field-help' : 'field-error'}>
        {flaw === undefined ? help : flawText(flaw, place, { most, has: value.trim().length })}
      </p>
    </div>
  );
}

function flawText(flaw: Flaw, place: Place, { most, has }: { most: number; has: number }): string {
  if (flaw === 'tooLong') return buy('tooLong', { most: number(most), has: number(has) });
  if (flaw === 'missing') return buy(`missing_${place}`);
  if (flaw === 'notValid') return buy(place === 'phone' ? 'phoneNotValid' : 'notValid');
  return buy(flaw);
}
