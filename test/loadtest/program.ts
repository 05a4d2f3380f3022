import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { onTestFailed } from 'vitest';
import { benchProgram } from '../../scripts/bench-build.mjs';
import { atEnd } from '../support/at-end.js';
import { endChild, spawnChild } from '../support/child.js';
import { AUTH_SECRET } from '../support/tokens.js';

const PROGRAM = fileURLToPath(benchProgram('loadtest/main.js'));

export interface Outcome {
  code: number | null;
  output: string;
}

/** The program as a user runs it. `said` resolves with what it has printed once that holds `text`. */
export function start(...args: string[]): {
  child: ChildProcess;
  ended: Promise<Outcome>;
  said: Said;
} {
  const child = spawnChild(process.execPath, [PROGRAM, ...args], {
    env: { PATH: process.env.PATH, AUTH_SECRET, DATA_DIR: tmpdir() },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  atEnd(() => endChild(child, 'SIGTERM'));
  let output = '';
  onTestFailed(() => console.error(`${args.join(' ')}\n${output}`));
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      child.emit('said');
    });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output }));
  const said = async (text: string) => {
    while (!output.includes(text))
      await Promise.race([
        once(child, 'said'),
        ended.then(() => Promise.reject(new Error(`it never said ${text}: ${output}`))),
      ]);
    return output;
  };
  return { child, ended, said };
}

type Said = (text: string) => Promise<string>;
