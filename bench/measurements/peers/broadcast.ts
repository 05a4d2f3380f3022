import { setTimeout as delay } from 'node:timers/promises';
import type { RoomMethods } from '../../crowd/room.js';
import type { Effort, Line } from '../../report/lines.js';
import { Child } from '../../rig/child.js';
import { CLIENT_CORE, SERVER_CORE } from '../../rig/cores.js';
import { peerModule } from '../../rig/peer-packages.js';
import { PrivateRedis } from '../../rig/redis.js';
import type { Common } from '../../rig/serve.js';
import { productStage, secondServer, startCrowd } from '../../rig/stage.js';
import { frameOfAll, ITEMS, PAUSE_MS } from '../fan-out.js';
import { ahead, rounds } from './line.js';

const VIEWERS = 2_000;
const ROUNDS = 4;
const WITHIN_MS = 70_000;
/** After the last change, ms; what has not come by then is lost. */
const HEARD_WITHIN_MS = 10_000;
const PUB_SUB = 'Socket.IO with its Redis adapter';
const STREAMS = 'Socket.IO with its Redis streams adapter';
const COLYSEUS = 'Colyseus, a broadcast to a room';

/** What bench/peers/socketio.mjs and colyseus.mjs answer. */
type EmitterMethods = {
  ready(): number;
  sample(frame: unknown): void;
  emit(): void;
};

/** Who hears of changes. */
type Audience = Child<Pick<RoomMethods, 'countFrames' | 'bytesRead'> & Common>;

/** One way of telling 2,000 viewers that ten items have changed. */
interface Side {
  servers: Child<Common>[];
  audiences: Audience[];
  redis: PrivateRedis | undefined;
  change(): Promise<unknown>;
  close(): Promise<void>;
  /** CPU a recipient of servers and Redis, µs, and bytes, of each round. */
  micros: number[];
  bytes: number[];
}

/** The same frame to as many viewers: over two servers beside Socket.IO with its adapters, and from one beside Colyseus. */
export async function measureBroadcasts(effort: Effort): Promise<Line[]> {
  const one = await livehold(1);
  const two = await livehold(2);
  const compressed = await livehold(2, true);
  const pubSub = await socketIo('pub/sub', one.frame);
  const streams = await socketIo('streams', one.frame);
  const colyseus = await colyseusRoom(one.frame);
  const sides = [one, two, compressed, pubSub, streams, colyseus];
  try {
    // Once to warm up.
    for (const side of sides) await oneRound(side, effort.roundMs);
    await rounds(Math.min(ROUNDS, effort.rounds), WITHIN_MS, async () => {
      for (const side of sides) {
        const { micros, bytes } = await oneRound(side, effort.roundMs);
        side.micros.push(micros);
        side.bytes.push(bytes);
      }
    });
  } finally {
    for (const { close } of sides) await close();
  }
  return [
    cpuLine('over two servers', two, pubSub, PUB_SUB),
    cpuLine('over two servers', two, streams, STREAMS),
    cpuLine('over two servers, compressed', compressed, pubSub, `${PUB_SUB}, not compressed`),
    bytesLine(compressed, pubSub, `${PUB_SUB}, not compressed`),
    cpuLine('from one server', one, colyseus, COLYSEUS),
    bytesLine(compressed, colyseus, COLYSEUS),
  ];
}

function cpuLine(how: string, ours: Side, theirs: Side, name: string): Line {
  return ahead({
    what: `CPU of servers and Redis a recipient of a frame of ${ITEMS} items, ${VIEWERS.toLocaleString('en')} viewers, ${how}`,
    unit: 'µs',
    livehold: ours.micros,
    peer: { name, values: theirs.micros },
    better: 'low',
  });
}

function bytesLine(ours: Side, theirs: Side, name: string): Line {
  return ahead({
    what: 'bytes a recipient of it, compressed',
    unit: 'B',
    livehold: ours.bytes,
    peer: { name, values: theirs.bytes },
    better: 'low',
  });
}

