import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { MUTANTS } from './mutants.mjs';

it('every guard that is to be broken stands where its mutant looks for it, once', () => {
  for (const [name, { file, from, tests }] of Object.entries(MUTANTS)) {
    expect(readFileSync(file, 'utf8').split(from).length - 1, name).toBe(1);
    for (const test of tests) expect(existsSync(test), `${name}: ${test}`).toBe(true);
  }
});
