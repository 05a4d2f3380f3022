import { type Signal, signal, useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { ItemCreate, ItemPatch, ItemView } from '../../../../src/protocol/item.js';
import type { CommandError } from '../../shared/messages.js';
import { toast } from '../../shared/toast.js';
import { catalogue } from '../messages/catalogue.js';
import { shell } from '../messages/shell.js';
import { api, issuesOf } from '../state/api.js';
import { Dialog, SubmitForm } from '../ui/Dialog.js';
import { Field } from '../ui/Field.js';
import { readWhole } from '../ui/numbers.js';
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

const ITEM_FIELDS = ['code', 'sku', 'name', 'price', 'stock', 'imageUrl'] as const;
type ItemField = (typeof ITEM_FIELDS)[number];
type ItemForm = Record<ItemField, Signal<string>>;
type ItemErrors = Partial<Record<ItemField, string>>;

const LONGEST = { code: 16, sku: 64, name: 200 } as const;

function itemForm(item: ItemView | null, code = ''): ItemForm {
  return {
    code: signal(item?.code ?? code),
    sku: signal(item?.sku ?? ''),
    name: signal(item?.name ?? ''),
    price: signal(item === null ? '' : String(item.price)),
    stock: signal(''),
    imageUrl: signal(item?.imageUrl ?? ''),
  };
}

/** The code that comes after those there are: A3 after A1 and A2; empty when they follow no such order. */
export function nextCode(codes: readonly string[]): string {
  const [, prefix, digits] = /^(.*?)(\d+)$/.exec(codes.at(-1) ?? '') ?? [];
  if (prefix === undefined || digits === undefined) return '';
  const numbers = codes.flatMap((code) => {
    const rest = code.startsWith(prefix) ? code.slice(prefix.length) : '';
    return /^\d{1,9}$/.test(rest) ? [Number(rest)] : [];
  });
  return prefix + String(Math.max(...numbers) + 1).padStart(digits.length, '0');
}

/** What is plainly wrong already here; the server judges the rest. */
function checkItem(form: ItemForm, isNew: boolean): ItemErrors {
  const errors: ItemErrors = {};
  for (const field of ['code', 'sku', 'name'] as const) {
    const length = form[field].value.trim().length;
    if ((length === 0 && !(isNew && field === 'sku')) || length > LONGEST[field]) {
      errors[field] = catalogue('bad_text', { max: LONGEST[field] });
    }
  }
  if (!isCount(form.price.value)) errors.price = catalogue('bad_price');
  if (isNew && !isCount(form.stock.value)) errors.stock = catalogue('bad_stock');
  return errors;
}

function isCount(text: string): boolean {
  const value = readWhole(text);
  return value !== null && value >= 0;
}

function newItem(form: ItemForm): ItemCreate {
  const imageUrl = form.imageUrl.value.trim();
  return {
    code: form.code.value.trim(),
    sku: form.sku.value.trim() || form.code.value.trim(),
    name: form.name.value.trim(),
    price: readWhole(form.price.value) ?? 0,
    stock: readWhole(form.stock.value) ?? 0,
    ...(imageUrl === '' ? {} : { imageUrl }),
  };
}

/** Only what was changed: somebody else may be editing the rest. */
function changesOf(form: ItemForm, item: ItemView): ItemPatch {
  const patch: ItemPatch = {};
  for (const field of ['code', 'sku', 'name'] as const) {
    const text = form[field].value.trim();
    if (text !== item[field]) patch[field] = text;
  }
  const price = readWhole(form.price.value);
  if (price !== null && price !== item.price) patch.price = price;
  const imageUrl = form.imageUrl.value.trim();
  if (imageUrl !== (item.imageUrl ?? '')) patch.imageUrl = imageUrl === '' ? null : imageUrl;
  return patch;
}

/** The server's refusal as words beside the fields. */
function errorsOf(error: CommandError): ItemErrors {
  if (error.code === 'ALREADY_EXISTS') return { code: wordsFor('code') };
  const errors: ItemErrors = {};
  for (const path of issuesOf(error).keys()) {
    const field = ITEM_FIELDS.find((known) => known === path);
    if (field !== undefined) errors[field] = wordsFor(field);
  }
  return errors;
}

function wordsFor(field: ItemField): string {
  switch (field) {
    case 'code':
      return catalogue('bad_codeTaken');
    case 'price':
      return catalogue('bad_price');
    case 'stock':
      return catalogue('bad_stock');
    case 'imageUrl':
      return catalogue('bad_url');
    case 'sku':
    case 'name':
      return catalogue('bad_other');
    default:
      return field satisfies never;
  }
}
