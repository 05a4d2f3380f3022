import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Order } from '../../../../src/protocol/order.js';
import { trade } from '../messages/trade.js';
import { transfersWords } from '../messages/transfers.js';
import { NoticesList } from '../refunds/NoticesList.js';
import { RefundsList } from '../refunds/RefundsList.js';
import { href, route } from '../route.js';
import { api } from '../state/api.js';
import { lastOrder } from '../state/connection.js';
import { refunds, transfers } from '../state/waiting.js';
import { Segments } from '../ui/Field.js';
import { useHearing } from '../ui/listHooks.js';
import { CsvButton, PageHead } from '../ui/PageHead.js';
import { OrderDialog } from './OrderDialog.js';
import { OrderList } from './OrderList.js';
import { changeFilter, readFilter, readView, VIEWS } from './statuses.js';
import { TransferList } from './TransferList.js';

const PARTS = ['', 'refunds', 'notices'] as const;

/** The shop's orders; money that must go back; and what the gateway says that nobody understands. */
export function OrdersPage() {
  const part = PARTS.find((known) => known === route.value.part) ?? '';
  const looking = useSignal<Order | null>(null);
  const changed = useSignal<Order | null>(null);
  const look = (order: Order) => {
    looking.value = order;
  };
  // The order that is looked at follows what happens to it.
  useHearing(lastOrder, (news) => {
    if (news !== null && news.orderId === looking.peek()?.orderId) looking.value = news;
  });
  return (
    <>
      <PageHead title={trade('ordersTitle')} lead={trade('ordersLead')}>
        {part === '' && (
          <CsvButton
            name={trade('csvName')}
            ask={(separator) => api.ordersCsv({ ...readFilter(), separator })}
          />
        )}
      </PageHead>
      <nav class="tabs" aria-label={trade('parts')}>
        {PARTS.map((one) => (
          <a
            key={one}
            class="tab"
            href={href('orders', one)}
            aria-current={one === part ? 'page' : undefined}
          >
            {trade(`part_${one || 'orders'}`)}
            {one === 'refunds' && refunds.value.length > 0 && (
              <span class="nav-alarm tab-count numeric">{refunds.value.length}</span>
            )}
          </a>
        ))}
      </nav>
      {part === '' && <Orders look={look} changed={changed} />}
      {part === 'refunds' && <RefundsList onLook={look} />}
      {part === 'notices' && <NoticesList onLook={look} />}
      {looking.value !== null && (
        <OrderDialog
          key={looking.value.orderId}
          order={looking.value}
          onChange={(order) => {
            // An answer may come after the window was closed.
            if (looking.peek()?.orderId === order.orderId) looking.value = order;
            changed.value = order;
          }}
          onClose={() => {
            looking.value = null;
          }}
        />
      )}
    </>
  );
}

const SEARCH_AFTER_MS = 250;

function Orders({
  look,
  changed,
}: {
  look: (order: Order) => void;
  changed: Signal<Order | null>;
}) {
  const search = useSignal(route.value.query.get('q') ?? '');
  const view = readView();
  // The address follows what is typed, so that the list can be bookmarked and the server asked.
  const typed = search.value.trim();
  useEffect(() => {
    const timer = setTimeout(() => {
      if (typed !== (route.peek().query.get('q') ?? '')) changeFilter({ q: typed });
    }, SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <>
      <Segments
        label={trade('filter')}
        value={view}
        options={VIEWS.map((value) => ({
          value,
          label: value === 'transfer' ? transfersWords('segment') : trade(`status_${value}`),
          count: value === 'transfer' ? transfers.value.length : undefined,
        }))}
        onChange={(next) => changeFilter({ status: next === 'all' ? '' : next })}
      />
      {view === 'transfer' ? (
        <TransferList search={search} onLook={look} />
      ) : (
        <OrderList search={search} changed={changed} onLook={look} />
      )}
    </>
  );
}
