import { useSignal } from '@preact/signals';
import type { Order } from '../../../../src/protocol/order.js';
import { announce } from '../../shared/announce.js';
import { percent, rupiah } from '../../shared/format.js';
import { parcels as words } from '../messages/parcels.js';
import { trade } from '../messages/trade.js';
import { Icon } from '../ui/Icon.js';

export function OrderTotals({ order }: { order: Order }) {
  return (
    <table class="totals-table numeric">
      <caption class="visually-hidden">{trade('goods')}</caption>
      <tbody>
        {order.lines.map((line) => (
          <tr key={line.bookingId}>
            <th scope="row">
              {line.name}
              <span class="muted">
                {' '}
                {line.quantity} × {rupiah(line.unitPrice)}
              </span>
            </th>
            <td>{rupiah(line.lineTotal)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{trade('subtotal')}</th>
          <td>{rupiah(order.subtotal)}</td>
        </tr>
        <tr>
          <th scope="row">
            {trade(order.pricesIncludePpn ? 'ppnIncluded' : 'ppn', {
              percent: percent(order.ppnPercent),
            })}
          </th>
          <td>{rupiah(order.ppn)}</td>
        </tr>
        {order.shippingFee > 0 && (
          <tr>
            <th scope="row">{trade('shippingFee')}</th>
            <td>{rupiah(order.shippingFee)}</td>
          </tr>
        )}
        {order.serviceFee > 0 && (
          <tr>
            <th scope="row">{trade('serviceFee')}</th>
            <td>{rupiah(order.serviceFee)}</td>
          </tr>
        )}
        <tr class="grand">
          <th scope="row">{trade('total')}</th>
          <td>{rupiah(order.total)}</td>
        </tr>
      </tfoot>
    </table>
  );
}

/** Who gets the parcel, as it is written on it. */
export function OrderRecipient({ order }: { order: Order }) {
  const { recipient, delivery, note } = order;
  return (
    <section class="order-recipient">
      <h3>
        {words('recipient')} <span class="badge">{words(`delivery_${delivery}`)}</span>
      </h3>
      {recipient === undefined ? (
        <p class="muted">{words('noRecipient')}</p>
      ) : (
        <>
          <p>
            <b>{recipient.name}</b> <a href={`tel:${recipient.phone}`}>{recipient.phone}</a>
          </p>
          <p class="address">{addressOf(recipient)}</p>
          {recipient.note !== undefined && (
            <p class="muted">{words('courierNote', { note: recipient.note })}</p>
          )}
          <CopyButton text={`${recipient.name}\n${recipient.phone}\n${addressOf(recipient)}`} />
        </>
      )}
      {note !== undefined && <p class="buyer-note">{words('buyerNote', { note })}</p>}
    </section>
  );
}

/** In the lines of an envelope. */
export function addressOf({
  address,
  district,
  city,
  postalCode,
}: NonNullable<Order['recipient']>): string {
  const place = [district, city].filter(Boolean).join(', ');
  return [address, [place, postalCode].filter(Boolean).join(' ')].filter(Boolean).join('\n');
}

function CopyButton({ text }: { text: string }) {
  const isCopied = useSignal(false);
  // Copying needs https; without it the text above can be selected.
  if (!isSecureContext) return null;
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    isCopied.value = true;
    announce(words('copied'));
  };
  return (
    <button type="button" class="button button-small" onClick={() => void copy()}>
      <Icon name="copy" size={18} />
      {words(isCopied.value ? 'copied' : 'copyAddress')}
    </button>
  );
}
