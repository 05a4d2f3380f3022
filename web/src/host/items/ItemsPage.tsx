import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { ItemView } from '../../../../src/protocol/item.js';
import { catalogue } from '../messages/catalogue.js';
import { api } from '../state/api.js';
import { stock } from '../state/room.js';
import { Icon } from '../ui/Icon.js';
import { ListFoot } from '../ui/ListFoot.js';
import { PageHead } from '../ui/PageHead.js';
import { createPagedList } from '../ui/pagedList.js';
import { ItemDialog } from './ItemDialog.js';
import { ItemLine } from './ItemLine.js';
import { RestockDialog } from './QuickChanges.js';

/** The shop's items: everything that can be featured in a live. */
export function ItemsPage() {
  const list = useMemo(() => createPagedList<ItemView>(), []);
  const editing = useSignal<ItemView | 'new' | null>(null);
  const restocking = useSignal<ItemView | null>(null);
  const put = (item: ItemView) => list.put(item, (other) => other.itemId === item.itemId, true);
  useEffect(() => void list.load(api.items), [list]);
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
      <ul class="lines items-lines">
        {(list.rows.value ?? []).map((item) => (
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
      <ListFoot list={list} empty={catalogue('noItems')} />
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
