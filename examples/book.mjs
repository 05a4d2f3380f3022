import { connectViewer, publicApi } from 'livehold/client';

const url = 'http://localhost:3000';
const api = publicApi({ url });
const { shopId, lives } = (await api.shops()).items.find((shop) => shop.lives.length > 0);
const { token } = await api.createGuest(shopId, 'Ani');
const viewer = connectViewer({ url, token, shopId, liveId: lives[0].liveId });
viewer.on('stock:released', ({ releases }) => console.log('released', releases));
await viewer.ready();
const booking = await viewer.book(viewer.items.find((item) => item.available > 0).itemId);
console.log(`booking ${booking.sequence} of the item is mine`, booking);
setTimeout(() => viewer.cancelBooking(booking.bookingId), 3000);
setTimeout(() => viewer.close(), 6000);
