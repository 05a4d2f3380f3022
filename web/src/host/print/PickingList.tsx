import type { HostOrder } from '../../../../src/protocol/http.js';
import { wib } from '../../shared/format.js';
import { parcels as words } from '../messages/parcels.js';
import { unitsOf } from '../orders/sheets.js';
import { shopName } from '../state/shop.js';

interface Pick {
  itemId: string;
  code: string;
  sku: string;
  name: string;
  quantity: number;
  /** The codes of the orders, with how many each wants when it is more than one. */
  wantedBy: string[];
}

/** How many of each item to fetch from the shelf for all these orders. */
export function PickingList({ orders }: { orders: readonly HostOrder[] }) {
  const count = orders.length;
  return (
    <article class="sheet sheet-a4 picking">
      <header class="sheet-head">
        <h2>{shopName.value}</h2>
        <p class="sheet-kind">{words('pickingTitle')}</p>
      </header>
      <p>{words('pickingOf', { count, units: unitsOf(orders) })}</p>
      <table class="sheet-table numeric">
        <thead>
          <tr>
            <th scope="col">{words('itemColumn')}</th>
            <th scope="col">SKU</th>
            <th scope="col">{words('quantityColumn')}</th>
            <th scope="col">{words('inOrders')}</th>
          </tr>
        </thead>
        <tbody>
          {picksOf(orders).map((pick) => (
            <tr key={pick.itemId}>
              <th scope="row">
                <span class="tick" aria-hidden="true" />
                {pick.code} {pick.name}
              </th>
              <td>{pick.sku}</td>
              <td>
                <b>{pick.quantity}</b>
              </td>
              <td class="picking-orders">{pick.wantedBy.join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="sheet-foot">{words('printedAt', { time: wib(Date.now()) })}</p>
    </article>
  );
}

/** By code, as the shelf is sorted: A2 before A10. */
function picksOf(orders: readonly HostOrder[]): Pick[] {
  const picks = new Map<string, Pick>();
  for (const { code: order, lines } of orders) {
    for (const { itemId, code, sku, name, quantity } of lines) {
      const pick = picks.get(itemId) ?? { itemId, code, sku, name, quantity: 0, wantedBy: [] };
      pick.quantity += quantity;
      pick.wantedBy.push(quantity > 1 ? `${order} ×${quantity}` : order);
      picks.set(itemId, pick);
    }
  }
  return [...picks.values()].sort((a, b) => a.code.localeCompare(b.code, 'id', { numeric: true }));
}
