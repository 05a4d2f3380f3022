import { signToken } from '../../../test/support/tokens.js';
import type { History } from '../../history/history.js';
import { Random } from '../random.js';
import { Line, type Place } from './line.js';
import { Shopper, type Till } from './shopper.js';
import type { Watch } from './watch.js';

const SHOPPERS = 10;
/** Of the shoppers, so many have a second device that only listens. */
const SECOND_DEVICES = 3;
const WATCHERS = 3;
const ARRIVED_WITHIN_MS = 20_000;

export interface CrowdPlace {
  urls: string[];
  shopId: string;
  liveId: string;
  itemIds: string[];
  history: History;
}

/** Everyone in the live: shoppers, some with a second device, and watchers without a name. */
export class Crowd {
  readonly history: History;
  readonly watch: Watch;
  private readonly shoppers: Shopper[] = [];
  private readonly lines: Line[] = [];
  /** One line of each viewer, to ask on. */
  private readonly byViewer = new Map<string, Line>();
  private readonly place: Place;

  private constructor(place: Place) {
    this.place = place;
    this.history = place.history;
    this.watch = place.watch;
  }

  /** Resolves when all are in the live. @param name tells crowds of one shop apart */
  static async arrive(
    name: string,
    { itemIds, ...where }: CrowdPlace,
    till: Till,
    watch: Watch,
    seed: string,
  ): Promise<Crowd> {
    const place = { ...where, watch, random: new Random(seed, name) };
    const crowd = new Crowd(place);
    for (let i = 0; i < SHOPPERS; i++) {
      const id = `${name}${i}`;
      const claims = { sub: id, shop: where.shopId, role: 'viewer', name: id };
      const viewer = { id, token: signToken(claims) };
      const line = new Line(place, viewer, i);
      const stage = { liveId: where.liveId, itemIds };
      crowd.lines.push(line);
      crowd.byViewer.set(id, line);
      crowd.shoppers.push(new Shopper(id, line, stage, till, new Random(seed, id)));
      if (i < SECOND_DEVICES) crowd.lines.push(new Line(place, viewer, i + 1));
    }
    for (let i = 0; i < WATCHERS; i++) crowd.newWatcher(i);
    await crowd.allIn();
    crowd.history.begin();
    return crowd;
  }

  start(): void {
    for (const shopper of this.shoppers) shopper.start();
  }

  /** Resolves when everyone knows what became of what they had begun. */
  async stop(): Promise<void> {
    await Promise.all(this.shoppers.map((shopper) => shopper.stop()));
  }

  /** The last requests once more, each on whatever server its viewer is at by now. */
  async repeat(): Promise<void> {
    await Promise.all(this.shoppers.map((shopper) => shopper.repeat()));
  }

  /** Everyone is in the live, whatever happened before. */
  async allIn(): Promise<void> {
    const late = new Promise<never>((_, reject) => {
      const complain = () => reject(new Error('not everyone could join the live'));
      setTimeout(complain, ARRIVED_WITHIN_MS).unref();
    });
    await Promise.race([Promise.all(this.lines.map((line) => line.inTheLive())), late]);
  }

  /** Somebody who comes late. */
  newWatcher(first = 0): void {
    this.lines.push(new Line(this.place, undefined, first));
  }

  /** Every viewer's own state, as the server says it is. */
  async lookBack(): Promise<void> {
    const asking = [...this.byViewer].map(async ([viewerId, line]) => {
      const sentAt = performance.now();
      const ack = await line.ask('me:get', {});
      if (!ack?.ok) throw new Error(`me:get of ${viewerId}: ${ack?.error.code ?? 'no answer'}`);
      this.history.finally(viewerId, ack.data, sentAt);
    });
    await Promise.all(asking);
  }

  /** All connections break at once. */
  dropAll(): void {
    for (const line of this.lines) line.drop();
  }

  async leave(): Promise<void> {
    await Promise.all(this.lines.map((line) => line.leave()));
  }
}
