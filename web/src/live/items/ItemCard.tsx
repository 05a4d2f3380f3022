import { rupiah } from '../../shared/format.js';
import { Icon } from '../../shared/Icon.js';
import { say } from '../messages.js';
import { stock } from '../state.js';
import { justReleased } from '../waiting.js';
import { BookControl } from './BookControl.js';
import { ItemPicture } from './ItemPicture.js';
import { StockLabel } from './StockLabel.js';
import { Tickets } from './Tickets.js';

export function ItemCard({ itemId, pinned }: { itemId: string; pinned: boolean }) {
  const entry = stock.get(itemId);
  if (entry === undefined) return null;
  const details = entry.details.value;
  const released = justReleased(itemId).value;
  const marks = `${pinned ? ' item-pinned' : ''}${released > 0 ? ' item-released' : ''}`;
  return (
    <li class={`item card${marks}`}>
      <article aria-labelledby={`name-${itemId}`} class="item-body">
        <div class="item-picture">
          <ItemPicture details={details} />
          {/* The generated picture shows the code large; readers need it either way. */}
          <span class={details.imageUrl === undefined ? 'visually-hidden' : 'item-code'}>
            {details.code}
          </span>
        </div>
        <div class="item-text">
          {pinned && (
            <p class="badge badge-sun item-pin">
              <Icon name="pin" size={14} />
              {say('pinned')}
            </p>
          )}
          <h3 id={`name-${itemId}`}>{details.name}</h3>
          <p class="item-facts">
            <strong class="item-price numeric">{rupiah(details.price)}</strong>
            <StockLabel entry={entry} />
            {released > 0 && (
              <span class="badge badge-sun item-back">{say('released', { count: released })}</span>
            )}
          </p>
        </div>
        <div class="item-foot">
          <Tickets itemId={itemId} />
          <BookControl entry={entry} />
        </div>
      </article>
    </li>
  );
}
