import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../src/config.js';
import { atEnd } from './support/at-end.js';

const secret = 'a secret of thirty-two characters or more';
const given = { REDIS_URL: 'redis://localhost:6379', AUTH_SECRET: secret };
const production = {
  ...given,
  NODE_ENV: 'production',
  PAYMENTS: 'midtrans',
  MIDTRANS_SERVER_KEY: 'Mid-server-key',
  MIDTRANS_BASE_URL: 'https://api.midtrans.com',
};

function complaint(env: NodeJS.ProcessEnv): string {
  try {
    readConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  throw new Error(`accepted: ${JSON.stringify(env)}`);
}

const bad: [string, string][] = [
  ['PORT', 'http'],
  ['PORT', '-1'],
  ['PORT', '65536'],
  ['PORT', '30.5'],
  ['NODE_ENV', 'Production'],
  ['NODE_ENV', 'prod'],
  ['NODE_ENV', 'staging'],
  ['MIDTRANS_SERVER_KEY', '   '],
  ['MIDTRANS_SERVER_KEY', 'Mid-server key'],
  ['MIDTRANS_SERVER_KEY', 'Mid-server-key\n'],
  ['AUTH_SECRET', '                                        '],
  ['AUTH_SECRET', `${secret}\n`],
  ['PUBLIC_URL', ' '],
  ['CORS_ORIGIN', '\t'],
  ['REDIS_URL', 'localhost:6379'],
  ['REDIS_URL', 'http://localhost:6379'],
  ['REDIS_URL', 'redis://'],
  ['REDIS_URL', 'redis://localhost:port'],
  ['REDIS_URL', 'redis://localhost/xyz'],
  ['REDIS_URL', 'redis://localhost/0/1'],
  ['REDIS_URL', 'unix://'],
  ['AUTH_JWKS_URL', 'keys.json'],
  ['AUTH_JWKS_URL', 'ftp://keys.example'],
  ['ALLOW_GUESTS', 'yes'],
  ['CORS_ORIGIN', 'shop.example'],
  ['CORS_ORIGIN', 'https://shop.example/path'],
  ['CORS_ORIGIN', 'https://shop.example,nonsense'],
  ['LOG_LEVEL', 'loud'],
  ['RATE_LIMIT', '-1'],
  ['RATE_LIMIT', 'twenty'],
  ['RATE_LIMIT', 'Infinity'],
  ['PAYMENTS', 'paypal'],
  ['SANDBOX_QRIS_MINUTES', '0'],
  ['SANDBOX_QRIS_MINUTES', '10081'],
  ['MIDTRANS_BASE_URL', 'api.midtrans.com'],
  ['PUBLIC_URL', 'shop.example'],
  ['TRUST_PROXY', 'nginx'],
  ['TRUST_PROXY', '-1'],
  ['TRUST_PROXY', '1.5'],
];

const together: [string, NodeJS.ProcessEnv][] = [
  ['AUTH_SECRET', { REDIS_URL: given.REDIS_URL }],
  ['MIDTRANS_SERVER_KEY', { ...given, PAYMENTS: 'midtrans' }],
  [
    'ALLOW_GUESTS',
    { REDIS_URL: given.REDIS_URL, AUTH_JWKS_URL: 'https://k.example/', ALLOW_GUESTS: 'true' },
  ],
  ['AUTH_SECRET', { ...production, AUTH_SECRET: '' }],
  ['AUTH_SECRET', { ...production, AUTH_SECRET: 'short' }],
  ['CORS_ORIGIN', { ...production, CORS_ORIGIN: '*' }],
  ['PAYMENTS', { ...production, PAYMENTS: '' }],
];

describe('the configuration', () => {
  it.each(bad)('refuses %s=%s in one line that names it', (name, value) => {
    const message = complaint({ ...given, [name]: value });
    expect(message).toContain(name);
    expect(message).not.toContain('\n');
  });

  it.each(together)('names %s when it is missing or not safe', (name, env) => {
    const message = complaint(env);
    expect(message).toContain(name);
    expect(message).not.toContain('\n');
  });

  it('never prints a secret', () => {
    const message = complaint({ ...production, AUTH_SECRET: 'hunter2' });
    expect(message).not.toContain('hunter2');
  });

  it('has the defaults of the contract', () => {
    expect(readConfig(given)).toMatchObject({
      port: 3_000,
      rateLimit: 20,
      auth: { secret, jwksUrl: undefined, allowGuests: true },
      corsOrigins: [],
      payments: { provider: 'sandbox', qrisMinutes: 15 },
      trustProxy: 0,
      logLevel: 'info',
    });
  });

  it('takes an empty variable for an unset one', () => {
    expect(readConfig({ ...given, PORT: '', PAYMENTS: '', TRUST_PROXY: '' }).port).toBe(3_000);
  });

  it('reads what is given', () => {
    const config = readConfig({
      ...given,
      PORT: '8080',
      REDIS_URL: 'unix:///run/redis.sock',
      CORS_ORIGIN: 'https://a.example, https://b.example/',
      RATE_LIMIT: '0',
      TRUST_PROXY: 'true',
      PUBLIC_URL: 'https://live.example/',
      ALLOW_GUESTS: '0',
    });
    expect(config).toMatchObject({
      port: 8_080,
      redisUrl: 'unix:///run/redis.sock',
      corsOrigins: ['https://a.example', 'https://b.example'],
      rateLimit: 0,
      trustProxy: 1,
      publicUrl: 'https://live.example',
      auth: { allowGuests: false },
    });
  });

  it('admits no guests in production unless configured to', () => {
    expect(readConfig(production).auth.allowGuests).toBe(false);
    expect(readConfig({ ...production, ALLOW_GUESTS: 'true' }).auth.allowGuests).toBe(true);
  });

  it('makes a secret of its own in local mode, keeps it, and shows it to nobody else', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lh-config-'));
    atEnd(() => rmSync(folder, { recursive: true }));
    const DATA_DIR = join(folder, 'data');
    const { auth } = readConfig({ DATA_DIR });
    expect(auth.secret?.length).toBeGreaterThanOrEqual(32);
    expect(readConfig({ DATA_DIR }).auth.secret).toBe(auth.secret);
    expect(statSync(join(DATA_DIR, 'auth-secret')).mode & 0o077).toBe(0);
  });

  it.each([
    ['is a file', (folder: string) => join(folder, 'file')],
    ['is below a file', (folder: string) => join(folder, 'file', 'data')],
    // Nobody can make a folder there, root neither.
    ['cannot be made', () => '/proc/self/livehold'],
  ])('names DATA_DIR when it %s', (_, place) => {
    const folder = mkdtempSync(join(tmpdir(), 'lh-config-'));
    atEnd(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'file'), '');
    expect(complaint({ DATA_DIR: place(folder) })).toMatch(/^DATA_DIR: .*folder/);
    expect(complaint({ DATA_DIR: place(folder), AUTH_SECRET: secret })).toMatch(/^DATA_DIR: /);
    expect(readConfig({ ...given, DATA_DIR: place(folder) }).auth.secret).toBe(secret);
  });

  it('names DATA_DIR when the secret that is kept there was cut short', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lh-config-'));
    atEnd(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'auth-secret'), '');
    expect(complaint({ DATA_DIR: folder })).toMatch(/^DATA_DIR: .*auth-secret/);
  });
});
