import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { signOwnToken } from '../../src/transports/own-token.js';
import { HostApi } from '../client/host-api.js';
import type { CrowdMethods } from '../crowd/main.js';
import type { CrowdOptions } from '../crowd/viewers.js';
import type { BareMethods, Samples } from '../subjects/bare.js';
import type { NaiveMethods } from '../subjects/naive.js';
import type { ProductMethods } from '../subjects/product.js';
import { Child, type Methods } from './child.js';
import { CLIENT_CORE, SERVER_CORE } from './cores.js';
import { PrivateRedis, type RedisUsage } from './redis.js';
import type { Common, Usage } from './serve.js';

const SUBJECTS = new URL('../subjects/', import.meta.url);
const CROWD = new URL('../crowd/main.js', import.meta.url);

export type Crowd = Child<CrowdMethods & Common>;

/** A server under test with its own Redis, if it has one, and a crowd of viewers for it. */
export interface Stage<Api extends Methods> {
  name: string;
  server: Child<Api & Common>;
  crowd: Crowd;
  redis: PrivateRedis | undefined;
  url: string;
  close(): Promise<void>;
}

export interface ProductStage extends Stage<ProductMethods> {
  redis: PrivateRedis;
  host: HostApi;
  shopId: string;
  liveId: string;
  itemIds: string[];
  secret: string;
}

export interface ProductOptions {
  items?: number;
  /** Units of each item. */
  stock?: number;
  /** Viewers without tokens. */
  anonymous?: boolean;
  connectOnly?: boolean;
  /** Viewers take compressed messages. */
  inflates?: boolean;
  redisSettings?: Record<string, string>;
}

const SHOP = 'bench';
/** What servers without a catalogue sell. */
const ITEMS = ['a', 'b', 'c', 'd', 'e'];

/** Livehold with one shop, one live that is on, and its items. No limits on rates. */
export async function productStage(options: ProductOptions = {}): Promise<ProductStage> {
  const redis = await PrivateRedis.start(options.redisSettings);
  const secret = randomBytes(32).toString('base64url');
  const server = startProduct(redis, secret);
  const url = `http://127.0.0.1:${await server.call('ready')}`;
  const hostToken = signOwnToken({ secret }, { id: 'host', shopId: SHOP, role: 'host' }, '1h');
  const host = new HostApi(url, hostToken);
  const itemIds: string[] = [];
  for (let i = 0; i < (options.items ?? 5); i++)
    itemIds.push((await host.createItem(`A${i}`, options.stock ?? 100_000_000)).itemId);
  const { liveId } = await host.startLive('Bench', itemIds);
  const viewers = options.anonymous ? undefined : secret;
  const crowd = await startCrowd({
    url,
    shopId: SHOP,
    liveId,
    itemIds,
    secret: viewers,
    connectOnly: options.connectOnly ?? false,
    inflates: options.inflates ?? false,
  });
  const close = () => closeAll(crowd, server, redis);
  return {
    name: 'Livehold',
    server,
    crowd,
    redis,
    url,
    close,
    host,
    shopId: SHOP,
    liveId,
    itemIds,
    secret,
  };
}

function startProduct(redis: PrivateRedis, secret: string): Child<ProductMethods & Common> {
  return Child.start<ProductMethods & Common>(new URL('product.js', SUBJECTS), {
    core: SERVER_CORE,
    env: {
      NODE_ENV: '',
      PORT: '0',
      HOST: '127.0.0.1',
      REDIS_URL: redis.url,
      AUTH_SECRET: secret,
      RATE_LIMIT: '0',
      LOG_LEVEL: 'warn',
    },
  });
}

/** Another server of the same shop, on the same Redis, with a crowd of its own. */
export async function secondServer(
  { redis, secret, shopId, liveId, itemIds }: ProductStage,
  inflates = false,
): Promise<Pick<ProductStage, 'server' | 'crowd' | 'close'>> {
  const server = startProduct(redis, secret);
  const url = `http://127.0.0.1:${await server.call('ready')}`;
  const crowd = await startCrowd({ url, shopId, liveId, itemIds, secret, inflates, idPrefix: 'w' });
  return { server, crowd, close: () => closeAll(crowd, server) };
}

