import { useSignal } from '@preact/signals';
import { Countdown } from '../../shared/clock.js';
import { number, rupiah } from '../../shared/format.js';
import { ItemPicture } from '../../shared/ItemPicture.js';
import { defineMessages } from '../../shared/i18n.js';
import { common } from '../../shared/messages.js';
import type { ItemEntry } from '../../shared/stock.js';
import { attemptOf, stopWaiting } from '../booking.js';
import { bookingsByItem, waitsByItem } from '../me.js';
import { say } from '../messages.js';
import { Sheet } from '../Sheet.js';
import { useStep } from '../sheetParts.js';
import { current, rules } from '../state.js';
import { ActionButton } from './ActionButton.js';
import { type Group, groupOf, pick, variantOf } from './groups.js';
import { Chips, Ppn, Stepper, StockLabel } from './ItemParts.js';
import { mostOf, standingOf, wishOf } from './standing.js';

/** All there is to know of an item: the words of its sheet, which is loaded after the page. */
const words = defineMessages({
  id: {
    placeMeans:
      'Begitu ada {count} yang lepas untukmu, kami tahan {minutes} menit supaya kamu sempat bayar.',
    leaveLine: 'Keluar dari antrean',
    othersWait: '{count} antrean',
    keptFor: 'Ditahan {minutes} menit sejak kamu keep.',
    cancelCosts: 'Batal mengurangi reputasi {penalty} per barang.',
    freeFor: 'Batal gratis dalam {seconds} detik pertama.',
    lapseCosts: 'Lewat waktu mengurangi {penalty} per barang.',
    youAre: 'Kamu urutan ke-{sequence}',
    heldForYou: '{count} pcs ditahan untukmu',
  },
  en: {
    placeMeans:
      'As soon as {count} {count|comes|come} free for you, we hold {count|it|them} for {minutes} minutes, so that you can pay.',
    leaveLine: 'Leave the line',
    othersWait: '{count} in line',
    keptFor: 'Held for {minutes} minutes from when you keep it.',
    cancelCosts: 'A cancel takes {penalty} reputation for each unit.',
    freeFor: 'It is free in the first {seconds} seconds.',
    lapseCosts: 'Letting the time run out takes {penalty} for each unit.',
    youAre: 'You are number {sequence}',
    heldForYou: '{count} {count|unit|units} held for you',
  },
});

/** All there is to know of one thing, in which variant, and how many of it. */
export function ItemSheet({ itemId }: { itemId: string }) {
  const group = groupOf(itemId);
  const picked = useSignal(itemId);
  const entry =
    group?.members.find((member) => member.itemId === picked.value) ?? group?.members[0];
  if (group === undefined || entry === undefined)
    return <Sheet title={say('items')}>{say('nothingFound')}</Sheet>;
  return (
    <Sheet
      title={group.name}
      footer={canHaveMore(entry) ? <Foot entry={entry} /> : undefined}
      topic={itemId}
      isText
    >
      <Facts entry={entry} group={group} />
      {group.members.length > 1 && (
        <Chips
          group={group}
          chosen={entry.itemId}
          onPick={(next) => {
            pick(group, next);
            picked.value = next;
          }}
        />
      )}
      <Tickets itemId={entry.itemId} />
      <YourPlace entry={entry} />
      <Costs />
    </Sheet>
  );
}

function Facts({ entry, group }: { entry: ItemEntry; group: Group }) {
  const details = entry.details.value;
  const { waiting } = entry.stock.value;
  return (
    <div class="thing">
      <div class="thing-picture">
        <ItemPicture details={details} />
      </div>
      <div class="thing-text">
        <p class="thing-code">
          {details.code}
          {group.members.length > 1 && ` · ${variantOf(details.name)}`}
        </p>
        <p class="thing-price numeric">{rupiah(details.price)}</p>
        <Ppn />
        <p>
          <StockLabel entry={entry} />
        </p>
        {waiting > 0 && (
          <p class="small muted">{words('othersWait', { count: number(waiting) })}</p>
        )}
      </div>
    </div>
  );
}

/** Who waits for it has the way out of the line, and nothing more to ask for. */
function canHaveMore(entry: ItemEntry): boolean {
  return !waitsByItem.value.has(entry.itemId) || wishOf(entry).kind === 'keep';
}

/** How many, and the button. */
function Foot({ entry }: { entry: ItemEntry }) {
  const wanted = useSignal(1);
  const wish = wishOf(entry);
  const { name } = entry.details.value;
  const most = mostOf(entry, wish);
  const quantity = Math.min(wanted.value, most);
  return (
    <div class="book-row">
      {wish.kind !== 'blocked' && (
        <Stepper
          value={quantity}
          most={most}
          label={say('quantityOf', { name })}
          fewerLabel={say('fewer', { name })}
          moreLabel={say('moreOf', { name })}
          onChange={(next) => {
            wanted.value = next;
          }}
        />
      )}
      <ActionButton entry={entry} class="button-large thing-button" quantity={quantity} more />
    </div>
  );
}

/** What it costs to let go, or to let the time run out, before anything is kept. */
function Costs() {
  const known = rules.value;
  if (known === null) return null;
  const minutes = number(known.bookingTimeoutMinutes);
  const { cancelPenaltyPerItem: cancel, expiryPenaltyPerItem: lapse, freeCancelSeconds } = known;
  const costs = [
    words('keptFor', { minutes }),
    cancel > 0 && words('cancelCosts', { penalty: cancel }),
    cancel > 0 && freeCancelSeconds > 0 && words('freeFor', { seconds: freeCancelSeconds }),
    lapse > 0 && words('lapseCosts', { penalty: lapse }),
  ].filter(Boolean);
  return <p class="small muted">{costs.join(' ')}</p>;
}

/** The viewer's places in line for one item, each with its countdown: the proof that it is theirs for now. */
function Tickets({ itemId }: { itemId: string }) {
  const held = bookingsByItem.value.get(itemId);
  const attempt = attemptOf(itemId).value;
  if (held === undefined) return null;
  return (
    <ul class="tickets">
      {held.map((booking) => (
        <li
          key={booking.bookingId}
          class={`ticket${
            attempt.state === 'won' && attempt.bookingId === booking.bookingId ? ' ticket-new' : ''
          }`}
        >
          <p class="ticket-text">
            <strong>{words('youAre', { sequence: booking.sequence })}</strong>
            <span class="small">{words('heldForYou', { count: booking.quantity })}</span>
          </p>
          <p class="ticket-time">
            <span class="visually-hidden">{common('timeLeft', { time: '' })}</span>
            <Countdown until={booking.expiresAt} />
          </p>
        </li>
      ))}
    </ul>
  );
}

/** The viewer's place in the line of an item, what it will bring, and the way out. */
function YourPlace({ entry }: { entry: ItemEntry }) {
  const waits = waitsByItem.value.get(entry.itemId);
  const standing = standingOf(entry);
  const step = useStep(async () => {
    if (waits !== undefined) await stopWaiting(waits);
    return null;
  });
  if (waits === undefined) return null;
  const minutes = number(rules.value?.waitlistOfferMinutes ?? 0);
  return (
    <div class="confirm">
      <p>
        {standing.kind === 'waiting' && (
          <strong>{say('place', { place: standing.place })}. </strong>
        )}
        {words('placeMeans', { count: waits.quantity, minutes })}
      </p>
      <button
        type="button"
        class="button"
        disabled={!current.value || step.busy.value}
        aria-busy={step.busy.value}
        onClick={() => step.run()}
      >
        {words('leaveLine')}
      </button>
    </div>
  );
}
