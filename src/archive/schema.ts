import type { ColumnType, Generated } from 'kysely';

/** A `bigint` of the database; ours fit a number (`database.ts` reads them so). */
type Whole = number;
/** `timestamptz(3)`. */
type Time = Date;
/** `jsonb`: written as JSON text, read as what it says. */
type Json = ColumnType<unknown, string, string>;

/** The entry of the shop's event stream by which a row was last written: its id is `<entry_ms>-<entry_seq>`. */
interface ByEntry {
  entry_ms: Whole;
  entry_seq: Whole;
}

/** What becomes of the record in Redis, whose copy the row is. */
interface OfRedis {
  left_redis_at: Generated<Time | null>;
  lost_at: Generated<Time | null>;
}

interface EventsTable {
  shop_id: string;
  ms: Whole;
  seq: Whole;
  n: number;
  /** `<ms>-<seq>-<n>`; made by the database. */
  id: ColumnType<string, never, never>;
  type: string;
  at: Time;
  viewer_id: string | null;
  order_id: string | null;
  booking_id: string | null;
  item_id: string | null;
  data: Json;
  lost_at: Generated<Time | null>;
}

/** What has not left although it was its turn is looked at again then. */
interface Later {
  look_again_at: Generated<Time | null>;
}

interface BookingsTable extends ByEntry, OfRedis, Later {
  shop_id: string;
  booking_id: string;
  live_id: string;
  item_id: string;
  sku: string;
  code: string;
  item_name: string;
  viewer_id: string;
  quantity: number;
  unit_price: Whole;
  status: string;
  sequence: Whole;
  source: string;
  order_id: string | null;
  created_at: Time;
  expires_at: Time;
  ended_at: Time | null;
  cost: number | null;
  record: string;
  live_rank: Generated<Whole | null>;
  item_rank: Generated<Whole | null>;
  viewer_rank: Generated<Whole | null>;
}

interface OrdersTable extends ByEntry, OfRedis {
  shop_id: string;
  order_id: string;
  code: string;
  viewer_id: string;
  status: string;
  subtotal: Whole;
  ppn_percent: number;
  prices_include_ppn: boolean;
  tax_base: Whole;
  ppn: Whole;
  shipping_fee: Whole;
  service_fee: Whole;
  total: Whole;
  delivery: string;
  recipient_name: string | null;
  recipient_phone: string | null;
  recipient_address: string | null;
  recipient_district: string | null;
  recipient_city: string | null;
  recipient_postal_code: string | null;
  recipient_note: string | null;
  note: string | null;
  host_note: string | null;
  fulfilment: string;
  tracking: string | null;
  invoice_number: string | null;
  payment_id: string | null;
  created_at: Time;
  expires_at: Time;
  paid_at: Time | null;
  still_sold: boolean;
  changed_at: Time;
  record: Json;
}

interface OrderLinesTable {
  shop_id: string;
  order_id: string;
  line: number;
  booking_id: string;
  item_id: string;
  sku: string;
  code: string;
  name: string;
  quantity: number;
  unit_price: Whole;
  line_total: Whole;
  lost_at: Generated<Time | null>;
}

interface PaymentsTable {
  shop_id: string;
  payment_id: string;
  order_id: string;
  method: string;
  provider: string;
  status: string;
  amount: Whole;
  created_at: Time | null;
  paid_at: Time | null;
  expires_at: Time | null;
  claimed_at: Time | null;
  account_id: Generated<string | null>;
  lost_at: Generated<Time | null>;
  record: Json;
}

interface PaymentNoticesTable extends ByEntry, OfRedis, Later {
  shop_id: string;
  notice_id: string;
  payment_id: string;
  order_id: string | null;
  source: string;
  outcome: string;
  reason: string;
  words: string | null;
  at: Time;
  last_at: Time;
  count: number;
  decided_by: string | null;
  decided_at: Time | null;
  record: string;
}

interface RefundsTable extends ByEntry, OfRedis {
  shop_id: string;
  refund_id: string;
  order_id: string;
  payment_id: string;
  viewer_id: string;
  amount: Whole;
  reason: string;
  status: string;
  at: Time;
  done_at: Time | null;
  done_by: string | null;
  done_note: string | null;
  record: string;
}

interface LedgerEntriesTable extends ByEntry, OfRedis, Later {
  shop_id: string;
  viewer_id: string;
  n: Whole;
  delta: number;
  before: number;
  after: number;
  reason: string;
  ref_id: string;
  note: string | null;
  at: Time;
  record: string;
}

interface StockChangesTable extends ByEntry {
  shop_id: string;
  item_id: string;
  n: Whole;
  quantity: Whole;
  at: Time;
  by: string;
}

interface ItemsTable extends ByEntry {
  shop_id: string;
  item_id: string;
  sku: string;
  code: string;
  name: string;
  price: Whole;
}

interface LivesTable extends ByEntry {
  shop_id: string;
  live_id: string;
  title: string;
  status: string;
  started_at: Time | null;
  ended_at: Time | null;
}

interface ViewersTable extends ByEntry {
  shop_id: string;
  viewer_id: string;
  name: string;
  reputation: number;
}

interface CursorsTable {
  shop_id: string;
  entry_ms: Generated<Whole>;
  entry_seq: Generated<Whole>;
  holder: Generated<string>;
  fence: Generated<Whole>;
  lease_until: Generated<Time>;
  gaps: Generated<number>;
  losses: Generated<number>;
  archived_at: Generated<Time>;
  losses_accepted_at: Generated<Time | null>;
  drops: Generated<Whole | null>;
  unsettled_since: Generated<Time | null>;
  older_since: Generated<Time | null>;
  erased_at: Generated<Time | null>;
}

export interface LostStatesTable extends ByEntry {
  shop_id: string;
  kind: string;
  record_id: string;
  status: string;
  amount: Whole;
  record: Json;
  noticed_at: Generated<Time>;
}

/** The archive's tables. What each is for, and what its columns mean, is said in `docs/archive.md`. */
export interface ArchiveTables {
  events: EventsTable;
  bookings: BookingsTable;
  orders: OrdersTable;
  order_lines: OrderLinesTable;
  payments: PaymentsTable;
  payment_notices: PaymentNoticesTable;
  refunds: RefundsTable;
  ledger_entries: LedgerEntriesTable;
  stock_changes: StockChangesTable;
  items: ItemsTable;
  lives: LivesTable;
  viewers: ViewersTable;
  cursors: CursorsTable;
  lost_states: LostStatesTable;
}
