import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, it, vi } from 'vitest';
import { Wire } from '../../bench/loadtest/link/wire.js';
import { atEnd } from '../support/at-end.js';

it('ends when the other side sends nothing for a minute, though it accepts what it is sent', async () => {
  const frozen = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
  await once(frozen, 'listening');
  const socket = connect((frozen.address() as AddressInfo).port, '127.0.0.1');
  atEnd(() => {
    vi.useRealTimers();
    socket.destroy();
    frozen.close();
  });
  await once(socket, 'connect');
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  const wire = new Wire(socket);
  let why = '';
  wire.onEnd = (reason) => {
    why = reason;
  };
  vi.advanceTimersByTime(59_000);
  expect(why).toBe('');
  vi.advanceTimersByTime(4_000);
  expect(why).toBe('silent for a minute');
});
