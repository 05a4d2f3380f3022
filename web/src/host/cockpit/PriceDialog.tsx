import { useSignal } from '@preact/signals';
import type { ItemView } from '../../../../src/protocol/item.js';
import { catalogue } from '../messages/catalogue.js';
import { cockpit } from '../messages/cockpit.js';
import { hostErrorText } from '../messages/errors.js';
import { shell } from '../messages/shell.js';
import { Dialog } from '../ui/Dialog.js';
import { Field } from '../ui/Field.js';
import { readWhole } from '../ui/numbers.js';
import { SubmitForm } from '../ui/SubmitForm.js';
import { changePrice } from './actions.js';

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
