import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Order } from '../../../../src/protocol/order.js';
import { toast } from '../../shared/toast.js';
import { api } from '../api.js';
import { lastOrder } from '../connection.js';
import { hostErrorText } from '../messages/errors.js';
import { trade } from '../messages/trade.js';
import { learn } from '../people.js';
import { replaceRoute, route } from '../route.js';
import { Glyph } from '../ui/Glyph.js';
import { ListFoot } from '../ui/ListFoot.js';
import { PageHead } from '../ui/PageHead.js';
import { createPagedList } from '../ui/pagedList.js';
import { Segments } from '../ui/Segments.js';
import { OrderDialog } from './OrderDialog.js';
import { OrderLine } from './OrderLine.js';
import { STATUSES, type StatusFilter } from './statuses.js';
import { refunds } from './waiting.js';

/** The shop's orders; what happens while the page is open appears by itself. */
export function OrdersPage() {
  const list = useMemo(() => createPagedList<Order>(), []);
  const looking = useSignal<Order | null>(null);
  const status = STATUSES.find((known) => known === route.value.query.get('status')) ?? 'all';
  useEffect(() => {
    void list.load((page) => api.orders({ ...page, status: status === 'all' ? null : status }));
  }, [list, status]);
  useSignalEffect(() => learn((list.rows.value ?? []).map((order) => order.viewerId)));
  const put = (order: Order) => {
    const same = (other: Order) => other.orderId === order.orderId;
    if (status === 'all' || order.status === status) list.put(order, same, true);
    else list.drop(same);
    if (looking.peek()?.orderId === order.orderId) looking.value = order;
  };
  const changed = lastOrder.value;
  // biome-ignore lint/correctness/useExhaustiveDependencies: an order is taken in when it changed, not when the filter did
  useEffect(() => {
    if (changed !== null) put(changed);
  }, [changed]);
  return (
    <>
      <PageHead title={trade('ordersTitle')} lead={trade('ordersLead')}>
        <CsvButton status={status} />
      </PageHead>
      <StatusSegments status={status} />
      <ul class="lines">
        {(list.rows.value ?? []).map((order) => (
          <OrderLine
            key={order.orderId}
            order={order}
            onLook={() => {
              looking.value = order;
            }}
          />
        ))}
      </ul>
      <ListFoot list={list} empty={trade('noOrders')} />
      {looking.value !== null && (
        <OrderDialog
          order={looking.value}
          onChange={put}
          onClose={() => {
            looking.value = null;
          }}
        />
      )}
    </>
  );
}

function StatusSegments({ status }: { status: StatusFilter }) {
  return (
    <Segments
      label={trade('filter')}
      value={status}
      options={STATUSES.map((value) => ({
        value,
        label: trade(`status_${value}`),
        count: value === 'needs_refund' ? refunds.value.length : undefined,
      }))}
      onChange={(next) => replaceRoute('orders', undefined, next === 'all' ? {} : { status: next })}
    />
  );
}

/** The orders of the chosen status as a table. */
function CsvButton({ status }: { status: StatusFilter }) {
  const busy = useSignal(false);
  const download = async () => {
    busy.value = true;
    const outcome = await api.ordersCsv(status === 'all' ? null : status);
    busy.value = false;
    if (outcome.ok) save(outcome.data, trade('csvName'));
    else toast(hostErrorText(outcome.error), 'bad');
  };
  return (
    <button type="button" class="button" disabled={busy.value} onClick={() => void download()}>
      <Glyph name="download" size={18} />
      {trade('csv')}
    </button>
  );
}

function save(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser has taken the file over by the next turn.
  setTimeout(() => URL.revokeObjectURL(link.href), 1_000);
}
