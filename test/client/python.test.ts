import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { startServerAlone } from '../support/server.js';

/** The system's Python, which the system's packages are for, with what the program needs; undefined where there is none. */
const python = ['/usr/bin/python3', 'python3'].find(
  (program) => spawnSync(program, ['-c', 'import aiohttp, socketio']).status === 0,
);
if (!python)
  console.warn('skipped: the client in Python; install python3-socketio python3-aiohttp');

it.runIf(python)(
  'a client in Python, written from docs/api, books, hears the release and pays',
  async () => {
    const server = await startServerAlone({ LIVEHOLD_DEMO: 'true' });
    const { stdout } = await promisify(execFile)(python ?? '', ['examples/book.py', server.url]);
    expect(stdout).toMatch(/^booking 1 of \S+ is mine until \d{13}$/m);
    expect(stdout).toMatch(/^released .*'quantity': 1, .*'reason': 'booking_cancelled'/m);
    expect(stdout).toMatch(/^to be paid: \d+ \S+/m);
    expect(stdout).toMatch(/^order is paid$/m);
  },
);
