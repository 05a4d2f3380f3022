import { randomBytes } from 'node:crypto';
import type { Booking } from '../protocol/booking.js';
import { AppError } from '../protocol/errors.js';
import type { Page, PageQuery, ViewersQuery } from '../protocol/http.js';
import type { RecipientInput } from '../protocol/recipient.js';
import type {
  LedgerEntry,
  Me,
  ReputationChange,
  ReputationCorrection,
  Viewer,
  ViewerBrief,
  ViewerChange,
  ViewerPatch,
} from '../protocol/viewer.js';
import { requestDigest } from '../store/keys.js';
import { scripts } from '../store/scripts/index.js';
import { hasShop } from '../store/shops.js';
import type { Store } from '../store/store.js';
import { pageLedger, pageViewers, readViewer } from '../store/viewers.js';
import type { Booker } from './bookings.js';
import { keptRecipient } from './recipients.js';

/** The shop's customers, their reputation and its ledger. */
export class Viewers {
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  /** What the viewer has in this shop; the first call makes the viewer known to the host, unless it is a guest. */
  me(shopId: string, { viewerId, name, guest }: Booker): Promise<Me> {
    return this.store.run(scripts.viewerOpen, shopId, [viewerId, name, guest ? '1' : '']);
  }

  /** What the viewer has, with the bookings that ended and the moves of the reputation since a moment of Redis's clock, epoch ms. */
  missed(
    shopId: string,
    { viewerId, name, guest }: Booker,
    since: number,
  ): Promise<{ me: Me; ended: Booking[]; moves: ReputationChange[] }> {
    const args = [viewerId, name, guest ? '1' : '', String(since)];
    return this.store.run(scripts.viewerMissed, shopId, args);
  }

  /** Of these viewers, those who may do something else since the rules changed. @param before as `settings_save.lua` publishes them */
  async rightsChanged(
    shopId: string,
    before: object,
    viewers: Booker[],
  ): Promise<(ViewerChange & { viewerId: string })[]> {
    const named = viewers.flatMap(({ viewerId, guest }) => [viewerId, guest ? '1' : '']);
    return (await this.store.run(scripts.rightsChanged, shopId, [JSON.stringify(before), ...named]))
      .changed;
  }

  /** Keeps the recipient for the viewer's next order; null forgets it. @throws VALIDATION */
  remember(
    shopId: string,
    { viewerId, name, guest }: Booker,
    recipient: RecipientInput | null,
  ): Promise<Me> {
    const kept = recipient && keptRecipient(recipient);
    const args = [viewerId, name, guest ? '1' : '', JSON.stringify(kept)];
    return this.store.run(scripts.viewerOpen, shopId, args);
  }

  /**
   * A link that signs the viewer in on another device, once, for a day; the one made before it ends.
   * @returns its code, whose secret is kept nowhere
   */
  async makeLink(
    shopId: string,
    { viewerId, name, guest }: Booker,
  ): Promise<{ code: string; endsAt: number }> {
    const secret = randomBytes(24).toString('base64url');
    const args = [viewerId, JSON.stringify({ name, guest }), requestDigest(viewerId, secret)];
    const { endsAt } = await this.store.run(scripts.viewerLink, shopId, args);
    return { code: `${shopId}.${secret}.${viewerId}`, endsAt };
  }

  /** @throws UNAUTHENTICATED for a link that does not work (any more) */
  async openLink(code: string): Promise<{ shopId: string; viewer: Booker }> {
    const [shopId = '', secret = '', ...id] = code.split('.');
    const viewerId = id.join('.');
    // Whoever guesses makes nothing of a shop that is not there.
    if (!(await hasShop(this.store, shopId))) {
      throw new AppError('UNAUTHENTICATED', { link: 'is not of a shop here' });
    }
    const args = [viewerId, requestDigest(viewerId, secret)];
    const { name, guest } = await this.store.run(scripts.viewerLinkOpen, shopId, args);
    return { shopId, viewer: { viewerId, name, guest } };
  }

  list(shopId: string, query: ViewersQuery): Promise<Page<Viewer>> {
    return pageViewers(this.store, shopId, query);
  }

  /** How hosts see a viewer beside a record of theirs; of one who is gone, the id is left. */
  async brief(shopId: string, viewerId: string): Promise<ViewerBrief> {
    const { name = '', reputation = 0 } = (await readViewer(this.store, shopId, viewerId)) ?? {};
    return { viewerId, name, reputation };
  }

  /** Puts beside each row the viewer whom it is of. */
  beside<Row extends { viewerId: string }>(
    shopId: string,
    rows: Row[],
  ): Promise<(Row & { viewer: ViewerBrief })[]> {
    const briefs = new Map<string, Promise<ViewerBrief>>();
    return Promise.all(
      rows.map(async (row) => {
        const brief = briefs.get(row.viewerId) ?? this.brief(shopId, row.viewerId);
        briefs.set(row.viewerId, brief);
        return { ...row, viewer: await brief };
      }),
    );
  }

  async patch(shopId: string, viewerId: string, { status, release }: ViewerPatch): Promise<Viewer> {
    const args = [viewerId, status ?? '', release ? '1' : ''];
    return (await this.store.run(scripts.viewerPatch, shopId, args)).viewer;
  }

  /** The host's own correction of a reputation. */
  async correct(
    shopId: string,
    hostId: string,
    viewerId: string,
    { delta, reason, requestId }: ReputationCorrection,
  ): Promise<Viewer> {
    const digest = requestDigest(`host ${hostId}`, requestId);
    const args = [viewerId, String(delta), reason, digest];
    return (await this.store.run(scripts.viewerCorrect, shopId, args)).viewer;
  }

  /** The viewer's own; of one who has no record yet it is empty. */
  ownLedger(shopId: string, viewerId: string, query: PageQuery): Promise<Page<LedgerEntry>> {
    return pageLedger(this.store, shopId, viewerId, query);
  }

  /** @throws NOT_FOUND */
  async ledger(shopId: string, viewerId: string, query: PageQuery): Promise<Page<LedgerEntry>> {
    if (!(await readViewer(this.store, shopId, viewerId))) throw new AppError('NOT_FOUND');
    return pageLedger(this.store, shopId, viewerId, query);
  }
}
