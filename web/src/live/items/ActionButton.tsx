import { Countdown } from '../../shared/clock.js';
import { errorText } from '../../shared/messages.js';
import type { ItemEntry } from '../../shared/stock.js';
import { toast } from '../../shared/toast.js';
import { book, holdUntil, joinLine } from '../booking.js';
import { checkout, profile } from '../me.js';
import { say } from '../messages.js';
import { isReturning } from '../session.js';
import { openSheet } from '../sheets.js';
import { arrived, current } from '../state.js';
import { useSettling } from './guard.js';
import { mostOf, type Standing, standingOf, wishOf } from './standing.js';

interface ActionButtonProps {
  entry: ItemEntry;
  class: string;
  /** Whether other rows may push the button about. */
  moves?: boolean;
  /** For one more, whatever the viewer has of the item already. */
  more?: boolean;
  quantity?: number;
}

/** The one button of an item: says what a tap would do, or in a few words why it can do nothing. */
export function ActionButton(props: ActionButtonProps) {
  const { entry, moves = false, more = false, quantity = 1 } = props;
  const standing = more ? moreOf(entry) : standingOf(entry);
  const { itemId } = entry;
  const rests = standing.kind === 'blocked';
  const settling = useSettling({ itemId, action: standing.kind, rests }, moves);
  const { name } = entry.details.value;
  const busy = standing.kind === 'pending';
  return (
    <button
      type="button"
      class={`button action action-${standing.kind} ${settling ? 'settling ' : ''}${props.class}`}
      aria-disabled={rests || busy || settling}
      aria-busy={busy}
      onClick={() => {
        if (!settling) act(entry, standing, quantity);
      }}
    >
      <Words standing={standing} quantity={quantity} />
      {!rests && !busy && <span class="visually-hidden">{name}</span>}
    </button>
  );
}

function moreOf(entry: ItemEntry): Standing {
  const standing = standingOf(entry);
  return standing.kind === 'pending' ? standing : wishOf(entry);
}

function Words({ standing, quantity }: { standing: Standing; quantity: number }) {
  const times = quantity > 1 ? ` ${quantity}` : '';
  switch (standing.kind) {
    case 'pending':
      return <>{say(current.value ? 'booking' : 'checking')}</>;
    case 'keep':
      return <>{say('keep') + times}</>;
    case 'wait':
      return <>{say('wait') + times}</>;
    case 'waiting':
      return <>{say('place', { place: standing.place })}</>;
    case 'mine':
      return (
        <>
          <span>{say('pay')}</span> <Countdown until={standing.until} />
        </>
      );
    case 'blocked':
      return <>{standing.label}</>;
  }
}

function act(entry: ItemEntry, standing: Standing, quantity: number): void {
  const { itemId } = entry;
  switch (standing.kind) {
    case 'keep':
      // Not more than there is by now.
      signedIn(entry, () => void book(itemId, Math.min(quantity, mostOf(entry, standing))));
      break;
    case 'wait':
      signedIn(entry, () => void joinLine(itemId, quantity));
      break;
    case 'waiting':
      openSheet({ kind: 'item', itemId });
      break;
    case 'mine':
      openSheet({ kind: checkout.peek() === null ? 'cart' : 'checkout' });
      break;
    case 'blocked':
      if (standing.error) toast(errorText(standing.error), 'bad', { topic: 'booking' });
      break;
    case 'pending':
      break;
  }
}

function signedIn(entry: ItemEntry, go: () => void): void {
  if (isReturning.peek()) void onceKnown(entry, go);
  else if (profile.peek() === null) openSheet({ kind: 'sign-in', after: go });
  else go();
}

/** When the button says something else by then, the tap was not for that. */
async function onceKnown(entry: ItemEntry, go: () => void): Promise<void> {
  const { kind } = standingOf(entry);
  await holdUntil(entry.itemId, arrived());
  if (standingOf(entry).kind === kind) signedIn(entry, go);
}
