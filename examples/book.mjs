import { io } from 'socket.io-client';

const url = 'http://localhost:3000';
const call = async (path, init) => (await fetch(`${url}/api/v1${path}`, init)).json();
const { shopId, lives } = (await call('/shops')).items.find((shop) => shop.lives.length > 0);
const { liveId } = lives[0];
const json = { 'content-type': 'application/json' };
const guest = { method: 'POST', headers: json, body: '{"name":"Ani"}' };
const { token } = await call(`/shops/${shopId}/guests`, guest);
const socket = io(`${url}/live`, { auth: { token } });
socket.on('stock:released', (news) => console.log('released', news.releases) ?? socket.close());
const { items } = (await socket.emitWithAck('live:join', { shopId, liveId })).data;
const { itemId } = items.find((item) => item.available > 0);
const wish = { liveId, itemId, quantity: 1, requestId: crypto.randomUUID() };
const { booking } = (await socket.emitWithAck('booking:create', wish)).data;
console.log(`booking ${booking.sequence} of the item is mine`, booking);
setTimeout(() => socket.emit('booking:cancel', { bookingId: booking.bookingId }, () => {}), 3000);
