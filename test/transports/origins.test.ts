import { io } from 'socket.io-client';
import { beforeAll, describe, expect, it } from 'vitest';
import { atEnd } from '../support/at-end.js';
import { startRedis } from '../support/redis-server.js';
import { startServer } from '../support/server.js';

let redisUrl: string;

beforeAll(async () => {
  redisUrl = (await startRedis()).url;
});

/** Whether a page of that origin gets a socket. */
async function connects(url: string, origin: string, transport: 'websocket' | 'polling') {
  const socket = io(`${url}/live`, {
    transports: [transport],
    forceNew: true,
    reconnection: false,
    extraHeaders: { origin },
  });
  atEnd(() => socket.disconnect());
  return new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('connect_error', () => resolve(false));
  });
}

describe.each(['websocket', 'polling'] as const)('pages over %s', (transport) => {
  it('of other origins get no socket', async () => {
    const { url } = await startServer({ redisUrl });
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1', 'nonsense']) {
      expect(await connects(url, origin, transport)).toBe(false);
    }
    expect(await connects(url, url, transport)).toBe(true);
  });

  it('of the named origins do', async () => {
    const { url } = await startServer({ redisUrl, CORS_ORIGIN: 'https://shop.example' });
    expect(await connects(url, 'https://shop.example', transport)).toBe(true);
    expect(await connects(url, 'https://shop.example.evil.example', transport)).toBe(false);
    expect(await connects(url, 'http://shop.example', transport)).toBe(false);
  });

  it('of any origin connect when it is configured so', async () => {
    const { url } = await startServer({ redisUrl, CORS_ORIGIN: '*' });
    expect(await connects(url, 'https://any.example', transport)).toBe(true);
  });
});

describe('the API', () => {
  it.each(['PUT', 'PATCH', 'DELETE'])('lets pages of the named origins %s', async (method) => {
    const { url } = await startServer({ redisUrl, CORS_ORIGIN: 'https://shop.example' });
    const { status, headers } = await fetch(`${url}/api/v1/items`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://shop.example',
        'access-control-request-method': method,
        'access-control-request-headers': 'authorization,content-type',
      },
    });
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-methods')?.split(',')).toContain(method);
    expect(headers.get('access-control-allow-headers')?.toLowerCase()).toContain('authorization');
  });

  it('lets pages of the named origins read, and no others', async () => {
    const { url } = await startServer({ redisUrl, CORS_ORIGIN: 'https://shop.example' });
    const allowed = async (origin: string, method: string) => {
      const response = await fetch(`${url}/api/v1/shops`, { method, headers: { origin } });
      await response.arrayBuffer();
      return response.headers.get('access-control-allow-origin');
    };
    expect(await allowed('https://shop.example', 'GET')).toBe('https://shop.example');
    expect(await allowed('https://shop.example', 'OPTIONS')).toBe('https://shop.example');
    expect(await allowed('https://evil.example', 'GET')).toBeNull();
    expect(await allowed('https://evil.example', 'OPTIONS')).toBeNull();
  });
});
