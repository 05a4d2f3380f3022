import { number } from '../../shared/format.js';
import { Icon } from '../../shared/Icon.js';
import type { ItemEntry } from '../../shared/stock.js';
import { bookingsByItem, waitsByItem } from '../me.js';
import { say } from '../messages.js';
import { type Group, variantOf } from './groups.js';
import { supplyOf } from './standing.js';

interface ChipsProps {
  group: Group;
  chosen: string | undefined;
  onPick: (itemId: string) => void;
}

/** The variants of a thing, each with its own stock. */
export function Chips({ group, chosen, onPick }: ChipsProps) {
  return (
    <fieldset class="chips">
      <legend class="visually-hidden">{say('variantsOf', { name: group.name })}</legend>
      {group.members.map((entry) => (
        <Chip
          key={entry.itemId}
          entry={entry}
          isChosen={entry.itemId === chosen}
          onPick={() => onPick(entry.itemId)}
        />
      ))}
    </fieldset>
  );
}

function Chip(props: { entry: ItemEntry; isChosen: boolean; onPick: () => void }) {
  const { entry, isChosen, onPick } = props;
  const { name, code } = entry.details.value;
  const supply = supplyOf(entry);
  const { itemId } = entry;
  const isMine = bookingsByItem.value.has(itemId) || waitsByItem.value.has(itemId);
  return (
    <button
      type="button"
      class={`chip${isChosen ? ' chip-chosen' : ''}${supply === 'available' ? '' : ' chip-out'}`}
      aria-pressed={isChosen}
      onClick={onPick}
    >
      <span class="chip-name">
        {variantOf(name)}
        {isMine && <Icon name="check" size={14} />}
      </span>
      <span class="chip-stock numeric">
        {code} ·{' '}
        {supply === 'available' ? number(entry.stock.value.available) : say(`${supply}Short`)}
      </span>
    </button>
  );
}
