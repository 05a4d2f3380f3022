import { useSignal } from '@preact/signals';
import { newRequestId, type Outcome } from '../../../../src/client/index.js';
import type { ItemView } from '../../../../src/protocol/item.js';
import { number, rupiah } from '../../shared/format.js';
import { toast } from '../../shared/toast.js';
import { catalogue } from '../messages/catalogue.js';
import { cockpit } from '../messages/cockpit.js';
import { hostErrorText } from '../messages/errors.js';
import { shell } from '../messages/shell.js';
import { api } from '../state/api.js';
import { learn } from '../state/room.js';
import { Dialog, SubmitForm } from '../ui/Dialog.js';
import { Field } from '../ui/Field.js';
import { readWhole } from '../ui/numbers.js';

const STEPS = [-1, 1, 5, 10, 50] as const;

/** Adds to an item's stock, or takes away; the steps add up, so that a thumb can do it all. */
export function RestockDialog({
  item,
  onClose,
  onDone,
}: {
  item: Pick<ItemView, 'itemId' | 'name' | 'available'>;
  onClose: () => void;
  onDone?: (item: ItemView) => void;
}) {
  const text = useSignal('');
  const error = useSignal<string | undefined>(undefined);
  const attempt = useSignal<{ quantity: number; requestId: string } | null>(null);

  const step = (by: number) => {
    const sum = (readWhole(text.value) ?? 0) + by;
    text.value = sum > 0 ? `+${sum}` : String(sum);
  };
  const apply = async () => {
    const quantity = readWhole(text.value);
    if (quantity === null || quantity === 0) {
      error.value = catalogue('bad_quantity');
      return null;
    }
    // The same amount again is the same command repeated; another amount is another command.
    if (attempt.value?.quantity !== quantity) {
      attempt.value = { quantity, requestId: newRequestId() };
    }
    const outcome = await restock(item, quantity, attempt.value.requestId);
    if (outcome.ok) {
      onDone?.(outcome.data.item);
      onClose();
    } else {
      error.value = hostErrorText(outcome.error);
    }
    return null;
  };

  return (
    <Dialog title={cockpit('restockTitle', { name: item.name })} onClose={onClose}>
      <SubmitForm yes={cockpit('restockApply')} submit={apply} onClose={onClose}>
        <p class="muted">{cockpit('restockLead', { count: number(item.available) })}</p>
        <div class="steps">
          {STEPS.map((by) => (
            <button key={by} type="button" class="button numeric" onClick={() => step(by)}>
              {by > 0 ? `+${by}` : `−${-by}`}
            </button>
          ))}
        </div>
        <Field
          label={cockpit('restockQuantity')}
          name="quantity"
          kind="signed"
          value={text}
          error={error.value}
          focusFirst
        />
      </SubmitForm>
    </Dialog>
  );
}

type Named = Pick<ItemView, 'itemId' | 'name'>;

async function changePrice(item: Named, price: number): Promise<Outcome<unknown>> {
  const outcome = await api.patchItem(item.itemId, { price });
  if (outcome.ok) {
    learn(outcome.data);
    toast(cockpit('priceChanged', { name: item.name, price: rupiah(price) }), 'good');
  }
  return outcome;
}

/**
 * The request id is the caller's, who keeps it until there is an answer: pressing again after a lost answer
 * then adds nothing twice.
 */
async function restock(
  item: Named,
  quantity: number,
  requestId: string,
): Promise<Outcome<{ item: ItemView }>> {
  const outcome = await api.restock(item.itemId, { quantity, requestId });
  if (outcome.ok) {
    learn(outcome.data);
    const count = number(outcome.data.item.available);
    toast(cockpit('restocked', { name: item.name, count }), 'good');
  }
  return outcome;
}

export function PriceDialog({
  item,
  onClose,
}: {
  item: Pick<ItemView, 'itemId' | 'name' | 'price'>;
  onClose: () => void;
}) {
  const text = useSignal(String(item.price));
  const error = useSignal<string | undefined>(undefined);
  const apply = async () => {
    const price = readWhole(text.value);
    if (price === null || price < 0) {
      error.value = catalogue('bad_price');
      return null;
    }
    const outcome = await changePrice(item, price);
    if (outcome.ok) onClose();
    else error.value = hostErrorText(outcome.error);
    return null;
  };
  return (
    <Dialog title={cockpit('priceTitle', { name: item.name })} onClose={onClose}>
      <SubmitForm yes={shell('save')} submit={apply} onClose={onClose}>
        <Field
          label={cockpit('priceLabel')}
          help={cockpit('priceLead')}
          name="price"
          kind="whole"
          value={text}
          error={error.value}
          focusFirst
        />
      </SubmitForm>
    </Dialog>
  );
}
