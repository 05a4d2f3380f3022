import { cockpit } from '../messages/cockpit.js';
import { singleKeysOn } from '../prefs.js';
import { href } from '../route.js';
import { ItemRow } from './ItemRow.js';
import { PriceDialog } from './PriceDialog.js';
import { RestockDialog } from './RestockDialog.js';
import { featured, live, stock } from './room.js';
import { SelectedItem } from './SelectedItem.js';
import { selected, sheet } from './selection.js';

/** The item in hand, and the list to take another from. */
export function ItemPanel() {
  const current = selected.value;
  if (current === null) {
    return (
      <div class="panel card">
        <p class="panel-empty">
          {cockpit('noItems')} <a href={href('lives', live.value?.liveId)}>{cockpit('addItems')}</a>
        </p>
      </div>
    );
  }
  return (
    <div class="item-panel">
      <SelectedItem key={current.itemId} entry={current} />
      <section class="panel item-list card" aria-labelledby="items-title">
        <div class="panel-head">
          <h2 id="items-title">
            {cockpit('itemsTitle')} <span class="count numeric">{featured.value.length}</span>
          </h2>
          {singleKeysOn.value && <p class="keys-hint muted small">{cockpit('itemsHint')}</p>}
        </div>
        <ul class="panel-list">
          {featured.value.map((entry) => (
            <ItemRow key={entry.itemId} entry={entry} />
          ))}
        </ul>
      </section>
      <OpenSheet />
    </div>
  );
}

function OpenSheet() {
  const open = sheet.value;
  const entry = open === null ? undefined : stock.get(open.itemId);
  if (open === null || entry === undefined) return null;
  const close = () => {
    sheet.value = null;
  };
  const item = entry.view.value;
  return open.what === 'restock' ? (
    <RestockDialog item={item} onClose={close} />
  ) : (
    <PriceDialog item={item} onClose={close} />
  );
}
