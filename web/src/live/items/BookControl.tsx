import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { errorText } from '../../shared/errorText.js';
import type { ItemEntry } from '../../shared/stock.js';
import { attemptOf, book } from '../booking.js';
import { bookingsByItem, profile } from '../me.js';
import { say } from '../messages.js';
import { openSheet } from '../sheets.js';
import { connection, current, live, rules } from '../state.js';
import { Stepper } from './Stepper.js';
import { supplyOf } from './supply.js';
import { WaitButton } from './WaitButton.js';

/** Quantity and the one button of a card, which always says what a tap would do, or why it can do nothing. */
export function BookControl({ entry }: { entry: ItemEntry }) {
  const supply = useComputed(() => supplyOf(entry)).value;
  const attempt = attemptOf(entry.itemId).value;
  const gone = supply === 'held' || supply === 'sold';
  return (
    <>
      {attempt.state === 'refused' && <p class="item-refusal">{errorText(attempt.error)}</p>}
      {gone && attempt.state !== 'pending' && live.value?.status === 'live' ? (
        <WaitButton entry={entry} />
      ) : (
        <BookRow entry={entry} closed={supply === 'closed'} />
      )}
    </>
  );
}

function BookRow({ entry, closed }: { entry: ItemEntry; closed: boolean }) {
  const wanted = useSignal(1);
  const most = useComputed(() => mostOf(entry)).value;
  const quantity = Math.max(1, Math.min(wanted.value, most));
  const { name } = entry.details.value;
  const attempt = attemptOf(entry.itemId);
  const pending = attempt.value.state === 'pending';
  // The next tap is another purchase: it must not repeat a quantity that was meant for the last one.
  useSignalEffect(() => {
    if (attempt.value.state === 'won') wanted.value = 1;
  });
  const obstacle = closed ? say('closed') : obstacleText();
  const blocked = obstacle !== null && !pending;
  return (
    <div class="book-row">
      {rules.value?.maxItemQuantity !== 1 && (
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
      <button
        type="button"
        class={`button button-primary book-button${pending ? ' book-pending' : ''}`}
        aria-label={blocked || pending ? undefined : say('bookItem', { name })}
        aria-disabled={blocked || pending}
        aria-busy={pending}
        onClick={() => {
          if (pending) return;
          // Fails at once, and says why.
          if (connection.peek() === 'offline') void book(entry.itemId, quantity);
          else if (!blocked) bookOrSignIn(entry.itemId, quantity);
        }}
      >
        {pending ? say(current.value ? 'booking' : 'checking') : (obstacle ?? say('book'))}
      </button>
    </div>
  );
}

function bookOrSignIn(itemId: string, quantity: number): void {
  const go = () => void book(itemId, quantity);
  if (profile.peek() !== null) go();
  else openSheet({ kind: 'sign-in', after: go });
}

/** Why nothing can be booked now, in the button's own few words. */
function obstacleText(): string | null {
  const status = live.value?.status;
  if (connection.value === 'offline') return say('disconnected');
  if (status === 'scheduled') return say('notStarted');
  if (status === 'ended') return say('over');
  return null;
}

/** The most that one tap may ask for: what there is, within what the shop allows this viewer. */
function mostOf(entry: ItemEntry): number {
  const { available } = entry.stock.value;
  const limit = rules.value?.maxItemQuantity ?? 0;
  if (limit === 0) return available;
  const inCart = bookingsByItem.value.get(entry.itemId) ?? [];
  return Math.min(available, limit - inCart.reduce((sum, booking) => sum + booking.quantity, 0));
}