async function oneRound(side: Side, ms: number): Promise<{ micros: number; bytes: number }> {
  const { servers, audiences, redis, change } = side;
  const total = async (of: Promise<number>[]) => (await Promise.all(of)).reduce((a, b) => a + b, 0);
  const frames = () => total(audiences.map((audience) => audience.call('countFrames')));
  const bytesRead = () => total(audiences.map((audience) => audience.call('bytesRead')));
  const cpu = () => total(servers.map(async (server) => (await server.call('usage')).cpuMicros));
  await frames();
  await redis?.resetStats();
  const before = { cpu: await cpu(), bytes: await bytesRead() };
  let changes = 0;
  for (const end = performance.now() + ms; performance.now() < end; changes++) {
    await change();
    await delay(PAUSE_MS);
  }
  const recipients = changes * VIEWERS;
  let heard = await frames();
  for (const end = performance.now() + HEARD_WITHIN_MS; heard < recipients; ) {
    if (performance.now() > end) throw new Error(`${recipients - heard} viewers did not hear`);
    await delay(10);
    heard += await frames();
  }
  const micros = (await cpu()) - before.cpu + ((await redis?.usage())?.threadMicros ?? 0);
  // By changes, not by frames: one that comes in two pieces has cost both.
  return {
    micros: micros / recipients,
    bytes: ((await bytesRead()) - before.bytes) / recipients,
  };
}

async function livehold(servers: 1 | 2, inflates = false): Promise<Side & { frame: unknown }> {
  const stage = await productStage({ items: ITEMS, inflates });
  const frame = await frameOfAll(stage, inflates);
  const other = servers === 2 ? await secondServer(stage, inflates) : undefined;
  const crowds = [stage.crowd, ...(other ? [other.crowd] : [])];
  for (const crowd of crowds) await crowd.call('join', VIEWERS / servers, 50);
  let turn = 0;
  return {
    servers: [stage.server, ...(other ? [other.server] : [])],
    audiences: crowds,
    redis: stage.redis,
    // On one server after the other.
    change: () => (crowds[turn++ % servers] ?? stage.crowd).call('bookOnce', ITEMS),
    async close() {
      await other?.close();
      await stage.close();
    },
    micros: [],
    bytes: [],
    frame,
  };
}

async function socketIo(adapter: 'pub/sub' | 'streams', frame: unknown): Promise<Side> {
  const redis = await PrivateRedis.start();
  const env = { NODE_ENV: 'production', REDIS_URL: redis.url, ADAPTER: adapter };
  const emitters = [0, 1].map(() =>
    Child.start<EmitterMethods & Common>(peerModule('socketio.mjs'), { core: SERVER_CORE, env }),
  );
  const crowds = await Promise.all(
    emitters.map(async (server) => {
      const url = `http://127.0.0.1:${await server.call('ready')}`;
      await server.call('sample', frame);
      return startCrowd({ url, shopId: 'shop', liveId: 'live', itemIds: [] });
    }),
  );
  for (const crowd of crowds) await crowd.call('join', VIEWERS / emitters.length, 50);
  let turn = 0;
  return {
    servers: emitters,
    audiences: crowds,
    redis,
    change: async () => emitters[turn++ % emitters.length]?.call('emit'),
    async close() {
      for (const child of [...crowds, ...emitters]) await child.stop();
      await redis.stop();
    },
    micros: [],
    bytes: [],
  };
}

async function colyseusRoom(frame: unknown): Promise<Side> {
  const server = Child.start<EmitterMethods & Common>(peerModule('colyseus.mjs'), {
    core: SERVER_CORE,
    env: { NODE_ENV: 'production' },
  });
  const url = `http://127.0.0.1:${await server.call('ready')}`;
  await server.call('sample', frame);
  const clients = Child.start<RoomMethods & Common>(
    new URL('../../crowd/room.js', import.meta.url),
    { core: CLIENT_CORE },
  );
  await clients.call('join', url, VIEWERS);
  return {
    servers: [server],
    audiences: [clients],
    redis: undefined,
    change: () => server.call('emit'),
    async close() {
      await clients.stop();
      await server.stop();
    },
    micros: [],
    bytes: [],
  };
}
