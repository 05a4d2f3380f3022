import { number, percent } from '../../shared/format.js';
import { Icon } from '../../shared/Icon.js';
import type { ItemEntry } from '../../shared/stock.js';
import { justReleased } from '../booking.js';
import { bookingsByItem, waitsByItem } from '../me.js';
import { say } from '../messages.js';
import { rules } from '../state.js';
import { type Group, variantOf } from './groups.js';
import { type Standing, standingOf, supplyOf } from './standing.js';

/** What a row, an item's sheet and the stage have in common. */

/** What the viewer has of an item, else what there is of it: in one line that never moves anything. */
export function StateLine({ entry }: { entry: ItemEntry }) {
  const standing = standingOf(entry);
  if (standing.kind !== 'mine') return <StockLabel entry={entry} />;
  return (
    <span class={`stock stock-${standing.isTurn ? 'turn' : 'mine'}`}>{mineText(standing)}</span>
  );
}

function mineText({ held, isTurn }: Extract<Standing, { kind: 'mine' }>): string {
  const sequence = held.map((booking) => booking.sequence).join(', ');
  const count = held.reduce((sum, booking) => sum + booking.quantity, 0);
  return say(isTurn ? 'turn' : 'mine', { sequence, count: count === 1 ? '' : ` ${count}` });
}

const FEW = 5;

/** The one part of a row that moves with every booking of anyone. It always has the same place, whatever it says. */
export function StockLabel({ entry }: { entry: ItemEntry }) {
  const back = justReleased(entry.itemId).value;
  if (back > 0)
    return <span class="stock stock-back numeric">{say('released', { count: back })}</span>;
  const supply = supplyOf(entry);
  if (supply !== 'available') return <span class={`stock stock-${supply}`}>{say(supply)}</span>;
  const { available } = entry.stock.value;
  return (
    <span class={`stock numeric ${available <= FEW ? 'stock-few' : 'stock-available'}`}>
      {say('available', { count: number(available) })}
    </span>
  );
}

/** Whether PPN is in the price, before it is met at checkout. */
export function Ppn() {
  const known = rules.value;
  if (known === null || known.ppnPercent === 0) return null;
  const words = known.pricesIncludePpn ? 'ppnWith' : 'ppnOnTop';
  return <span class="ppn">{say(words, { percent: percent(known.ppnPercent) })}</span>;
}

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

interface StepperProps {
  value: number;
  most: number;
  label: string;
  fewerLabel: string;
  moreLabel: string;
  onChange: (next: number) => void;
}

/** A quantity by one thumb: minus, number, plus. */
export function Stepper({ value, most, label, fewerLabel, moreLabel, onChange }: StepperProps) {
  return (
    <fieldset class="stepper">
      <legend class="visually-hidden">{label}</legend>
      <button
        type="button"
        class="stepper-button"
        aria-label={fewerLabel}
        disabled={value <= 1}
        onClick={() => onChange(value - 1)}
      >
        <Icon name="minus" size={18} />
      </button>
      <output class="stepper-value numeric">{value}</output>
      <button
        type="button"
        class="stepper-button"
        aria-label={moreLabel}
        disabled={value >= most}
        onClick={() => onChange(value + 1)}
      >
        <Icon name="plus" size={18} />
      </button>
    </fieldset>
  );
}
