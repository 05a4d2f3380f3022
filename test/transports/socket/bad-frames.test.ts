import { connect } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ViewerClient, viewer } from '../../support/client.js';
import { fingerprint } from '../../support/fingerprint.js';
import { type Host, host } from '../../support/host.js';
import { startRedis } from '../../support/redis-server.js';
import { startServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let seller: Host;
let request: { liveId: string; itemId: string; quantity: number; requestId: string };
let witness: ViewerClient;

beforeAll(async () => {
  const { url: redisUrl } = await startRedis();
  server = await startServer({ redisUrl });
  seller = host(server);
  const { liveId, itemId } = await seller.stage(10);
  request = { liveId, itemId, quantity: 1, requestId: 'r' };
  witness = await viewer(server, seller.shop, 'witness');
});

let viewers = 0;
const newViewer = () => viewer(server, seller.shop, `v${++viewers}`);

/** Writes text straight into the connection, below Socket.IO's own client. */
function write(client: ViewerClient, text: string): void {
  client.socket.io.engine.write(text);
}

/** Another socket is served as ever, and nothing has changed. */
async function unharmed(before: string): Promise<void> {
  expect((await witness.ask('me:get', {})).viewerId).toBe('witness');
  expect(await fingerprint(seller)).toBe(before);
}

describe('without a way to answer nothing is done', () => {
  const acks: [string, unknown[]][] = [
    ['no acknowledgement', []],
    ['a string in its place', ['ack']],
    ['null in its place', [null]],
    ['an object in its place', [{}]],
  ];
  it.each(acks)('%s', async (_, rest) => {
    await witness.ask('me:get', {});
    const client = await newViewer();
    await client.ask('me:get', {});
    const before = await fingerprint(seller);
    client.socket.emit('booking:create', request, ...rest);
    // Answered in order, so the booking before it has been seen.
    await client.ask('me:get', {});
    await unharmed(before);
  });
});

describe('a connection that sends nonsense', () => {
  const frames: [string, string][] = [
    ['half a packet', '2/live,['],
    ['no JSON', '2/live,0{}}'],
    ['no array', '2/live,0{"booking":1}'],
    ['no event name', '2/live,0[]'],
    ['a null as event name', '2/live,0[null,{}]'],
    ['an object as event name', '2/live,0[{},{}]'],
    ['a reserved name', '2/live,0["disconnect",{}]'],
    ['an answer to nothing', '3/live,99[1]'],
    ['binary that never comes', '51-/live,0["booking:create",{"_placeholder":true,"num":0}]'],
    ['a placeholder out of range', '51-/live,0["x",{"_placeholder":true,"num":9}]'],
    ['a namespace that is not', '0/admin,'],
    ['a second sign-in', '0/live,{"token":"x"}'],
    ['a packet of unknown kind', '9/live,'],
    ['nothing', ''],
  ];
  it.each(frames)('%s: others do not notice', async (_, frame) => {
    const client = await newViewer();
    const before = await fingerprint(seller);
    write(client, frame);
    await unharmed(before);
  });

  it('an event named by a number is not a command', async () => {
    const client = await newViewer();
    const answer = new Promise((resolve) => client.socket.io.engine.on('message', resolve));
    write(client, '2/live,0[7,{}]');
    expect(await answer).toContain('VALIDATION');
  });

  it('a message over 16 KB ends that connection alone', async () => {
    const client = await newViewer();
    const before = await fingerprint(seller);
    const gone = new Promise((resolve) => client.socket.once('disconnect', resolve));
    client.socket.emit('booking:create', { ...request, requestId: 'x'.repeat(20_000) });
    await gone;
    await unharmed(before);
    await client.connect();
    expect((await client.emit('me:get', {})).ok).toBe(true);
  });

  it('a connection that sends nothing, or half a request, harms nobody', async () => {
    const before = await fingerprint(seller);
    const { port } = new URL(server.url);
    for (const text of [
      '',
      'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nUpgrade: x',
      '\0',
    ]) {
      const socket = connect(Number(port), '127.0.0.1');
      socket.on('error', () => {});
      socket.end(text);
    }
    await unharmed(before);
  });

  it('a flood of commands is answered one by one', async () => {
    const client = await newViewer();
    const acks = await Promise.all(
      Array.from({ length: 2_000 }, (_, i) => client.send('booking:create', i % 2 ? null : {})),
    );
    expect(acks.every((ack) => !ack.ok && ack.error.code === 'VALIDATION')).toBe(true);
    expect((await witness.ask('me:get', {})).viewerId).toBe('witness');
  });
});
