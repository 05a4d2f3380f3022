import { type Kysely, type Migration, type MigrationProvider, sql } from 'kysely';

/** Money is whole rupiah; times are instants with milliseconds. */
const FIRST = `
create table events (
  shop_id text not null, ms bigint not null, seq bigint not null, n integer not null,
  id text not null generated always as (ms::text || '-' || seq::text || '-' || n::text) stored,
  type text not null, at timestamptz(3) not null,
  viewer_id text, order_id text, booking_id text, item_id text,
  data jsonb not null, lost_at timestamptz(3),
  primary key (shop_id, ms, seq, n)
);
create index events_by_type on events (shop_id, type, ms);
create index events_by_viewer on events (shop_id, viewer_id) where viewer_id is not null;
create index events_by_order on events (shop_id, order_id) where order_id is not null;

create table bookings (
  shop_id text not null, booking_id text not null, live_id text not null, item_id text not null,
  sku text not null, code text not null, item_name text not null, viewer_id text not null,
  quantity integer not null, unit_price bigint not null, status text not null, sequence bigint not null,
  source text not null, order_id text,
  created_at timestamptz(3) not null, expires_at timestamptz(3) not null, ended_at timestamptz(3),
  cost integer, record text not null,
  live_rank bigint, item_rank bigint, viewer_rank bigint,
  entry_ms bigint not null, entry_seq bigint not null,
  left_redis_at timestamptz(3), lost_at timestamptz(3),
  primary key (shop_id, booking_id)
);
create index bookings_by_live on bookings (shop_id, live_id, live_rank);
create index bookings_by_item on bookings (shop_id, item_id, item_rank);
create index bookings_by_viewer on bookings (shop_id, viewer_id, viewer_rank);
create index bookings_by_order on bookings (shop_id, order_id) where order_id is not null;
create index bookings_by_creation on bookings (shop_id, created_at);
create index bookings_in_redis on bookings (shop_id, ended_at) where left_redis_at is null and lost_at is null;
create index bookings_by_entry on bookings (shop_id, entry_ms, entry_seq);

create table orders (
  shop_id text not null, order_id text not null, code text not null, viewer_id text not null, status text not null,
  subtotal bigint not null, ppn_percent numeric(5, 2) not null, prices_include_ppn boolean not null,
  tax_base bigint not null, ppn bigint not null, shipping_fee bigint not null, service_fee bigint not null,
  total bigint not null, delivery text not null,
  recipient_name text, recipient_phone text, recipient_address text, recipient_district text, recipient_city text,
  recipient_postal_code text, recipient_note text, note text, host_note text,
  fulfilment text not null, tracking text, invoice_number text, payment_id text,
  created_at timestamptz(3) not null, expires_at timestamptz(3) not null, paid_at timestamptz(3),
  still_sold boolean not null, changed_at timestamptz(3) not null, record jsonb not null,
  entry_ms bigint not null, entry_seq bigint not null,
  left_redis_at timestamptz(3), lost_at timestamptz(3),
  primary key (shop_id, order_id)
);
create index orders_by_creation on orders (shop_id, created_at desc, order_id desc);
create index orders_by_payment on orders (shop_id, paid_at desc, order_id desc) where paid_at is not null;
create index orders_by_viewer on orders (shop_id, viewer_id, created_at desc, order_id desc);
create index orders_by_status on orders (shop_id, status, created_at desc, order_id desc);
create index orders_by_code on orders (shop_id, code);
create index orders_by_invoice on orders (shop_id, invoice_number) where invoice_number is not null;
create index orders_in_redis on orders (shop_id, changed_at) where left_redis_at is null and lost_at is null;
create index orders_by_entry on orders (shop_id, entry_ms, entry_seq);

create table order_lines (
  shop_id text not null, order_id text not null, line integer not null, booking_id text not null,
  item_id text not null, sku text not null, code text not null, name text not null,
  quantity integer not null, unit_price bigint not null, line_total bigint not null,
  primary key (shop_id, order_id, line)
);
create index order_lines_by_item on order_lines (shop_id, item_id);

create table payments (
  shop_id text not null, payment_id text not null, order_id text not null, method text not null,
  provider text not null, status text not null, amount bigint not null,
  created_at timestamptz(3), paid_at timestamptz(3), expires_at timestamptz(3), claimed_at timestamptz(3),
  record jsonb not null,
  primary key (shop_id, payment_id)
);
create index payments_by_order on payments (shop_id, order_id);
create index payments_by_id on payments (payment_id);

create table payment_notices (
  shop_id text not null, notice_id text not null, payment_id text not null, order_id text, source text not null,
  outcome text not null, reason text not null, words text, at timestamptz(3) not null, last_at timestamptz(3) not null,
  count integer not null, decided_by text, decided_at timestamptz(3), record text not null,
  entry_ms bigint not null, entry_seq bigint not null,
  left_redis_at timestamptz(3), lost_at timestamptz(3),
  primary key (shop_id, notice_id)
);
create index payment_notices_by_arrival on payment_notices (shop_id, at desc, notice_id desc);
create index payment_notices_by_order on payment_notices (shop_id, order_id) where order_id is not null;
create index payment_notices_by_entry on payment_notices (shop_id, entry_ms, entry_seq);

create table refunds (
  shop_id text not null, refund_id text not null, order_id text not null, payment_id text not null,
  viewer_id text not null, amount bigint not null, reason text not null, status text not null,
  at timestamptz(3) not null, done_at timestamptz(3), done_by text, done_note text, record text not null,
  entry_ms bigint not null, entry_seq bigint not null,
  left_redis_at timestamptz(3), lost_at timestamptz(3),
  primary key (shop_id, refund_id)
);
create index refunds_by_opening on refunds (shop_id, at desc, refund_id desc);
create index refunds_by_order on refunds (shop_id, order_id);
create index refunds_by_entry on refunds (shop_id, entry_ms, entry_seq);

create table ledger_entries (
  shop_id text not null, viewer_id text not null, n bigint not null, delta integer not null,
  before integer not null, after integer not null, reason text not null, ref_id text not null, note text,
  at timestamptz(3) not null, record text not null,
  entry_ms bigint not null, entry_seq bigint not null,
  left_redis_at timestamptz(3), lost_at timestamptz(3),
  primary key (shop_id, viewer_id, n)
);
create index ledger_entries_by_time on ledger_entries (shop_id, at);
create index ledger_entries_by_entry on ledger_entries (shop_id, entry_ms, entry_seq);

create table stock_changes (
  shop_id text not null, item_id text not null, n bigint not null, quantity bigint not null,
  at timestamptz(3) not null, by text not null, entry_ms bigint not null, entry_seq bigint not null,
  primary key (shop_id, item_id, n)
);

create table items (
  shop_id text not null, item_id text not null, sku text not null, code text not null, name text not null,
  price bigint not null, entry_ms bigint not null, entry_seq bigint not null,
  primary key (shop_id, item_id)
);

create table lives (
  shop_id text not null, live_id text not null, title text not null, status text not null,
  started_at timestamptz(3), ended_at timestamptz(3), entry_ms bigint not null, entry_seq bigint not null,
  primary key (shop_id, live_id)
);

create table viewers (
  shop_id text not null, viewer_id text not null, name text not null, reputation integer not null,
  entry_ms bigint not null, entry_seq bigint not null,
  primary key (shop_id, viewer_id)
);

create table cursors (
  shop_id text primary key, entry_ms bigint not null default 0, entry_seq bigint not null default 0,
  holder text not null default '', fence bigint not null default 0,
  lease_until timestamptz(3) not null default 'epoch',
  gaps integer not null default 0, losses integer not null default 0,
  archived_at timestamptz(3) not null default now()
);
`;

