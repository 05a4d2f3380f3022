import { type ReadonlySignal, type Signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { Order } from '../../../../src/protocol/order.js';
import { parcels } from '../messages/parcels.js';
import { trade } from '../messages/trade.js';
import { transfersWords } from '../messages/transfers.js';
import { go } from '../route.js';
import { SHEETS, type Sheet } from './sheets.js';

/** Looks for orders. Arrow down goes into the list below. */
export function SearchField({
  value,
  onEnter,
  onCtrlEnter,
}: {
  value: Signal<string>;
  onEnter?: () => void;
  onCtrlEnter?: () => void;
}) {
  return (
    <label class="search-field">
      <span class="visually-hidden">{trade('search')}</span>
      <input
        class="input"
        name="q"
        type="search"
        autocomplete="off"
        spellcheck={false}
        placeholder={trade('searchHint')}
        value={value}
        onInput={(event) => {
          value.value = event.currentTarget.value;
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') {
            document.querySelector<HTMLElement>('.lines .row-check')?.focus();
          } else if (event.key !== 'Enter' || event.repeat) return;
          else if (event.ctrlKey || event.metaKey) onCtrlEnter?.();
          else onEnter?.();
          event.preventDefault();
        }}
      />
    </label>
  );
}

/** What can be done with the orders that are chosen; stays in sight below the list. */
export function ChoiceBar({
  summary,
  orders,
  onNone,
  children,
}: {
  summary: string;
  orders: readonly Order[];
  onNone: () => void;
  children?: ComponentChildren;
}) {
  return (
    <div class="choice-bar">
      <p role="status">{summary}</p>
      <button type="button" class="button" onClick={onNone}>
        {transfersWords('noneChosen')}
      </button>
      <PrintSelect ids={orders.map((order) => order.orderId)} />
      {children}
    </div>
  );
}

/** Opens what is to be printed of these orders. */
export function PrintSelect({ ids }: { ids: readonly string[] }) {
  return (
    <label class="print-select">
      <span class="visually-hidden">{parcels('print')}</span>
      <select
        class="input"
        value=""
        onChange={(event) => {
          const sheet = event.currentTarget.value as Sheet;
          go('print', sheet, { ids: ids.join(',') });
        }}
      >
        <option value="" disabled>
          {parcels('print')}…
        </option>
        {SHEETS.map((sheet) => (
          <option key={sheet} value={sheet}>
            {parcels(`as_${sheet}`)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Which rows of a list are chosen, by id. */
interface Choice {
  readonly ids: ReadonlySignal<ReadonlySet<string>>;
  toggle(id: string): void;
  /** Chooses all of these, or none when they are chosen already. */
  toggleAll(ids: readonly string[]): void;
  drop(ids: readonly string[]): void;
}

/** @param kept where the choice is kept over visits to other pages; without it it goes with the list */
export function useChoice(kept?: Signal<ReadonlySet<string>>): Choice {
  const own = useSignal<ReadonlySet<string>>(new Set());
  const ids = kept ?? own;
  const change = (edit: (next: Set<string>) => void) => {
    const next = new Set(ids.peek());
    edit(next);
    ids.value = next;
  };
  return {
    ids,
    toggle: (id) => change((next) => void (next.delete(id) || next.add(id))),
    toggleAll(all) {
      const isWhole = all.every((id) => ids.peek().has(id));
      change((next) => {
        for (const id of all) {
          if (isWhole) next.delete(id);
          else next.add(id);
        }
      });
    },
    drop: (gone) =>
      change((next) => {
        for (const id of gone) next.delete(id);
      }),
  };
}
