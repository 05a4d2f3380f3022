import pg from 'pg';

/** What the archive has of one order and all that goes with it, once more under other ids and up to a year earlier. */
const COPIES = [
  `insert into orders (shop_id, order_id, code, viewer_id, status, subtotal, ppn_percent, prices_include_ppn, tax_base, ppn,
     shipping_fee, service_fee, total, delivery, recipient_name, recipient_phone, recipient_address, fulfilment, tracking,
     invoice_number, payment_id, created_at, expires_at, paid_at, still_sold, changed_at, record, entry_ms, entry_seq, left_redis_at)
   select shop_id, 'or_' || c.id, c.code, viewer_id, status, subtotal, ppn_percent, prices_include_ppn, tax_base, ppn,
     shipping_fee, service_fee, total, delivery, recipient_name, recipient_phone, recipient_address, fulfilment, tracking,
     invoice_number, 'pay_' || c.id, created_at - c.ago, expires_at - c.ago, paid_at - c.ago, still_sold, changed_at - c.ago,
     replace(replace(o.record::text, o.order_id, 'or_' || c.id), o.code, c.code)::jsonb, entry_ms, entry_seq, now()
   from orders o cross join lateral (select md5(o.order_id || $2) as id) as m cross join lateral (select m.id,
     upper(substr(translate(m.id, '01', '23'), 1, 6)) as code, $4::interval * (('x' || substr(m.id, 1, 6))::bit(24)::int / 16777216.0)
     + interval '31 days' as ago) as c where shop_id = $1 and order_id = any ($3)`,
  `insert into order_lines (shop_id, order_id, line, booking_id, item_id, sku, code, name, quantity, unit_price, line_total)
   select shop_id, 'or_' || md5(order_id || $2), line, 'bk_' || md5(booking_id || $2), item_id, sku, code, name, quantity,
     unit_price, line_total from order_lines where shop_id = $1 and order_id = any ($3)`,
  `insert into bookings (shop_id, booking_id, live_id, item_id, sku, code, item_name, viewer_id, quantity, unit_price, status,
     sequence, source, order_id, created_at, expires_at, ended_at, cost, record, live_rank, item_rank, viewer_rank, entry_ms,
     entry_seq, left_redis_at)
   select shop_id, 'bk_' || md5(booking_id || $2), live_id, item_id, sku, code, item_name, viewer_id, quantity, unit_price, status,
     sequence, source, 'or_' || md5(order_id || $2), created_at, expires_at, ended_at, cost, record, 0, 0, 0, entry_ms, entry_seq, now()
   from bookings where shop_id = $1 and order_id = any ($3)`,
  `insert into payments (shop_id, payment_id, order_id, method, provider, status, amount, created_at, paid_at, expires_at, record)
   select shop_id, 'pay_' || md5(payment_id || $2), 'or_' || md5(order_id || $2), method, provider, status, amount, created_at,
     paid_at, expires_at, record from payments where shop_id = $1 and order_id = any ($3)`,
];
const AT_ONCE = 2_000;
const SPREAD = '330 days';

/**
 * Fills the archive up with orders that end a month ago and begin a year ago, copies of those that are there; answers how
 * many there are now. The statements may take their time, which those of the server may not.
 */
export async function fillArchive(url: string, shopId: string, orders: number): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(
      'select order_id from orders where shop_id = $1 and left_redis_at is not null',
      [shopId],
    );
    const ids = rows.map(({ order_id }) => order_id as string);
    let left = orders - ids.length;
    for (let round = 0; left > 0 && ids.length > 0; round++) {
      for (let start = 0; start < ids.length && left > 0; start += AT_ONCE) {
        const part = ids.slice(start, start + Math.min(AT_ONCE, left));
        for (const [i, statement] of COPIES.entries())
          await client.query(statement, [shopId, `#${round}`, part, ...(i === 0 ? [SPREAD] : [])]);
        left -= part.length;
      }
    }
    // As autovacuum has long done where an archive grew over a year.
    await client.query('vacuum analyze');
    const counted = await client.query('select count(*)::int as n from orders where shop_id = $1', [
      shopId,
    ]);
    return counted.rows[0].n as number;
  } finally {
    await client.end();
  }
}
