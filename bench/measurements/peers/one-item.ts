import { findPostgres, PostgresServer } from '../../../test/support/postgres.js';
import type { Effort, Line } from '../../report/lines.js';
import { Child } from '../../rig/child.js';
import { CLIENT_CORE, pinned, SERVER_CORE } from '../../rig/cores.js';
import { leftOut } from '../../rig/peer-packages.js';
import type { Common } from '../../rig/serve.js';
import { type ProductStage, productStage } from '../../rig/stage.js';
import type { PostgresMethods, Way } from '../../subjects/postgres.js';
import { ahead, rounds } from './line.js';

const VIEWERS = 2_000;
const IN_FLIGHT = 256;
const ROUNDS = 4;
const WITHIN_MS = 60_000;
/** So many connections are tried, so long each, ms; the rounds are with those that booked most. */
const CONNECTIONS = [1, 2, 4, 8, 16, 32];
const TRIAL_MS = 400;

interface Postgres {
  name: string;
  way: Way;
  synchronous: boolean;
  connections: number;
  rates: number[];
}

/** Bookings a second of one hot item: a row lock in PostgreSQL, called in its own process, beside Livehold from socket to socket. */
export async function measureOneItem(effort: Effort): Promise<Line[]> {
  const programs = findPostgres();
  if (programs === undefined) {
    leftOut('PostgreSQL', 'it is not installed (Debian has it as postgresql)');
    return [];
  }
  const server = await PostgresServer.start(programs, {
    settings: ['fsync=on'],
    launcher: pinned(SERVER_CORE, []),
  });
  const load = Child.start<PostgresMethods & Common>(
    new URL('../../subjects/postgres.js', import.meta.url),
    { core: CLIENT_CORE },
  );
  // Each side with and without a wait for the disk before it answers.
  const durable = await hotItem('always');
  const quick = await hotItem('everysec');
  const rates = { durable: [] as number[], quick: [] as number[] };
  try {
    await load.call('open', server.url);
    const sides = await postgresSides(load);
    await bookings(durable, effort.warmUpMs);
    await bookings(quick, effort.warmUpMs);
    await rounds(Math.min(ROUNDS, effort.rounds), WITHIN_MS, async () => {
      rates.durable.push(await bookings(durable, effort.roundMs));
      rates.quick.push(await bookings(quick, effort.roundMs));
      for (const side of sides)
        side.rates.push(await load.call('book', { ...side, ms: effort.roundMs }));
    });
    const { booked, bookings: noted } = await load.call('counted');
    if (booked !== noted) throw new Error(`PostgreSQL took ${booked} units for ${noted} bookings`);
    return sides.map((side) => lineOf(side, side.synchronous ? rates.durable : rates.quick));
  } finally {
    await durable.close();
    await quick.close();
    await load.stop();
    await server.end();
  }
}

async function hotItem(appendfsync: 'always' | 'everysec'): Promise<ProductStage> {
  const stage = await productStage({
    items: 1,
    connectOnly: true,
    redisSettings: { appendfsync },
  });
  await stage.crowd.call('join', VIEWERS, 50);
  return stage;
}

async function bookings({ crowd }: ProductStage, ms: number): Promise<number> {
  const booked = await crowd.call('bookForAWhile', IN_FLIGHT, ms);
  if (booked.refused > 0) throw new Error(`${booked.refused} bookings were refused`);
  return (booked.accepted * 1_000) / booked.ms;
}

async function postgresSides(load: Child<PostgresMethods & Common>): Promise<Postgres[]> {
  const sides: Postgres[] = [];
  for (const synchronous of [true, false]) {
    for (const way of ['statements', 'function'] as const) {
      const rates: number[] = [];
      for (const connections of CONNECTIONS)
        rates.push(await load.call('book', { way, synchronous, connections, ms: TRIAL_MS }));
      const connections = CONNECTIONS[rates.indexOf(Math.max(...rates))] ?? 1;
      const calls = way === 'function' ? 'one function call each' : 'five statements each';
      const name = `PostgreSQL, ${calls}, ${connections} connections`;
      sides.push({ name, way, synchronous, connections, rates: [] });
    }
  }
  return sides;
}

function lineOf(side: Postgres, livehold: number[]): Line {
  const disk = side.synchronous
    ? 'each on the disk before it is answered (Redis with `appendfsync always`)'
    : 'on the disk within a second (`synchronous_commit = off`)';
  return ahead({
    what: `bookings a second of one item, ${disk}`,
    unit: '/s',
    livehold,
    peer: { name: side.name, values: side.rates },
    better: 'high',
  });
}
