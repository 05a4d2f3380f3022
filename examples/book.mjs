import { Api, connectViewer } from 'livehold/client';

const url = 'http://localhost:3000';
const api = new Api({ url });
const { shopId, lives } = (await api.call('GET /shops')).items.find((shop) => shop.lives[0]);
const guest = { params: { shopId }, body: { name: 'Ani' } };
const { token } = await api.call('POST /shops/:shopId/guests', guest);
const viewer = connectViewer({ url, token, shopId, liveId: lives[0].liveId });
viewer.on('stock:released', ({ releases }) => console.log('released', releases));
await viewer.ready();
const booking = await viewer.book(viewer.items.find((item) => item.available > 0).itemId);
console.log(`booking ${booking.sequence} of the item is mine`, booking);
setTimeout(() => viewer.cancelBooking(booking.bookingId), 3000);
setTimeout(() => viewer.close(), 6000);
