import { existsSync, readFileSync } from 'node:fs';
import { transformWithOxc } from 'vite';
import { expect, it } from 'vitest';
import { startRedis } from '../support/redis-server.js';
import { MUTANTS } from './mutants.mjs';

it('every guard that is to be broken stands where its mutant looks for it, once', () => {
  for (const [name, { file, from, tests }] of Object.entries(MUTANTS)) {
    expect(readFileSync(file, 'utf8').split(from).length - 1, name).toBe(1);
    for (const test of tests) expect(existsSync(test), `${name}: ${test}`).toBe(true);
  }
});

it('every mutant is still a program: one that cannot be read would fail any test', async () => {
  const client = await (await startRedis()).client();
  for (const [name, { file, from, to }] of Object.entries(MUTANTS)) {
    const text = readFileSync(file, 'utf8').split(from).join(to);
    if (file.endsWith('.ts'))
      await expect(transformWithOxc(text, file), name).resolves.toBeDefined();
    else {
      const read = "local _, problem = loadstring(ARGV[1]) return problem or 'fine'";
      expect(await client.eval(read, { arguments: [text] }), name).toBe('fine');
    }
  }
});
