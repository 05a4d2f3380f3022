import type { ComponentChildren } from 'preact';
import type { Order } from '../../../../src/protocol/order.js';
import { parcels } from '../messages/parcels.js';
import { transfersWords } from '../messages/transfers.js';
import { SHEETS, type Sheet } from '../print/sheets.js';
import { go } from '../route.js';

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
