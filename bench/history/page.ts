import type { StockView } from '../../src/protocol/item.js';
import type { BookingHistory } from './bookings.js';
import type { Device } from './device.js';
import { Findings } from './findings.js';
import type { Row } from './line.js';
import type { OrderHistory } from './orders.js';
import type { Reason, ReleasedPage, StockHistory } from './stock.js';
import type { ViewerHistory } from './viewer.js';

/** What the clients of one process say of one item. */
interface ItemPage {
  /** Bookings that were asked for and answered. */
  rows: Row[];
  /** Places in line of all bookings, also of those that the host or the waiting line made. */
  places: number[];
  /** Units that are theirs at the end. */
  booked: number;
  allocated: number;
  sold: number;
  /** Units that came free. */
  freed: Partial<Record<Reason, number>>;
  /** Units that came free besides, as `booking_cancelled` or as `booking_expired`: no client heard which. */
  freedUnheard: number;
}

/** All that one process's clients can say; pages of several processes are judged together. */
export interface HistoryPage {
  found: Findings['found'];
  items: Record<string, ItemPage>;
  released: ReleasedPage[];
  /** Sums of the four buckets that were seen of each item, and how often. */
  totals: Record<string, [total: number, times: number][]>;
  bookings: number;
  expired: number;
  cancelled: number;
  orders: number;
  /** Items that someone waited for: of their units that came free, some went to the line unseen. */
  waitedFor: string[];
  /** Requests whose effect, if they had one, is unknown. */
  unanswered: number;
}

export interface PageSources {
  viewers: Iterable<ViewerHistory>;
  watchers: Iterable<Device>;
  stock: StockHistory;
  /** What was wrong as it came. */
  running: Findings;
  restocks: Iterable<{ itemId: string; quantity: number }>;
}

/** Judges what concerns one client, and adds up what only all clients together can be judged by. */
export function pageOf(sources: PageSources, truth: StockView[]): HistoryPage {
  const findings = new Findings();
  findings.add(sources.running.found);
  const page: HistoryPage = {
    found: findings.found,
    items: {},
    released: [],
    totals: sources.stock.totalsSeen(),
    bookings: 0,
    expired: 0,
    cancelled: 0,
    orders: 0,
    waitedFor: [],
    unanswered: 0,
  };
  const devices = [...sources.watchers];
  const waitedFor = new Set<string>();
  for (const viewer of sources.viewers) {
    devices.push(...viewer.devices);
    viewer.judge(findings);
    page.unanswered += viewer.unanswered;
    for (const itemId of viewer.waits.itemIds) waitedFor.add(itemId);
    for (const booking of viewer.bookings.all.values()) addBooking(page, booking, viewer);
    for (const order of viewer.orders.all.values()) addOrder(page, order, viewer);
  }
  for (const { itemId, quantity } of sources.restocks)
    free(itemPage(page, itemId), 'restocked', quantity);
  for (const device of devices) judgeAnswers(device, findings);
  const sights = devices.map(({ sight }) => sight);
  sources.stock.judgeSeen(sights, truth, findings);
  page.released = sources.stock.releasedPages(sights);
  page.waitedFor = [...waitedFor];
  return page;
}

function judgeAnswers({ viewerId, lost, commands }: Device, findings: Findings): void {
  findings.checked('answered', commands.sent);
  if (!lost && commands.open > 0)
    findings.broken(
      'answered',
      'without an answer',
      `${commands.open} of ${viewerId ?? 'a watcher'}`,
    );
}

function itemPage({ items }: HistoryPage, itemId: string): ItemPage {
  items[itemId] ??= {
    rows: [],
    places: [],
    booked: 0,
    allocated: 0,
    sold: 0,
    freed: {},
    freedUnheard: 0,
  };
  return items[itemId] as ItemPage;
}

function free({ freed }: ItemPage, reason: Reason, quantity: number): void {
  freed[reason] = (freed[reason] ?? 0) + quantity;
}

function addBooking(page: HistoryPage, booking: BookingHistory, viewer: ViewerHistory): void {
  const item = itemPage(page, booking.itemId);
  const { answered, sequence, quantity, heldUntil } = booking;
  page.bookings++;
  item.places.push(sequence);
  if (answered) {
    const { revision, sentAt, at } = answered;
    item.rows.push([sequence, revision, sentAt, at, quantity ?? 0, heldUntil]);
  }
  const { booked, freed, freedUnheard, ended } = viewer.bookings.unitsOf(booking, viewer);
  item.booked += booked;
  item.freedUnheard += freedUnheard;
  for (const { quantity: units, reason } of freed) free(item, reason, units);
  if (ended === 'expired') page.expired++;
  if (ended === 'cancelled') page.cancelled++;
}

function addOrder(page: HistoryPage, order: OrderHistory, viewer: ViewerHistory): void {
  page.orders++;
  const { status, freed } = viewer.orders.outcomeOf(order, viewer);
  for (const { itemId, quantity } of order.order.lines) {
    const item = itemPage(page, itemId);
    if (freed) free(item, freed, quantity);
    if (status === 'awaiting_payment') item.allocated += quantity;
    if (status === 'paid') item.sold += quantity;
  }
}
