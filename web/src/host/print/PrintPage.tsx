import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { HostOrder } from '../../../../src/protocol/http.js';
import type { CommandError } from '../../shared/messages.js';
import { hostErrorText } from '../messages/errors.js';
import { parcels as words } from '../messages/parcels.js';
import { byBuyer, MOST_PRINTED, SHEETS, type Sheet } from '../orders/sheets.js';
import { route } from '../route.js';
import { api, patiently } from '../state/api.js';
import { loadShopName } from '../state/shop.js';
import { Switch } from '../ui/Field.js';
import { Invoice, Label, PickingList, Slip } from './Sheets.js';

/** What is to be printed, as it will come out, under a bar that does not. */
export function PrintPage() {
  const orders = useSignal<readonly HostOrder[] | null>(null);
  const failure = useSignal<CommandError | null>(null);
  const together = useSignal(true);
  const { part, query } = route.value;
  const sheet = SHEETS.find((known) => known === part) ?? 'invoice';
  const asked = (query.get('ids') ?? '').split(',').filter((id) => id !== '');
  const ids = asked.slice(0, MOST_PRINTED);
  const key = ids.join(',');
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` is the ids
  useEffect(() => {
    // What is printed before the name is known would carry the shop's id.
    void Promise.all([loadOrders(ids), loadShopName()]).then(([outcome]) => {
      if (Array.isArray(outcome)) orders.value = outcome;
      else failure.value = outcome;
    });
  }, [key]);
  const found = orders.value ?? [];
  return (
    <>
      <header class="print-bar">
        <h1>{words('printTitle', { what: words(`as_${sheet}`) })}</h1>
        {sheet !== 'picking' && found.length > 1 && (
          <Switch
            label={words('together')}
            help={words('togetherHelp')}
            on={together.value}
            onChange={(on) => {
              together.value = on;
            }}
          />
        )}
        <div class="print-tools">
          <button type="button" class="button" onClick={() => history.back()}>
            {words('back')}
          </button>
          <button
            type="button"
            class="button button-primary"
            disabled={found.length === 0}
            onClick={() => print()}
          >
            {words('printNow')}
          </button>
        </div>
        {failure.value !== null && (
          <p class="field-error" role="alert">
            {hostErrorText(failure.value)}
          </p>
        )}
        {asked.length > MOST_PRINTED && (
          <p class="print-note">{words('printMost', { count: MOST_PRINTED })}</p>
        )}
        <Remarks sheet={sheet} orders={found} />
        {ids.length === 0 && <p>{words('nothingToPrint')}</p>}
        {orders.value === null && failure.value === null && ids.length > 0 && (
          <p role="status">{words('printing', { count: ids.length })}</p>
        )}
      </header>
      <div class="sheets">
        <Sheets sheet={sheet} orders={found} together={together.value} />
      </div>
    </>
  );
}

function Sheets({
  sheet,
  orders,
  together,
}: {
  sheet: Sheet;
  orders: readonly HostOrder[];
  together: boolean;
}) {
  if (orders.length === 0) return null;
  if (sheet === 'picking') return <PickingList orders={orders} />;
  const wanted = sheet === 'invoice' ? orders.filter(hasInvoice) : orders;
  const groups = together ? byBuyer(wanted) : wanted.map((order) => [order]);
  const One = { invoice: Invoice, slip: Slip, label: Label }[sheet];
  return (
    <>
      {groups.map((group) => (
        <One key={group[0]?.orderId} orders={group} />
      ))}
    </>
  );
}

/** What will be missing on paper. */
function Remarks({ sheet, orders }: { sheet: Sheet; orders: readonly HostOrder[] }) {
  const unpaid = orders.filter((order) => !hasInvoice(order)).length;
  const nameless = orders.filter((order) => order.recipient === undefined);
  if (sheet === 'invoice' && unpaid > 0) {
    return <p class="print-note">{words('unpaidSkipped', { count: unpaid })}</p>;
  }
  if (sheet === 'label' && nameless.length > 0) {
    const codes = nameless.map((order) => order.code).join(', ');
    return <p class="print-note">{words('noAddress', { codes })}</p>;
  }
  return null;
}

function hasInvoice(order: HostOrder): boolean {
  return order.invoiceNumber !== undefined;
}

/** At once; the server takes some 20 calls a second. */
const WORKERS = 4;

async function loadOrders(ids: readonly string[]): Promise<HostOrder[] | CommandError> {
  const left = [...ids];
  const found = new Map<string, HostOrder>();
  let problem: CommandError | null = null;
  const work = async () => {
    for (let id = left.shift(); id !== undefined && problem === null; id = left.shift()) {
      const wanted = id;
      const outcome = await patiently(() => api.order(wanted));
      if (outcome.ok) found.set(id, outcome.data.order);
      else if (outcome.error.code !== 'NOT_FOUND') problem = outcome.error;
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  return problem ?? ids.flatMap((id) => found.get(id) ?? []);
}
