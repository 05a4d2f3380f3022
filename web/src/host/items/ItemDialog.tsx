import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { ItemView } from '../../../../src/protocol/item.js';
import type { CommandError } from '../../shared/messages.js';
import { toast } from '../../shared/toast.js';
import { catalogue } from '../messages/catalogue.js';
import { shell } from '../messages/shell.js';
import { api } from '../state/api.js';
import { Dialog } from '../ui/Dialog.js';
import { Field } from '../ui/Field.js';
import { SubmitForm } from '../ui/SubmitForm.js';
import {
  changesOf,
  checkItem,
  errorsOf,
  type ItemErrors,
  type ItemForm,
  itemForm,
  newItem,
} from './itemForm.js';
import { PhotoField } from './PhotoField.js';

/** Creates an item, or edits one. `quick`: only what cannot wait while selling; the SKU is then the code. */
export function ItemDialog({
  item,
  quick = false,
  code,
  onDone,
  onClose,
}: {
  item: ItemView | null;
  quick?: boolean;
  /** A code to begin with. */
  code?: string;
  onDone: (item: ItemView) => void;
  onClose: () => void;
}) {
  const form = useMemo(() => itemForm(item, code), [item, code]);
  const errors = useSignal<ItemErrors>({});
  const save = async (): Promise<CommandError | null> => {
    errors.value = checkItem(form, item === null);
    if (Object.keys(errors.value).length > 0) return null;
    const outcome = await (item === null
      ? api.createItem(newItem(form))
      : api.patchItem(item.itemId, changesOf(form, item)));
    if (outcome.ok) {
      const saved = outcome.data.item;
      toast(catalogue(item === null ? 'created' : 'saved', { name: saved.name }), 'good');
      onDone(saved);
      onClose();
      return null;
    }
    errors.value = errorsOf(outcome.error);
    return Object.keys(errors.value).length === 0 ? outcome.error : null;
  };
  const title = item === null ? catalogue('newItem') : catalogue('editItem', { name: item.name });
  return (
    <Dialog title={title} onClose={onClose}>
      <SubmitForm yes={shell('save')} submit={save} onClose={onClose}>
        {quick ? (
          <QuickFields form={form} errors={errors.value} />
        ) : (
          <ItemFields form={form} errors={errors.value} isNew={item === null} />
        )}
      </SubmitForm>
    </Dialog>
  );
}

interface FieldsProps {
  form: ItemForm;
  errors: ItemErrors;
}

const fieldOf =
  ({ form, errors }: FieldsProps) =>
  (name: keyof ItemForm) => ({ name, value: form[name], error: errors[name] });

function QuickFields(props: FieldsProps) {
  const field = fieldOf(props);
  return (
    <>
      <div class="field-pair field-pair-short">
        <Field {...field('code')} label={catalogue('code')} />
        <Field {...field('name')} label={catalogue('nameShort')} focusFirst />
      </div>
      <div class="field-pair">
        <Field {...field('price')} kind="whole" label={catalogue('price')} />
        <Field {...field('stock')} kind="whole" label={catalogue('stock')} />
      </div>
      <PhotoField value={props.form.imageUrl} camera />
    </>
  );
}

function ItemFields({ form, errors, isNew }: FieldsProps & { isNew: boolean }) {
  const field = fieldOf({ form, errors });
  return (
    <>
      <div class="field-pair">
        <Field
          {...field('code')}
          label={catalogue('code')}
          help={catalogue('codeHelp')}
          focusFirst
        />
        <Field
          {...field('sku')}
          label={catalogue('sku')}
          help={catalogue(isNew ? 'skuHelpNew' : 'skuHelp')}
        />
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
      <PhotoField value={form.imageUrl} camera={false} />
      <Field
        {...field('imageUrl')}
        kind="url"
        label={catalogue('imageUrl')}
        help={catalogue('imageUrlHelp')}
      />
    </>
  );
}
