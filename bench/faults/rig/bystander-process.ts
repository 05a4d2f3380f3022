/** Watchers of a live, in a process that can be stopped: `url shopId liveId count`. Says when all are there. */
import { Connection } from '../../client/connection.js';

const [url = '', shopId = '', liveId = '', count = ''] = process.argv.slice(2);

await Promise.all(
  Array.from({ length: Number(count) }, async () => {
    const connection = await Connection.open({ url });
    const ack = await connection.request('live:join', { shopId, liveId });
    if (!ack.ok) throw new Error(`could not join: ${ack.error.code}`);
  }),
);
process.stdout.write('here\n');
