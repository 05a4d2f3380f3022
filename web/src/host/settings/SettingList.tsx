import type { Signal } from '@preact/signals';
import { useId, useRef } from 'preact/hooks';
import type { ListSetting, Words } from '../../../../src/protocol/settings-kinds.js';
import { fill, inLocale, locale } from '../../shared/i18n.js';
import { settings as words } from '../messages/settings.js';
import { Icon } from '../ui/Icon.js';
import { SettingInput } from './SettingInput.js';
import { newRow, type Row } from './settingsForm.js';

/** A setting that is a list: its rows, each with a button that takes it away, and one that adds another. */
export function SettingList({
  setting,
  path,
  rows,
  wrong,
  changed,
}: {
  setting: ListSetting;
  path: string;
  rows: Signal<readonly Row[]>;
  wrong: ReadonlySet<string>;
  changed: boolean;
}) {
  const id = useId();
  const place = useRef<HTMLFieldSetElement>(null);
  const add = () => {
    rows.value = [...rows.value, newRow(setting)];
    const added = `input[name^="${path}.${rows.value.length - 1}."]`;
    requestAnimationFrame(() => place.current?.querySelector<HTMLElement>(added)?.focus());
  };
  const remove = (key: number) => {
    rows.value = rows.value.filter((row) => row.key !== key);
    place.current?.querySelector<HTMLElement>('.setting-list-add')?.focus();
  };
  return (
    <fieldset
      ref={place}
      class={`setting-list${changed ? ' field-changed' : ''}`}
      data-path={path}
      aria-describedby={`${id}-help`}
    >
      <legend class="field-label">{inLocale(setting.label)}</legend>
      <p id={`${id}-help`} class="field-help">
        {inLocale(setting.help)} {words('atMost', { count: setting.maxRows })}
      </p>
      {wrong.has(path) && <p class="field-error">{badList(setting)}</p>}
      {rows.value.map((row, index) => (
        <ListRow
          key={row.key}
          setting={setting}
          path={`${path}.${index}`}
          title={rowTitle(setting.row, index)}
          row={row}
          wrong={wrong}
          onRemove={() => remove(row.key)}
        />
      ))}
      <button
        type="button"
        class="button setting-list-add"
        disabled={rows.value.length >= setting.maxRows}
        onClick={add}
      >
        <Icon name="plus" />
        {words('addRow', { row: rowTitle(setting.row, rows.value.length) })}
      </button>
    </fieldset>
  );
}

function ListRow({
  setting,
  path,
  title,
  row,
  wrong,
  onRemove,
}: {
  setting: ListSetting;
  path: string;
  title: string;
  row: Row;
  wrong: ReadonlySet<string>;
  onRemove: () => void;
}) {
  return (
    <fieldset class="setting-row">
      <legend class="setting-row-title">{title}</legend>
      {Object.entries(setting.fields).map(([name, field]) => {
        const cell = row.cells.get(name);
        const cellPath = `${path}.${name}`;
        return (
          cell && (
            <SettingInput
              key={name}
              setting={field}
              name={cellPath}
              value={cell}
              wrong={wrong.has(cellPath)}
            />
          )
        );
      })}
      <button type="button" class="button setting-row-remove" onClick={onRemove}>
        {words('removeRow', { row: title })}
      </button>
    </fieldset>
  );
}

function rowTitle(row: Words, index: number): string {
  return fill(inLocale(row), { n: index + 1 }, locale.value);
}

function badList({ fields, uniqueField, maxRows }: ListSetting): string {
  const unique = uniqueField === undefined ? undefined : fields[uniqueField];
  if (unique === undefined) return words('atMost', { count: maxRows });
  return words('bad_list', { field: inLocale(unique.label), count: maxRows });
}
