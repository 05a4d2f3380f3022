// Takes a shop's webhooks: SECRET=whsec_… node examples/webhooks.mjs, then POST /api/v1/webhooks with its address.
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';

const verifier = new Webhook(process.env.SECRET);
const seen = new Set(); // in a real system: a unique key in the database

createServer(async (request, response) => {
  try {
    const event = verifier.verify(await text(request), request.headers);
    // An event may come more than once.
    if (!seen.has(event.id)) console.log(event.type, event.data.order?.code ?? '', event.id);
    seen.add(event.id);
    response.writeHead(204).end();
  } catch {
    response.writeHead(400).end();
  }
}).listen(process.env.PORT ?? 4000, () => console.log('listening'));
