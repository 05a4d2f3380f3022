/** Simulated viewers of the demo shop: over real sockets, at a believable pace, until the server stops. */
import { setTimeout as pause } from 'node:timers/promises';
import { Api, connectViewer, newRequestId, settle } from 'livehold/client';
import { signToken } from './local-token.mjs';

const SHOP = 'demo';
const NAMES =
  'Ani Budi Citra Dewi Eka Fajar Gita Hadi Indah Joko Kartika Lina Made Nur Putri Rina Sari Tono Umi Vina Wati Yani Zahra Agus Bella Dimas Fitri Galih Hesti Intan'.split(
    ' ',
  );
/** Short, so that a newcomer sees holds run out: minutes. */
const BOOKING_MINUTES = 1;
/** A sold-out item gets this many more now and then, so that the live goes on. */
const RESTOCK = 3;
const RESTOCK_EVERY_MS = 20_000;

/** @typedef {import('livehold/client').ViewerClient} ViewerClient */

/** So many come in at once are a crowd and no storm, ms apart. */
const COME_IN_MS = { most: 150, inAll: 10_000 };

/** Plays until the process ends. @param {string} url @param {number} [count] of viewers */
export async function playDemo(url, count = NAMES.length) {
  const claims = { role: 'host', sub: 'demo-helper', shop: SHOP, ttl: '12h' };
  const host = new Api({ url, token: await signToken(claims) });
  const { lives } = await host.call('GET /shops/:shopId', { params: { shopId: SHOP } });
  const [live] = lives;
  if (!live) {
    console.log(
      '  The demo shop has no live that is on; start one in the console and run the demo again.',
    );
    return;
  }
  const booking = { bookingTimeoutMinutes: BOOKING_MINUTES };
  await host.call('PATCH /settings', { body: { booking } });
  console.log(
    `  ${count} simulated viewers are in the live; bookings run out after ${BOOKING_MINUTES} minute.\n`,
  );
  setInterval(() => void settle(restock(host)), RESTOCK_EVERY_MS);
  for (let n = 0; n < count; n += 1) {
    void watch(url, live.liveId, nameOf(n));
    await pause(Math.min(COME_IN_MS.most, COME_IN_MS.inAll / count));
  }
}

/** @param {number} n */
function nameOf(n) {
  const round = Math.floor(n / NAMES.length);
  return `${NAMES[n % NAMES.length]}${round === 0 ? '' : ` ${round + 1}`}`;
}

/** @param {Api} host */
async function restock(host) {
  const { items } = await host.call('GET /items', { query: { limit: 200 } });
  for (const { itemId } of items.filter((item) => item.available + item.booked === 0)) {
    const body = { quantity: RESTOCK, requestId: newRequestId() };
    await host.call('POST /items/:id/restock', { params: { id: itemId }, body });
  }
}

/** One viewer: comes in, looks, books, cancels, pays or forgets. @param {string} url @param {string} liveId @param {string} name */
async function watch(url, liveId, name) {
  const claims = {
    role: 'viewer',
    sub: `demo-${name.replace(' ', '-')}`,
    shop: SHOP,
    name,
    ttl: '12h',
  };
  const viewer = connectViewer({ url, token: await signToken(claims), shopId: SHOP, liveId });
  for (;;) {
    await pause(2_000 + Math.random() * 10_000);
    await settle(act(viewer, new Api({ url })));
  }
}

/** @param {ViewerClient} viewer @param {Api} bank */
async function act(viewer, bank) {
  await viewer.ready();
  const dice = Math.random();
  const [booking] = viewer.me?.bookings ?? [];
  if (booking === undefined) {
    const itemIds = viewer.live?.itemIds ?? [];
    const itemId = itemIds[Math.floor(Math.random() ** 1.5 * itemIds.length)] ?? '';
    await viewer.book(itemId, dice < 0.8 ? 1 : 2);
  } else if (dice < 0.1) {
    await viewer.cancelBooking(booking.bookingId);
  } else if (dice < 0.6) {
    await buy(viewer, bank);
  }
  // And now and then nothing: the hold runs out.
}

/** @param {ViewerClient} viewer @param {Api} bank */
async function buy(viewer, bank) {
  const { checkoutId } = await viewer.startCheckout();
  await pause(1_000 + Math.random() * 4_000);
  const paymentMethod = Math.random() < 0.8 ? 'qris' : 'bank_transfer';
  const { payment } = await viewer.placeOrder(checkoutId, paymentMethod);
  if (paymentMethod === 'bank_transfer' || Math.random() < 0.1) return;
  await pause(2_000 + Math.random() * 5_000);
  await bank.request('POST', `/sandbox/qris/${payment?.paymentId}/pay`);
}
