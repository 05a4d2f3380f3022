import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { ItemView, StockView } from '../../../../src/protocol/item.js';
import { number, rupiah } from '../../shared/format.js';
import { ItemPicture } from '../../shared/ItemPicture.js';
import { toast } from '../../shared/toast.js';
import { catalogue } from '../messages/catalogue.js';
import { cockpit } from '../messages/cockpit.js';
import { hostErrorText } from '../messages/errors.js';
import { shell } from '../messages/shell.js';
import { api } from '../state/api.js';
import { stock } from '../state/room.js';
import { Icon } from '../ui/Icon.js';
import { byCode } from '../ui/numbers.js';
import { PageHead } from '../ui/PageHead.js';
import { createPagedList, ListFoot, type PagedList } from '../ui/pagedList.js';
import { ItemDialog } from './ItemDialog.js';
import { RestockDialog } from './QuickChanges.js';
import { BUCKETS, StockBar } from './StockBar.js';

const PAGE = 200;
/** A shop of many items is found by the search, not by drawing them all. */
const SHOWN_AT_ONCE = 100;

/** The shop's items, everything that can be featured in a live, in the order of their codes. */
export function ItemsPage() {
  const list = useMemo(() => createPagedList<ItemView>(PAGE), []);
  const search = useSignal('');
  const most = useSignal(SHOWN_AT_ONCE);
  const editing = useSignal<ItemView | 'new' | null>(null);
  const restocking = useSignal<ItemView | null>(null);
  const put = (item: ItemView) => list.put(item, (other) => other.itemId === item.itemId, true);
  useEffect(() => void loadAll(list), [list]);
  const found = useComputed(() => {
    const text = search.value.trim().toLowerCase();
    return (list.rows.value ?? [])
      .filter(({ code, name, sku }) => `${code} ${name} ${sku}`.toLowerCase().includes(text))
      .sort(byCode);
  });
  // Items of the live that is watched keep moving here too.
  useSignalEffect(() => {
    for (const entry of stock.entries.value) {
      const view = entry.view.value;
      list.put(view, (row) => row.itemId === view.itemId && row.revision < view.revision, false);
    }
  });
  return (
    <>
      <PageHead title={catalogue('itemsTitle')} lead={catalogue('itemsLead')}>
        <button
          type="button"
          class="button button-primary"
          onClick={() => {
            editing.value = 'new';
          }}
        >
          <Icon name="plus" size={18} />
          {catalogue('newItem')}
        </button>
      </PageHead>
      <label class="search-field">
        <span class="visually-hidden">{catalogue('searchItems')}</span>
        <input
          class="input"
          type="search"
          name="q"
          autocomplete="off"
          spellcheck={false}
          placeholder={catalogue('searchItemsHint')}
          value={search}
          onInput={(event) => {
            search.value = event.currentTarget.value;
            most.value = SHOWN_AT_ONCE;
          }}
        />
      </label>
      <ul class="lines items-lines">
        {found.value.slice(0, most.value).map((item) => (
          <ItemLine
            key={item.itemId}
            item={item}
            onEdit={() => {
              editing.value = item;
            }}
            onRestock={() => {
              restocking.value = item;
            }}
            onChange={put}
          />
        ))}
      </ul>
      {found.value.length > most.value ? (
        <p class="list-foot">
          <button
            type="button"
            class="button"
            onClick={() => {
              most.value += SHOWN_AT_ONCE;
            }}
          >
            {shell('loadMore')}
          </button>
        </p>
      ) : found.value.length === 0 && search.value.trim() !== '' && isWhole(list) ? (
        <p class="list-foot muted" role="status">
          {catalogue('nothingFound', { q: search.value.trim() })}
        </p>
      ) : (
        <ListFoot list={list} empty={catalogue('noItems')} />
      )}
      {editing.value !== null && (
        <ItemDialog
          item={editing.value === 'new' ? null : editing.value}
          onDone={put}
          onClose={() => {
            editing.value = null;
          }}
        />
      )}
      {restocking.value !== null && (
        <RestockDialog
          item={restocking.value}
          onDone={put}
          onClose={() => {
            restocking.value = null;
          }}
        />
      )}
    </>
  );
}

/** All of them, for an order and a search that leave none out. */
/** Whether what is not in the list is not in the shop. */
function isWhole(list: PagedList<ItemView>): boolean {
  return list.rows.value !== null && !list.hasMore.value && list.error.value === null;
}

async function loadAll(list: PagedList<ItemView>): Promise<void> {
  await list.load(api.items);
  while (list.hasMore.peek() && list.error.peek() === null) await list.more();
}

/** One item of the shop with its stock and what can be done to it. */
function ItemLine({
  item,
  onEdit,
  onRestock,
  onChange,
}: {
  item: ItemView;
  onEdit: () => void;
  onRestock: () => void;
  onChange: (item: ItemView) => void;
}) {
  return (
    <li class="line item-line card" data-item={item.itemId}>
      <div class="line-picture">
        <ItemPicture details={item} />
      </div>
      <div class="line-what">
        <h2 class="line-name">{item.name}</h2>
        <p class="muted small">
          <b>{item.code}</b> · {item.sku}
        </p>
        <p class="line-price numeric">{rupiah(item.price)}</p>
      </div>
      <div class="line-stock">
        <BucketNumbers stock={item} />
        <StockBar stock={item} />
      </div>
      <div class="line-actions">
        <OpenButton item={item} onChange={onChange} />
        <button
          type="button"
          class="button"
          aria-label={catalogue('restockOf', { name: item.name })}
          onClick={onRestock}
        >
          {cockpit('restock')} ±
        </button>
        <button
          type="button"
          class="button"
          aria-label={catalogue('editOf', { name: item.name })}
          onClick={onEdit}
        >
          <Icon name="pencil" size={18} />
          {catalogue('edit')}
        </button>
      </div>
    </li>
  );
}

/** The four buckets as numbers, each with its colour, its pattern and its name. */
function BucketNumbers({ stock }: { stock: StockView }) {
  return (
    <dl class="buckets numeric">
      {BUCKETS.map((bucket) => (
        <div key={bucket} class="bucket">
          <dt>
            <span class={`swatch swatch-${bucket}`} aria-hidden="true" />
            <span class="bucket-label">{cockpit(bucket)}</span>
          </dt>
          <dd data-bucket={bucket}>{number(stock[bucket])}</dd>
        </div>
      ))}
    </dl>
  );
}

function OpenButton({ item, onChange }: { item: ItemView; onChange: (item: ItemView) => void }) {
  const busy = useSignal(false);
  const toggle = async () => {
    busy.value = true;
    const outcome = await api.patchItem(item.itemId, { open: !item.open });
    busy.value = false;
    if (outcome.ok) {
      onChange(outcome.data.item);
      const word = outcome.data.item.open ? 'itemOpened' : 'itemClosed';
      toast(cockpit(word, { name: item.name }), 'good');
    } else {
      toast(hostErrorText(outcome.error), 'bad');
    }
  };
  return (
    <button
      type="button"
      class={`button toggle${item.open ? ' toggle-on' : ''}`}
      aria-label={catalogue(item.open ? 'closeOf' : 'openOf', { name: item.name })}
      disabled={busy.value}
      onClick={() => void toggle()}
    >
      {catalogue(item.open ? 'isOpen' : 'isClosed')}
    </button>
  );
}
