import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { benchProgram, buildBench } from '../../scripts/bench-build.mjs';
import { atEnd } from '../support/at-end.js';
import { endChild, spawnChild } from '../support/child.js';

const PROGRAM = fileURLToPath(benchProgram('cheats/main.js'));

beforeAll(() => buildBench());

/** Runs the simulation as a user would. */
async function cheats(...args: string[]) {
  const child = spawnChild(process.execPath, [PROGRAM, ...args], {
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  atEnd(() => endChild(child, 'SIGTERM'));
  const [said, complaints, [code]] = await Promise.all([
    text(child.stdout as Readable),
    text(child.stderr as Readable),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, said, complaints };
}

describe('npm run cheats', () => {
  it('finds that the recommended settings stop a farm of guests and lapsers, and forgive a slip', async () => {
    const { code, said, complaints } = await cheats('--quick', '--minute', '120', '--seed', '7');
    expect(complaints).toBe('');
    expect(said).toMatch(/^seed 7$/m);
    expect(said.match(/^- .*$/gm)?.map((line) => line.split(/[:,.] /, 2).join(': '))).toEqual([
      '- kept: one person with 12 guests ends with no more than the share of one address',
      '- kept: a lapser loses the right to hold',
      '- kept: an honest viewer who slipped once is back at full rights within the days that `recoveryPerDay` says',
      '- kept: the stock is accounted for',
    ]);
    expect(said).toContain('20 points lost; all rights after 1 day, all points after 2 days');
    expect(code).toBe(0);
  }, 30_000);

  it('says what is wrong with its arguments', async () => {
    const { code, complaints } = await cheats('--minute', '1');
    expect({ code, complaints: complaints.split('\n')[0] }).toEqual({
      code: 2,
      complaints: '--minute: must be a whole number of milliseconds from 100 to 60000',
    });
  });
});
