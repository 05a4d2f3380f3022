import { setTimeout as delay } from 'node:timers/promises';
import type { PublicEvent } from '../../../src/protocol/webhook.js';
import { eventsOfFields } from '../../../src/store/events.js';
import { shopKey } from '../../../src/store/keys.js';
import { orderKeyOf, publicEventsOf } from '../../../src/store/public-events.js';
import type { Finding } from '../guarantees.js';
import type { Scene } from '../scene.js';

/** The pauses between tries grow while the receiver is down or Redis away. */
const DELIVERED_WITHIN_MS = 40_000;
const LOOK_EVERY_MS = 100;

/** Every event came to the webhook's receiver, signed, those of one order (booking, item …) first in their order. */
export async function judgeDeliveries(scene: Scene): Promise<Finding[]> {
  const { receiver } = scene;
  if (!receiver) return [];
  await receiver.steady();
  const due = await happenedIn(scene);
  const missing = await untilDelivered(due, receiver.got);
  // The last stock follows its change by a second, and may have come since.
  const got = [...receiver.got];
  const happened = await happenedIn(scene);
  const details = [
    ...(missing.length > 0 ? [`${missing.length} of ${due.length} never came: ${missing[0]}`] : []),
    ...(receiver.forged > 0 ? [`${receiver.forged} were signed with something else`] : []),
    ...outOfOrder(got),
    ...unheardOf(got, happened),
  ];
  return details.map((detail) => ({ guarantee: 'delivered', detail }));
}

function happenedIn({ store, shopId, hookedAt }: Scene): Promise<PublicEvent[]> {
  return store.ask(async (client) =>
    ((await client.xRange(`${shopKey(shopId)}:events`, `(${hookedAt}`, '+')) ?? []).flatMap(
      ({ id, message }) => {
        const events = eventsOfFields(Object.entries(message).flat());
        return publicEventsOf({ id, after: '', events });
      },
    ),
  );
}

async function untilDelivered(due: PublicEvent[], got: PublicEvent[]): Promise<string[]> {
  const end = performance.now() + DELIVERED_WITHIN_MS;
  for (;;) {
    const came = new Set(got.map(({ id }) => id));
    const missing = due.filter(({ id }) => !came.has(id)).map(({ id, type }) => `${type} ${id}`);
    if (missing.length === 0 || performance.now() > end) return missing;
    await delay(LOOK_EVERY_MS);
  }
}

/** The first time that each came counts: what was not answered is sent again. */
function outOfOrder(got: PublicEvent[]): string[] {
  const came = new Set<string>();
  const latest = new Map<string, PublicEvent>();
  const found: string[] = [];
  for (const event of got) {
    if (came.has(event.id)) continue;
    came.add(event.id);
    const key = orderKeyOf(event);
    const before = latest.get(key);
    if (before && placeOf(before) > placeOf(event))
      found.push(`${key}: ${event.type} ${event.id} after ${before.type} ${before.id}`);
    latest.set(key, event);
  }
  return found.slice(0, 3);
}

/** What came says what happened. */
function unheardOf(got: PublicEvent[], happened: PublicEvent[]): string[] {
  const said = new Map(happened.map((event) => [event.id, JSON.stringify(event.data)]));
  return got
    .filter(({ id, data }) => said.get(id) !== JSON.stringify(data))
    .map(({ id, type }) => `${type} ${id} came with other words`)
    .slice(0, 3);
}

function placeOf({ id }: PublicEvent): string {
  return id
    .split('-')
    .map((part) => part.padStart(16, '0'))
    .join('-');
}
