import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { benchProgram, buildBench } from '../../scripts/bench-build.mjs';
import { atEnd } from '../support/at-end.js';
import { endChild, spawnChild } from '../support/child.js';

const PROGRAM = fileURLToPath(benchProgram('faults/main.js'));
/** So long runs are begun, s; which faults come first follows from the seed, so that each has its turn. */
const WITHIN = '75';

beforeAll(() => buildBench());

describe('npm run faults', () => {
  it('finds every guarantee kept, whatever goes wrong', async () => {
    const args = ['--times', '2', '--at-once', '4', '--within', WITHIN];
    const child = spawnChild(process.execPath, [PROGRAM, ...args], {
      env: { ...process.env, VITEST: undefined },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    atEnd(() => endChild(child, 'SIGTERM'));
    const [said, [code]] = await Promise.all([text(child.stdout as Readable), once(child, 'exit')]);
    console.info(said);
    expect(said).not.toContain('BROKEN');
    expect(code).toBe(0);
  }, 240_000);
});
