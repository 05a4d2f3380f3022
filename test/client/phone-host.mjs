/** A viewer in a process of its own, which a test can put to sleep. Prints what happens to its state. */
import { connectViewer } from 'livehold/client';

const { URL: url, SHOP: shopId = '', LIVE: liveId = '', ITEM: itemId = '' } = process.env;
const viewer = connectViewer({ url, shopId, liveId });
viewer.on('joined', () => console.log('joined', viewer.item(itemId)?.available));
viewer.on('wake', () => console.log('wake'));