export async function startCrowd(options: CrowdOptions): Promise<Crowd> {
  const crowd = Child.start<CrowdMethods & Common>(CROWD, { core: CLIENT_CORE });
  await crowd.call('use', options);
  return crowd;
}

/** Bare Socket.IO, answering with what the product answers. */
export async function bareStage(
  samples: Samples,
  connectOnly = false,
): Promise<Stage<BareMethods>> {
  const server = Child.start<BareMethods & Common>(new URL('bare.js', SUBJECTS), {
    core: SERVER_CORE,
  });
  const url = `http://127.0.0.1:${await server.call('ready')}`;
  await server.call('sample', samples);
  const crowd = await startCrowd({
    url,
    shopId: SHOP,
    liveId: 'live',
    itemIds: ITEMS,
    connectOnly,
  });
  const close = () => closeAll(crowd, server);
  return { name: 'bare', server, crowd, redis: undefined, url, close };
}

/** The baseline of the tutorials, with the same number of items. */
export async function naiveStage(connectOnly = false): Promise<Stage<NaiveMethods>> {
  const redis = await PrivateRedis.start();
  const server = Child.start<NaiveMethods & Common>(new URL('naive.js', SUBJECTS), {
    core: SERVER_CORE,
    env: { REDIS_URL: redis.url },
  });
  const url = `http://127.0.0.1:${await server.call('ready')}`;
  for (const itemId of ITEMS) await server.call('stockItem', itemId, 100_000_000);
  const crowd = await startCrowd({
    url,
    shopId: SHOP,
    liveId: 'live',
    itemIds: ITEMS,
    connectOnly,
  });
  const close = () => closeAll(crowd, server, redis);
  return { name: 'naive', server, crowd, redis, url, close };
}

async function closeAll(
  crowd: Crowd,
  server: { stop(): Promise<void> },
  redis?: PrivateRedis,
): Promise<void> {
  await crowd.stop();
  await server.stop();
  await redis?.stop();
}

/** What the server and its Redis spent while `work` ran. */
export interface Spent<Result> {
  result: Result;
  /** How long it took, ms. */
  ms: number;
  serverMicros: number;
  redis: RedisUsage | undefined;
  before: Usage;
  after: Usage;
}

let profileFolder: string | undefined;
let profiles = 0;

/** From now on every measured stretch leaves a CPU profile of its server in this folder. */
export function profileTo(folder: string): void {
  mkdirSync(folder, { recursive: true });
  profileFolder = folder;
}

export async function measure<Result>(
  stage: Pick<Stage<Methods>, 'name' | 'redis'> & { server: Child<Common> },
  work: () => Promise<Result>,
): Promise<Spent<Result>> {
  await stage.redis?.resetStats();
  if (profileFolder !== undefined) await stage.server.call('startProfile');
  const before = await stage.server.call('usage');
  const start = performance.now();
  const result = await work();
  const ms = performance.now() - start;
  const after = await stage.server.call('usage');
  const redis = await stage.redis?.usage();
  if (profileFolder !== undefined)
    await stage.server.call(
      'stopProfile',
      join(profileFolder, `${stage.name}-${profiles++}.cpuprofile`),
    );
  return { result, ms, serverMicros: after.cpuMicros - before.cpuMicros, redis, before, after };
}

/** The product's own answers and a frame of its own, for a bare server to repeat. */
export async function samplesOf(stage: ProductStage): Promise<Samples> {
  const { crowd, url, shopId, liveId, itemIds, secret } = stage;
  await crowd.call('use', { url, shopId, liveId, itemIds, secret });
  await crowd.call('join', 1, 1);
  const samples = await crowd.call('samples', itemIds[0] ?? '');
  await crowd.call('leave');
  return samples;
}
