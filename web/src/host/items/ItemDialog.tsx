import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { ItemView } from '../../../../src/protocol/item.js';
import type { CommandError } from '../../shared/messages.js';
import { toast } from '../../shared/toast.js';
import { api } from '../api.js';
import { catalogue } from '../messages/catalogue.js';
import { hostErrorText } from '../messages/errors.js';
import { shell } from '../messages/shell.js';
import { Dialog } from '../ui/Dialog.js';
import { Field } from '../ui/Field.js';
import {
  changesOf,
  checkItem,
  errorsOf,
  type ItemErrors,
  type ItemForm,
  itemForm,
  newItem,
} from './itemForm.js';

/** Creates an item, or edits one. */
export function ItemDialog({
  item,
  onDone,
  onClose,
}: {
  item: ItemView | null;
  onDone: (item: ItemView) => void;
  onClose: () => void;
}) {
  const form = useMemo(() => itemForm(item), [item]);
  const errors = useSignal<ItemErrors>({});
  const failure = useSignal<CommandError | null>(null);
  const busy = useSignal(false);
  const save = async () => {
    errors.value = checkItem(form, item === null);
    failure.value = null;
    if (Object.keys(errors.value).length > 0) return;
    busy.value = true;
    const outcome = await (item === null
      ? api.createItem(newItem(form))
      : api.patchItem(item.itemId, changesOf(form, item)));
    busy.value = false;
    if (outcome.ok) {
      const saved = outcome.data.item;
      toast(catalogue(item === null ? 'created' : 'saved', { name: saved.name }), 'good');
      onDone(saved);
      onClose();
    } else {
      errors.value = errorsOf(outcome.error);
      if (Object.keys(errors.value).length === 0) failure.value = outcome.error;
    }
  };
  const title = item === null ? catalogue('newItem') : catalogue('editItem', { name: item.name });
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        class="dialog-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <div class="dialog-body">
          <ItemFields form={form} errors={errors.value} isNew={item === null} />
          {failure.value !== null && (
            <p class="field-error" role="alert">
              {hostErrorText(failure.value)}
            </p>
          )}
        </div>
        <div class="dialog-foot">
          <button type="button" class="button" onClick={onClose}>
            {shell('cancel')}
          </button>
          <button type="submit" class="button button-primary" disabled={busy.value}>
            {shell('save')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function ItemFields({
  form,
  errors,
  isNew,
}: {
  form: ItemForm;
  errors: ItemErrors;
  isNew: boolean;
}) {
  const field = (name: keyof ItemForm) => ({ name, value: form[name], error: errors[name] });
  return (
    <>
      <div class="field-pair">
        <Field
          {...field('code')}
          label={catalogue('code')}
          help={catalogue('codeHelp')}
          focusFirst
        />
        <Field {...field('sku')} label={catalogue('sku')} help={catalogue('skuHelp')} />
      </div>
      <Field {...field('name')} label={catalogue('name')} help={catalogue('nameHelp')} />
      <div class="field-pair">
        <Field
          {...field('price')}
          kind="whole"
          label={catalogue('price')}
          help={catalogue('priceHelp')}
        />
        {isNew && (
          <Field
            {...field('stock')}
            kind="whole"
            label={catalogue('stock')}
            help={catalogue('stockHelp')}
          />
        )}
      </div>
      <Field
        {...field('imageUrl')}
        kind="url"
        label={catalogue('imageUrl')}
        help={catalogue('imageUrlHelp')}
      />
    </>
  );
}
