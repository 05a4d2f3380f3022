/** Simulated viewers of the demo shop: over real sockets, at a believable pace, until the server stops. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { io } from 'socket.io-client';
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

/** @typedef {import('socket.io-client').Socket} Socket */

/** Plays until the process ends. @param {string} url */
export async function playDemo(url) {
  const host = hostApi(
    url,
    await signToken({ role: 'host', sub: 'demo-helper', shop: SHOP, ttl: '12h' }),
  );
  const live = await demoLive(url);
  if (!live) {
    console.log(
      '  The demo shop has no live that is on; start one in the console and run the demo again.',
    );
    return;
  }
  await host('PATCH', '/settings', { booking: { bookingTimeoutMinutes: BOOKING_MINUTES } });
  console.log(
    `  ${NAMES.length} simulated viewers are in the live; bookings run out after ${BOOKING_MINUTES} minute.\n`,
  );
  setInterval(() => void restock(host).catch(() => {}), RESTOCK_EVERY_MS);
  for (const name of NAMES) {
    void watch(url, live, name);
    await pause(150);
  }
}

/** @param {string} url */
async function demoLive(url) {
  const answer = await fetch(`${url}/api/v1/shops/${SHOP}`);
  return /** @type {any} */ (await answer.json()).lives?.[0];
}

/** @typedef {(method: string, path: string, body?: object) => Promise<any>} HostApi */

/** @param {string} url @param {string} token @returns {HostApi} */
function hostApi(url, token) {
  return async (method, path, body) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const init = body ? { method, headers, body: JSON.stringify(body) } : { method, headers };
    const answer = await fetch(`${url}/api/v1${path}`, init);
    return answer.json();
  };
}

/** @param {HostApi} host */
async function restock(host) {
  const { items = [] } = await host('GET', '/items?limit=200');
  const empty = items.filter((/** @type {any} */ item) => item.available + item.booked === 0);
  for (const item of empty) {
    await host('POST', `/items/${item.itemId}/restock`, {
      quantity: RESTOCK,
      requestId: randomUUID(),
    });
  }
}

/** One viewer: comes in, looks, books, cancels, pays or forgets. @param {string} url @param {any} live @param {string} name */
async function watch(url, live, name) {
  const token = await signToken({
    role: 'viewer',
    sub: `demo-${name}`,
    shop: SHOP,
    name,
    ttl: '12h',
  });
  const socket = io(`${url}/live`, { auth: { token }, transports: ['websocket'] });
  const ask = (/** @type {string} */ event, /** @type {object} */ payload) =>
    socket.timeout(5_000).emitWithAck(event, payload);
  socket.on(
    'connect',
    () => void ask('live:join', { shopId: SHOP, liveId: live.liveId }).catch(() => {}),
  );
  for (;;) {
    await pause(2_000 + Math.random() * 10_000);
    await act(url, ask, live).catch(() => {});
  }
}

/** @param {string} url @param {(event: string, payload: object) => Promise<any>} ask @param {any} live */
async function act(url, ask, live) {
  const { data: me } = await ask('me:get', {});
  const dice = Math.random();
  if (me.bookings.length === 0) {
    const itemId = live.itemIds[Math.floor(Math.random() ** 1.5 * live.itemIds.length)];
    const quantity = dice < 0.8 ? 1 : 2;
    await ask('booking:create', { liveId: live.liveId, itemId, quantity, requestId: randomUUID() });
  } else if (dice < 0.1) {
    await ask('booking:cancel', { bookingId: me.bookings[0].bookingId });
  } else if (dice < 0.6) {
    await buy(url, ask);
  }
  // And now and then nothing: the hold runs out.
}

/** @param {string} url @param {(event: string, payload: object) => Promise<any>} ask */
async function buy(url, ask) {
  const { ok, data } = await ask('checkout:start', {});
  if (!ok) return;
  await pause(1_000 + Math.random() * 4_000);
  const paymentMethod = Math.random() < 0.8 ? 'qris' : 'bank_transfer';
  const { checkoutId } = data.checkout;
  const placed = await ask('order:place', { checkoutId, paymentMethod, requestId: randomUUID() });
  if (!placed.ok || paymentMethod === 'bank_transfer' || Math.random() < 0.1) return;
  await pause(2_000 + Math.random() * 5_000);
  const { paymentId } = placed.data.order.payment;
  await fetch(`${url}/sandbox/qris/${paymentId}/pay`, { method: 'POST' });
}
