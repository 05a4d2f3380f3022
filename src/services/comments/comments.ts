import type { Metrics } from '../../metrics.js';
import { answered, type CommentCreate, type HandledComment } from '../../protocol/comment.js';
import type { ItemView } from '../../protocol/item.js';
import { cleanLine } from '../../protocol/text.js';
import { itemIdsOfKeys, readItem } from '../../store/items.js';
import { requestDigest } from '../../store/keys.js';
import { readLive } from '../../store/lives.js';
import { scripts } from '../../store/scripts/index.js';
import type { Store } from '../../store/store.js';
import type { BookingsOptions } from '../bookings.js';
import { codesIn, readComment, type Wish } from './grammar.js';

/** What the script takes for each item that a comment names. */
interface Wanted {
  code: string;
  /** Absent when no item has the code. */
  itemId?: string;
  /** Absent when it is only named. */
  quantity?: number;
  digest: string;
}

/** As much of a comment is kept as is read. */
const KEPT_CHARACTERS = 300;
const NAME_CHARACTERS = 64;
/** A size that is said where no variant has it is a wish for something else. */
const SIZE = /^(?:x*[sl]|m|\d{2})$/;

/** Reads comments of where the live is shown, and books what they ask for. */
export class Comments {
  private readonly store: Store;
  private readonly metrics: Metrics;
  private readonly active: BookingsOptions['active'];

  constructor({ store, metrics, active }: BookingsOptions) {
    this.store = store;
    this.metrics = metrics;
    this.active = active;
  }

  /** Once for each source and commentId; again it answers what it answered. @throws NOT_FOUND without such a live */
  async handle(shopId: string, comment: CommentCreate): Promise<HandledComment> {
    const { liveId, source, commentId, authorId } = comment;
    const ids = await itemIdsOfKeys(this.store, shopId, codesIn(comment.text));
    const wishes = readComment(comment.text, (key) => ids.has(key));
    const digestOf = (what: string) => requestDigest(`comment ${source}`, `${commentId}\n${what}`);
    const wanted = await Promise.all(
      wishes.map(async (wish) => ({
        ...(await this.meant(shopId, liveId, wish, ids.get(wish.code))),
        digest: digestOf(wish.code),
      })),
    );
    const authorName = cleanLine(comment.authorName.slice(0, NAME_CHARACTERS)) || authorId;
    const text = comment.text.slice(0, KEPT_CHARACTERS).replace(/\p{Cs}/gu, '');
    const handle = `${source}:${authorId}`.normalize('NFC').toLowerCase();
    const kept = { liveId, source, commentId, authorId, authorName, text, wishes: wanted };
    const newViewer = `vw_${requestDigest('handle', handle)}`;
    await this.active.ensure(shopId);
    const args = [digestOf(''), handle, newViewer, authorName, JSON.stringify(kept)];
    const reply = await this.store.run(scripts.commentHandle, shopId, args);
    const handled = answered(reply.comment);
    for (const { booking, error } of handled.outcomes) {
      if (!reply.repeated && (booking || error))
        this.metrics.countBooking(error?.code ?? 'accepted');
    }
    return handled;
  }

  /** The item that a wish is for: where items are variants of one, that of the size or colour that is said. */
  private async meant(
    shopId: string,
    liveId: string,
    wish: Wish,
    itemId: string | undefined,
  ): Promise<Omit<Wanted, 'digest'>> {
    const { code } = wish;
    if (itemId === undefined) return { code };
    if (wish.wish !== 'book') return { code, itemId };
    const { quantity, words } = wish;
    const item = words.length > 0 ? await readItem(this.store, shopId, itemId) : undefined;
    if (!item || variantOf(item) === undefined) return { code, itemId, quantity };
    const siblings = await this.siblings(shopId, liveId, item);
    const said = ` ${words.join(' ')} `;
    const named = siblings.filter((one) => said.includes(` ${variantOf(one)} `));
    const [sibling] = named.sort((a, b) => b.name.length - a.name.length);
    if (sibling) return { code, itemId: sibling.itemId, quantity };
    const size = words.find((word) => SIZE.test(word));
    return size === undefined ? { code, itemId, quantity } : { code: `${code} ${size}`, quantity };
  }

  /** The items of the live that have the same name before their variant, this one among them. */
  private async siblings(shopId: string, liveId: string, item: ItemView): Promise<ItemView[]> {
    const { itemIds = [] } = (await readLive(this.store, shopId, liveId)) ?? {};
    const items = await Promise.all(itemIds.map((id) => readItem(this.store, shopId, id)));
    return items.filter(
      (other) => other !== undefined && baseOf(other) === baseOf(item),
    ) as ItemView[];
  }
}

const VARIANT = ' / ';

function baseOf({ name }: ItemView): string {
  return name.split(VARIANT)[0] ?? name;
}

/** "m" of "Kemeja / M". */
function variantOf({ name }: ItemView): string | undefined {
  const at = name.indexOf(VARIANT);
  return at < 0 ? undefined : name.slice(at + VARIANT.length).toLowerCase();
}
