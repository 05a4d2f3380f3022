import { signToken } from '../../test/support/tokens.js';
import { farmGuest, hoarder, honest, lapser, restockBot, sniper } from './habits.js';
import { type Evening, Person } from './person.js';

/** Who is there, by what they do. The order is that of the table. */
export const KINDS = {
  honest: 'honest viewers',
  hoarder: 'hoarder',
  farm: 'guest farm',
  lapser: 'lapsers',
  sniper: 'deadline snipers',
  bot: 'restock bot',
} as const;
export type Kind = keyof typeof KINDS;

/** How many there are of each; `farm` is how many guests the one person with the farm asks for. */
export type Numbers = Record<Kind, number>;

/** Everybody of one kind, and what they have had together. */
class Group {
  readonly people: Person[] = [];
  /** The most units that they kept from everybody else at once, unpaid. */
  most = 0;
  /** The same of one item. */
  mostOfItem = 0;
  readonly wishes = new Map<string, Set<string>>();

  changed(): void {
    const ofItem = new Map<string, number>();
    let all = 0;
    for (const { itemId, quantity } of this.people.flatMap(({ lines }) => lines)) {
      all += quantity;
      ofItem.set(itemId, (ofItem.get(itemId) ?? 0) + quantity);
    }
    this.most = Math.max(this.most, all);
    this.mostOfItem = Math.max(this.mostOfItem, ...ofItem.values());
  }
}
export type Groups = Record<Kind, Group>;

export interface Arrivals {
  numbers: Numbers;
  honest: 'guests' | 'members';
  itemIds: string[];
  /** Tells the addresses of this evening's people from those of the others, 0–255. */
  network: number;
  /** What one account of the farm takes of an item. */
  farmShare: number;
}

const WISHES = 2;

/** Addresses of this evening's people: the farm's person has one, everybody else another. */
function addressOf(kind: Kind, n: number, network: number): string {
  return kind === 'farm' ? `203.0.113.${network}` : `198.18.${network}.${n % 256}`;
}

/** Everybody comes in, each from an address of their own, but for the farm, whose guests share one. */
export async function arrive(evening: Evening, arrivals: Arrivals): Promise<Groups> {
  const groups = Object.fromEntries(
    Object.keys(KINDS).map((kind) => [kind, new Group()]),
  ) as Groups;
  for (const kind of Object.keys(KINDS) as Kind[])
    await fill(kind, groups[kind], evening, arrivals);
  return groups;
}

async function fill(kind: Kind, group: Group, evening: Evening, arrivals: Arrivals): Promise<void> {
  const guests = kind === 'farm' || (kind === 'honest' && arrivals.honest === 'guests');
  for (let n = 0; n < arrivals.numbers[kind]; n++) {
    const account = guests
      ? await asGuest(evening, addressOf(kind, n, arrivals.network))
      : asMember(evening, `${kind}-${n}`);
    if (!account) return;
    const person = new Person(account.viewerId, evening, () => group.changed());
    await person.arrive(account.token);
    group.people.push(person);
    person.habits = habitsOf(kind, person, group, arrivals);
  }
}

function habitsOf(kind: Kind, person: Person, group: Group, { itemIds, farmShare }: Arrivals) {
  const wishes = new Set(person.evening.random.shuffled(itemIds).slice(0, WISHES));
  switch (kind) {
    case 'honest':
      group.wishes.set(person.viewerId, wishes);
      return honest(person, wishes);
    case 'hoarder':
      return hoarder(person);
    case 'farm':
      return farmGuest(person, farmShare);
    case 'lapser':
      return lapser(person);
    case 'sniper':
      return sniper(person);
    case 'bot':
      return restockBot(person);
  }
}

interface Account {
  viewerId: string;
  token: string;
}

/** Undefined when the address has had its guests for this hour. */
async function asGuest({ url, shopId }: Evening, address: string): Promise<Account | undefined> {
  const response = await fetch(`${url}/api/v1/shops/${shopId}/guests`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
    body: JSON.stringify({ name: 'Tamu' }),
  });
  if (response.status === 429) return undefined;
  if (!response.ok) throw new Error(`a guest: ${response.status} ${await response.text()}`);
  return (await response.json()) as Account;
}

function asMember({ shopId }: Evening, viewerId: string): Account {
  return {
    viewerId,
    token: signToken({ sub: viewerId, shop: shopId, role: 'viewer', name: viewerId }),
  };
}
