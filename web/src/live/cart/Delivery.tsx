import { useSignal } from '@preact/signals';
import { recipient as remembered } from '../me.js';
import { buy } from '../purchaseMessages.js';
import { rules } from '../state.js';
import { draft, edit, FIELDS, filledIn } from './draft.js';
import { OrderNote, RecipientForm } from './RecipientForm.js';
import { demanded, flaws, flawsOf } from './recipientCheck.js';

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