const RETENTION = `
alter table payments add column account_id text;
create index bookings_untrimmed on bookings (shop_id, left_redis_at) where left_redis_at is not null
  and (live_rank is null or item_rank is null or viewer_rank is null);
create index ledger_entries_in_redis on ledger_entries (shop_id, at) where left_redis_at is null and lost_at is null;
`;

const LOSSES = `
alter table order_lines add column lost_at timestamptz(3);
alter table payments add column lost_at timestamptz(3);
`;

const LOST_STATES = `
alter table cursors add column losses_accepted_at timestamptz(3);
create table lost_states (
  shop_id text not null, kind text not null, record_id text not null, entry_ms bigint not null, entry_seq bigint not null,
  status text not null, amount bigint not null, record jsonb not null, noticed_at timestamptz(3) not null default now(),
  primary key (shop_id, kind, record_id, entry_ms, entry_seq)
);
`;

const MOVES = `
alter table cursors add column drops bigint;
alter table cursors add column unsettled_since timestamptz(3);
alter table cursors add column older_since timestamptz(3);
create index orders_left on orders (shop_id, left_redis_at, order_id) where left_redis_at is not null;
create index bookings_left on bookings (shop_id, left_redis_at, booking_id) where left_redis_at is not null and order_id is null;
create index payment_notices_left on payment_notices (shop_id, left_redis_at, notice_id) where left_redis_at is not null;
create index ledger_entries_left on ledger_entries (shop_id, left_redis_at, viewer_id) where left_redis_at is not null;
`;

const LATER = `
alter table bookings add column look_again_at timestamptz(3);
alter table payment_notices add column look_again_at timestamptz(3);
alter table ledger_entries add column look_again_at timestamptz(3);
`;

const ERASED = `
alter table cursors add column erased_at timestamptz;
`;

/** A migration that was released is never changed: another follows it. */
const MIGRATIONS: Record<string, Migration> = {
  '0001-tables': { up: (db) => runAll(db, FIRST) },
  '0002-retention': { up: (db) => runAll(db, RETENTION) },
  '0003-losses': { up: (db) => runAll(db, LOSSES) },
  '0004-lost-states': { up: (db) => runAll(db, LOST_STATES) },
  '0005-moves': { up: (db) => runAll(db, MOVES) },
  '0006-later': { up: (db) => runAll(db, LATER) },
  '0007-erased': { up: (db) => runAll(db, ERASED) },
};

export const migrations: MigrationProvider = { getMigrations: async () => MIGRATIONS };

async function runAll(db: Kysely<unknown>, text: string): Promise<void> {
  for (const statement of text.split(/;\s*(?:\n|$)/)) {
    if (statement.trim() !== '') await sql.raw(statement).execute(db);
  }
}
