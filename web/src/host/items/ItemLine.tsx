import { useSignal } from '@preact/signals';
import type { ItemView, StockView } from '../../../../src/protocol/item.js';
import { number, rupiah } from '../../shared/format.js';
import { Placeholder } from '../../shared/placeholder.js';
import { toast } from '../../shared/toast.js';
import { catalogue } from '../messages/catalogue.js';
import { cockpit } from '../messages/cockpit.js';
import { hostErrorText } from '../messages/errors.js';
import { api } from '../state/api.js';
import { Icon } from '../ui/Icon.js';
import { BUCKETS, StockBar } from './StockBar.js';

/** One item of the shop with its stock and what can be done to it. */
export function ItemLine({
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
        {item.imageUrl === undefined ? (
          <Placeholder itemId={item.itemId} code={item.code} />
        ) : (
          <img src={item.imageUrl} alt="" loading="lazy" />
        )}
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
