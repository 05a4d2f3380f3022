import type { HostOrder } from '../../../../src/protocol/http.js';
import { parcels as words } from '../messages/parcels.js';
import { addressOf } from '../orders/OrderRecipient.js';
import { shopName } from '../shop.js';
import { unitsOf } from './sheets.js';

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
