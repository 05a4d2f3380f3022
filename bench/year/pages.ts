import type { HostOrder, Page } from '../../src/protocol/http.js';
import type { Random } from '../faults/random.js';
import type { Trade } from './trade.js';

/** How long pages of one kind took, ms. */
export interface PageTimes {
  what: string;
  /** Whether the time is promised. */
  judged: boolean;
  ms: number[];
}

const PAGES = 20;
const ROWS = 50;
const DAY_MS = 86_400_000;

/** Pages of orders from two months to a year ago, by what people look for them. */
const KINDS: { what: string; judged: boolean; query: string }[] = [
  { what: 'by when they were placed', judged: true, query: '' },
  { what: 'by when they were paid', judged: true, query: '&sort=paidAt' },
  { what: 'that were cancelled', judged: true, query: '&status=cancelled' },
  { what: 'of one viewer', judged: true, query: '&viewerId=r7' },
  { what: 'with a part of a name in them', judged: false, query: '&q=rina' },
];

/** Each kind from places at random; the first page of all warms the connection and is not counted. */
export async function timePages(trade: Trade, random: Random): Promise<PageTimes[]> {
  const now = Date.now();
  const page = (query: string) => {
    const at = now - random.whole(60, 350) * DAY_MS;
    return trade.call<Page<HostOrder>>('GET', `/orders?limit=${ROWS}&cursor=${at}~or_0${query}`);
  };
  await page('');
  const times: PageTimes[] = [];
  for (const { what, judged, query } of KINDS) {
    const ms: number[] = [];
    for (let i = 0; i < PAGES; i++) {
      const began = performance.now();
      const { items } = await page(query);
      ms.push(performance.now() - began);
      if (items.length === 0) throw new Error(`a page of orders ${what} was empty`);
    }
    times.push({ what, judged, ms: ms.sort((a, b) => a - b) });
  }
  return times;
}
