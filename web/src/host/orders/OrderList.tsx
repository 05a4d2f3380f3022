import { type Signal, useComputed, useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { HostOrder } from '../../../../src/protocol/http.js';
import type { Order } from '../../../../src/protocol/order.js';
import { rupiah } from '../../shared/format.js';
import { toast } from '../../shared/toast.js';
import { hostErrorText } from '../messages/errors.js';
import { parcels } from '../messages/parcels.js';
import { peopleWords } from '../messages/people.js';
import { trade } from '../messages/trade.js';
import { transfersWords } from '../messages/transfers.js';
import { api, patiently } from '../state/api.js';
import { lastOrder } from '../state/connection.js';
import { nameOf, remember } from '../state/people.js';
import { lives } from '../state/shop.js';
import { amountDue, chosenOrders } from '../state/waiting.js';
import { useHearing } from '../ui/listHooks.js';
import { createPagedList, ListFoot } from '../ui/pagedList.js';
import { ChoiceBar, SearchField, useChoice } from './ListTools.js';
import { OrderLine } from './OrderLine.js';
import { MOST_PRINTED } from './sheets.js';
import { changeFilter, FULFILMENTS, readFilter } from './statuses.js';

/** Orders of the shop by what the address says; what happens while the list is open appears by itself. */
export function OrderList({
  search,
  changed,
  onLook,
}: {
  search: Signal<string>;
  /** What was just changed here, which no event carries: the shop's own note. */
  changed: Signal<Order | null>;
  onLook: (order: Order) => void;
}) {
  const list = useMemo(() => createPagedList<HostOrder | Order>(), []);
  const choice = useChoice(chosenOrders.ids);
  const filter = readFilter();
  const asked = JSON.stringify(filter);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` is the filter
  useEffect(() => {
    if (chosenOrders.filter !== asked) choice.drop([...choice.ids.peek()]);
    chosenOrders.filter = asked;
    const loaded = list.load(async (page) => {
      const outcome = await api.orders({ ...page, ...filter });
      if (outcome.ok) remember(...outcome.data.items.map((order) => order.viewer));
      return outcome;
    });
    void loaded.then(() =>
      loadUntil(() => [...choice.ids.peek()].every((id) => ids().includes(id))),
    );
  }, [list, asked]);
  const put = (order: Order | null) => {
    if (order === null) return;
    const same = (other: Order) => other.orderId === order.orderId;
    const { status, fulfilment, q, liveId, viewerId } = readFilter();
    const belongs =
      (viewerId === undefined || order.viewerId === viewerId) &&
      (status === undefined || order.status === status) &&
      (fulfilment === undefined || order.fulfilment === fulfilment);
    // Whether a new one has the text that is searched, or goods of the live, only the server knows.
    if (belongs) list.put(order, same, q === undefined && liveId === undefined);
    else list.drop(same);
  };
  useHearing(lastOrder, put);
  useHearing(changed, put);
  const chosen = useComputed(() =>
    (list.rows.value ?? []).filter((order) => choice.ids.value.has(order.orderId)),
  );
  const ids = () => (list.rows.peek() ?? []).map((order) => order.orderId);
  const all = () => choice.toggleAll(ids());
  const loadUntil = async (isEnough: () => boolean) => {
    while (!isEnough() && list.hasMore.peek() && ids().length < MOST_PRINTED) {
      await list.more();
      if (list.error.peek() !== null) return;
    }
  };
  /** Of the whole filter, as far as it is printed at once. */
  const allOfFilter = async () => {
    await loadUntil(() => false);
    choice.toggleAll(ids().slice(0, MOST_PRINTED));
  };
  return (
    <>
      <Filters search={search} onAll={() => void allOfFilter()} />
      {filter.viewerId !== undefined && (
        <p class="of-viewer">
          {peopleWords('ofViewer', { name: nameOf(filter.viewerId) })}{' '}
          <button type="button" class="link-button" onClick={() => changeFilter({ viewer: '' })}>
            {peopleWords('everyone')}
          </button>
        </p>
      )}
      <ul class="lines">
        {(list.rows.value ?? []).map((order) => (
          <OrderLine
            key={order.orderId}
            order={order}
            isChosen={choice.ids.value.has(order.orderId)}
            onChoose={() => choice.toggle(order.orderId)}
            onLook={() => onLook(order)}
            keys={{ onAll: all, onEnter: () => onLook(order) }}
          />
        ))}
      </ul>
      <ListFoot list={list} empty={trade(asked === '{}' ? 'noOrdersYet' : 'noOrders')} />
      {chosen.value.length > 0 && (
        <ChoiceBar
          summary={transfersWords('chosen', {
            count: chosen.value.length,
            total: rupiah(chosen.value.reduce((sum, order) => sum + amountDue(order), 0)),
          })}
          orders={chosen.value}
          onNone={() => choice.drop([...choice.ids.peek()])}
        >
          <PackButton orders={chosen.value} />
        </ChoiceBar>
      )}
    </>
  );
}

function Filters({ search, onAll }: { search: Signal<string>; onAll: () => void }) {
  const { fulfilment = '', liveId = '' } = readFilter();
  return (
    <div class="order-filters">
      <SearchField value={search} />
      <Select
        label={parcels('fulfilment')}
        value={fulfilment}
        options={[
          ['', parcels('fulfilment_any')],
          ...FULFILMENTS.map((one) => [one, parcels(`fulfilment_${one}`)] as const),
        ]}
        onChange={(next) => changeFilter({ fulfilment: next })}
      />
      <Select
        label={trade('ofLive')}
        value={liveId}
        options={[
          ['', trade('anyLive')],
          ...(lives.value ?? []).map((live) => [live.liveId, live.title] as const),
        ]}
        onChange={(next) => changeFilter({ live: next })}
      />
      <button type="button" class="button" onClick={onAll}>
        {trade('chooseAll')}
      </button>
    </div>
  );
}

function Select({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: string;
  options: readonly (readonly [value: string, words: string])[];
  onChange: (value: string) => void;
}) {
  return (
    <select
      class="input"
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    >
      {options.map(([option, words]) => (
        <option key={option} value={option}>
          {words}
        </option>
      ))}
    </select>
  );
}

/** Those that are paid and not packed yet are marked so, one after the other. */
function PackButton({ orders }: { orders: readonly Order[] }) {
  const busy = useSignal(false);
  const toPack = orders.filter((order) => order.status === 'paid' && order.fulfilment === 'none');
  if (toPack.length === 0) return null;
  const pack = async () => {
    busy.value = true;
    let packed = 0;
    for (const { orderId } of toPack) {
      const outcome = await patiently(() => api.patchOrder(orderId, { fulfilment: 'packed' }));
      if (!outcome.ok) {
        toast(hostErrorText(outcome.error), 'bad');
        break;
      }
      packed += 1;
    }
    busy.value = false;
    if (packed > 0) toast(parcels('markedPacked', { count: packed }), 'good');
  };
  return (
    <button
      type="button"
      class="button button-primary"
      disabled={busy.value}
      onClick={() => void pack()}
    >
      {parcels('markPacked', { count: toPack.length })}
    </button>
  );
}
