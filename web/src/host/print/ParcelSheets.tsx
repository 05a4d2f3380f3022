import type { HostOrder } from '../../../../src/protocol/http.js';
import { wib } from '../../shared/format.js';
import { parcels as words } from '../messages/parcels.js';
import { addressOf } from '../orders/OrderParts.js';
import { unitsOf } from '../orders/sheets.js';
import { shopName } from '../state/shop.js';

/** What goes into one parcel, without prices: to pack by, and to put in. */
export function Slip({ orders }: { orders: readonly HostOrder[] }) {
  const [first] = orders;
  if (first === undefined) return null;
  const { recipient, viewer, delivery } = first;
  return (
    <article class="sheet sheet-a4 slip">
      <header class="sheet-head">
        <h2>{shopName.value}</h2>
        <p class="sheet-kind">{words('slipTitle')}</p>
      </header>
      <p class="sheet-to">
        <span class="muted">{words(`delivery_${delivery}`)}</span>
        <b>{recipient?.name ?? viewer.name}</b>
        {recipient !== undefined && <span>{recipient.phone}</span>}
        {recipient !== undefined && <span class="address">{addressOf(recipient)}</span>}
      </p>
      <table class="sheet-table numeric">
        <thead>
          <tr>
            <th scope="col">{words('itemColumn')}</th>
            <th scope="col">SKU</th>
            <th scope="col">{words('orderCode')}</th>
            <th scope="col">{words('quantityColumn')}</th>
          </tr>
        </thead>
        <tbody>
          {orders.flatMap((order) =>
            order.lines.map((line) => (
              <tr key={line.bookingId}>
                <th scope="row">
                  <span class="tick" aria-hidden="true" />
                  {line.code} {line.name}
                </th>
                <td>{line.sku}</td>
                <td>{order.code}</td>
                <td>
                  <b>{line.quantity}</b>
                </td>
              </tr>
            )),
          )}
        </tbody>
      </table>
      {orders.map(
        (order) =>
          order.note !== undefined && (
            <p key={order.orderId} class="sheet-note">
              {order.code}: {words('buyerNote', { note: order.note })}
            </p>
          ),
      )}
      <p class="sheet-foot">{words('printedAt', { time: wib(Date.now()) })}</p>
    </article>
  );
}

/** A label of A6, 105 × 148 mm, for one parcel: to whom, from whom, and which orders are in it. */
export function Label({ orders }: { orders: readonly HostOrder[] }) {
  const [first] = orders;
  if (first === undefined) return null;
  const { recipient, viewer, delivery } = first;
  return (
    <article class="sheet label">
      <p class="label-kind">{words(`delivery_${delivery}`)}</p>
      <section>
        <h2 class="muted">{words('labelTo')}</h2>
        <p class="label-name">{recipient?.name ?? viewer.name}</p>
        {recipient !== undefined && (
          <>
            <p class="label-phone">{recipient.phone}</p>
            <p class="label-address address">{addressOf(recipient)}</p>
            {recipient.note !== undefined && (
              <p class="label-note">{words('courierNote', { note: recipient.note })}</p>
            )}
          </>
        )}
      </section>
      <footer>
        <p>
          <span class="muted">{words('labelFrom')}</span> <b>{shopName.value}</b>
        </p>
        <p class="label-codes">{orders.map((order) => order.code).join(' · ')}</p>
        <p>{words('labelContents', { count: unitsOf(orders) })}</p>
      </footer>
    </article>
  );
}

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
