import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { HandledComment } from '../../../../src/protocol/comment.js';
import { announce } from '../../shared/announce.js';
import { number, time } from '../../shared/format.js';
import { bookings } from '../messages/bookings.js';
import { comments as words } from '../messages/cockpit.js';
import { comments, featured, keyOf } from '../state/room.js';
import { Icon } from '../ui/Icon.js';
import { useFrozen, useStill } from '../ui/listHooks.js';
import { selected, sheet } from './selection.js';

const SHOWN = 100;

/** Comments as they come, with what was booked for them; it stands still while it is looked at. */
export function CommentList() {
  const turn = useSignal(0);
  const pane = useRef<HTMLDivElement>(null);
  const still = useStill(pane);
  const byKey = new Map(comments.value.map((comment) => [keyOf(comment), comment]));
  const { shown, fresh } = useFrozen([...byKey.keys()], still.value, `${turn.value}`);
  const rows = shown.slice(0, SHOWN).flatMap((key) => byKey.get(key) ?? []);
  return (
    <div ref={pane} class="booking-pane">
      <p class="booking-state small muted">
        {fresh > 0 ? (
          <button
            type="button"
            class="fresh"
            onClick={() => {
              turn.value += 1;
              pane.current?.querySelector('.panel-list')?.scrollTo({ top: 0 });
            }}
          >
            {bookings('fresh', { count: number(fresh) })}
          </button>
        ) : (
          words('lead')
        )}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reached by keyboard */}
      <ul class="panel-list booking-list" tabIndex={0} aria-label={words('title')}>
        {rows.map((comment) => (
          <CommentRow key={keyOf(comment)} comment={comment} />
        ))}
      </ul>
    </div>
  );
}

function CommentRow({ comment }: { comment: HandledComment }) {
  const { authorName, source, text, at, outcomes } = comment;
  const reply = outcomes.flatMap((outcome) => outcome.reply || []).join(' ');
  const isBooked = outcomes.some(({ outcome }) => outcome === 'booked');
  return (
    <li class="comment-row" data-comment={comment.commentId}>
      <div class="comment-what">
        <p class="comment-who">
          <b>{authorName}</b>{' '}
          <span class="muted small">
            {source} · {time(at)}
          </span>
        </p>
        <p class="comment-text">{text}</p>
        <p class="comment-outcomes">
          {outcomes.map((outcome) => (
            <Outcome key={`${outcome.outcome} ${outcome.code}`} outcome={outcome} />
          ))}
        </p>
        {reply !== '' && <p class="muted small">{reply}</p>}
      </div>
      <div class="comment-actions">
        {/* Copying needs https. */}
        {reply !== '' && isSecureContext && (
          <button
            type="button"
            class="icon-button"
            aria-label={words('copyReply', { name: authorName })}
            onClick={() =>
              void navigator.clipboard.writeText(reply).then(() => announce(words('copied')))
            }
          >
            <Icon name="copy" />
          </button>
        )}
        {!isBooked && (
          <button
            type="button"
            class="icon-button"
            aria-label={words('bookFor', { name: authorName })}
            onClick={() => bookFor(comment)}
          >
            <Icon name="plus" />
          </button>
        )}
      </div>
    </li>
  );
}

const TONES = { booked: 'badge-good', waiting: 'badge-held', refused: 'badge-bad', ignored: '' };

function Outcome({ outcome }: { outcome: HandledComment['outcomes'][number] }) {
  const { code, booking, entry } = outcome;
  const quantity = booking?.quantity ?? entry?.quantity;
  const what = [code, quantity === undefined ? '' : `${quantity}×`].filter(Boolean).join(' ');
  return (
    <span class={`badge ${TONES[outcome.outcome]}`}>
      {what} {words(outcome.outcome)}
    </span>
  );
}

/** The item that the comment names, else the one on show; the writer as known by their account. */
function bookFor({ outcomes, authorName, authorId, source }: HandledComment): void {
  const code = outcomes.find((outcome) => outcome.code !== undefined)?.code;
  const named = featured.peek().find((entry) => entry.details.peek().code === code);
  const entry = named ?? selected.peek();
  if (entry === null) return;
  const { itemId } = entry;
  sheet.value = { what: 'bookFor', itemId, writer: { name: authorName, handle: authorId, source } };
}
