import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ahead, rounds } from '../../bench/measurements/peers/line.js';
import { isMet } from '../../bench/report/lines.js';
import { renderTable } from '../../bench/report/table.js';

const RATES = { what: 'bookings', unit: '/s', better: 'high' } as const;
const TIMES = { what: 'lateness', unit: 'ms', better: 'low' } as const;

describe('a line beside another program', () => {
  it('is ahead with more of what is better high, best round to best round', () => {
    const line = ahead({
      ...RATES,
      livehold: [300, 100],
      peer: { name: 'other', values: [100, 150] },
    });
    expect(line.ratio).toEqual({ median: 2, low: 100 / 150, high: 3 });
    expect(isMet(line)).toBe(true);
  });

  it('is ahead with less of what is better low', () => {
    const line = ahead({
      ...TIMES,
      livehold: [50, 40],
      peer: { name: 'other', values: [80, 100] },
    });
    expect(line.ratio).toEqual({ median: 2, low: 1.6, high: 2.5 });
    expect(isMet(line)).toBe(true);
  });

  it('is not ahead when both are the same', () => {
    const line = ahead({ ...TIMES, livehold: [50], peer: { name: 'other', values: [50] } });
    expect(isMet(line)).toBe(false);
  });

  it('stands in a table of its own, with the name of the other', () => {
    const line = ahead({ ...RATES, livehold: [300], peer: { name: 'other', values: [200] } });
    const { peer: _peer, ...part } = line;
    const [parts = '', peers = ''] = renderTable([line, part]).split('\n\n');
    expect(parts).toContain('Livehold ÷ bare');
    expect(parts).not.toContain('other');
    expect(peers.split('\n').at(-1)).toBe(
      '| (peers) bookings | 300 /s | other: 200 /s | 1.5 | > 1 ✓ |',
    );
  });
});

describe('rounds', () => {
  it('are as many as wanted, and at least one when there is no time', async () => {
    const done = async (withinMs: number) => {
      let count = 0;
      await rounds(3, withinMs, async () => void count++);
      return count;
    };
    expect(await done(60_000)).toBe(3);
    expect(await done(0)).toBe(1);
  });
});

describe('the packages of the others', () => {
  const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
  const lock = read('bench/peers/package-lock.json') as {
    packages: Record<string, { resolved?: string; version: string }>;
  };

  it('come from whichever registry is configured', () => {
    expect(Object.values(lock.packages).filter(({ resolved }) => resolved)).toEqual([]);
  });

  it('have the same Socket.IO as the server', () => {
    const ours = read('package-lock.json') as typeof lock;
    const version = (of: typeof lock) => of.packages['node_modules/socket.io']?.version;
    expect(version(lock)).toBe(version(ours));
  });
});
