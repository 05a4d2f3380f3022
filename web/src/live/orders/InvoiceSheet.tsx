import { useComputed } from '@preact/signals';
import type { Order } from '../../../../src/protocol/order.js';
import { wib } from '../../shared/format.js';
import { Totals } from '../Costs.js';
import { profile } from '../me.js';
import { buy } from '../purchaseMessages.js';
import { Sheet } from '../Sheet.js';
import { openSheet } from '../sheets.js';
import { shop } from '../state.js';
import { pay } from './messages.js';
import { allOrders } from './older.js';

/** What was paid, on paper: printed without anything of the page around it. */
export function InvoiceSheet({ orderId }: { orderId: string }) {
  const order = useComputed(() => allOrders.value.find((other) => other.orderId === orderId)).value;
  return (
    <Sheet
      title={pay('invoice')}
      onBack={{
        label: pay('orderCode', { order: order?.code ?? '' }),
        go: () => openSheet({ kind: 'order', orderId }),
      }}
      footer={
        <button
          type="button"
          class="button button-primary button-block"
          onClick={() => window.print()}
        >
          {pay('print')}
        </button>
      }
    >
      {order?.invoiceNumber !== undefined && <Invoice order={order} />}
    </Sheet>
  );
}

function placeOf(to: Order['recipient']): string | undefined {
  const parts = [to?.address, to?.district, to?.city, to?.postalCode].filter(Boolean);
  return parts.length === 0 ? undefined : parts.join(', ');
}

function Invoice({ order }: { order: Order }) {
  const { recipient, payment } = order;
  const facts: [string, string | undefined][] = [
    [pay('orderLabel'), order.code],
    [pay('paidAtLabel'), order.paidAt === undefined ? undefined : wib(order.paidAt)],
    [pay('paidByLabel'), payment === null ? undefined : buy(payment.method)],
    [pay('invoiceFor'), recipient?.name ?? profile.value?.name],
    [buy('to_phone'), recipient?.phone],
    [buy('to_address'), order.delivery === 'ship' ? placeOf(recipient) : undefined],
  ];
  return (
    // Nothing in it takes the focus, and yet it has to be scrolled by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <article class="invoice" tabIndex={0}>
      <h3>{shop.value?.name}</h3>
      <p class="numeric">{pay('invoiceNumber', { number: order.invoiceNumber ?? '' })}</p>
      <dl>
        {facts.map(
          ([name, value]) =>
            value !== undefined && (
              <div key={name}>
                <dt class="muted small">{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      <Totals {...order} />
      <p class="small muted">{pay('commercial')}</p>
    </article>
  );
}
