import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { keepAuthSecret } from './auth-secret.js';
import { Environment, MIDTRANS_SANDBOX, MOST_WORKERS } from './environment.js';
import { parseRedisAddress } from './store/redis/address.js';

/** A setting of the environment is missing or malformed. The message is one line that names it. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

export interface Config {
  port: number;
  host: string;
  /** Unset: a private Redis of our own is started. */
  redisUrl: string | undefined;
  dataDir: string;
  /** Undefined: nothing is archived. */
  archive: { url: string } | { embeddedIn: string } | undefined;
  retentionDays: number;
  auth: {
    secret: string | undefined;
    previousSecret: string | undefined;
    jwksUrl: string | undefined;
    issuer: string | undefined;
    audience: string | undefined;
    allowGuests: boolean;
  };
  corsOrigins: string[] | '*';
  logLevel: Environment['LOG_LEVEL'];
  rateLimit: number;
  guestsPerAddress: number;
  payments: Payments;
  publicUrl: string | undefined;
  webhookAllowPrivate: boolean;
  trustProxy: number;
  drainSeconds: number;
  /** Processes that share the port. */
  workers: number;
  demo: boolean;
  production: boolean;
}

type Payments =
  | { provider: 'sandbox'; qrisMinutes: number }
  | { provider: 'midtrans'; serverKey: string; baseUrl: string };

/**
 * Reads the environment. Local mode (no `REDIS_URL`, or `npm start`) may leave `AUTH_SECRET` unset: it is then made
 * and kept under `DATA_DIR`. With `NODE_ENV=production` insecure defaults are refused.
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  requireNoBlanks(given);
  const parsed = Environment.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ConfigError(`${issue?.path.join('.')}: ${issue?.message}`);
  }
  const e = parsed.data;
  const production = e.NODE_ENV === 'production';
  return {
    port: e.PORT,
    host: e.HOST,
    redisUrl: redisUrl(e.REDIS_URL),
    dataDir: dataDir(e),
    archive: archive(e),
    retentionDays: e.RETENTION_DAYS,
    auth: {
      secret: authSecret(e, production),
      previousSecret: e.AUTH_SECRET_PREVIOUS,
      jwksUrl: e.AUTH_JWKS_URL,
      issuer: e.AUTH_ISSUER,
      audience: e.AUTH_AUDIENCE,
      allowGuests: guests(e, production),
    },
    corsOrigins: corsOrigins(e.CORS_ORIGIN, production),
    logLevel: e.LOG_LEVEL,
    rateLimit: e.RATE_LIMIT,
    guestsPerAddress: e.GUESTS_PER_ADDRESS,
    payments: payments(e, production),
    publicUrl: e.PUBLIC_URL?.replace(/\/$/, ''),
    webhookAllowPrivate: e.WEBHOOK_ALLOW_PRIVATE,
    trustProxy: e.TRUST_PROXY,
    drainSeconds: e.DRAIN_SECONDS,
    workers: workers(e.WORKERS),
    demo: e.LIVEHOLD_DEMO,
    production,
  };
}

/** Where there are one or two cores, Redis needs what one worker leaves. */
function workers(given: Environment['WORKERS']): number {
  const cores = availableParallelism();
  if (typeof given === 'number') return given;
  return given === 'auto' || cores > 2 ? Math.min(cores, MOST_WORKERS) : 1;
}

/** An empty variable stands for an unset one; a blank at either end is a slip that nobody sees. */
function requireNoBlanks(given: Record<string, string | undefined>): void {
  for (const name of Object.keys(Environment.shape)) {
    const value = given[name];
    if (value === undefined || value.trim() === value) continue;
    const what = value.trim() === '' ? 'is nothing but blanks' : 'begins or ends with a blank';
    throw new ConfigError(`${name}: ${what}`);
  }
}

/** Where something will be kept there, it must be a folder that can be written to. */
function dataDir({ REDIS_URL, LIVEHOLD_LOCAL, DATA_DIR }: Environment): string {
  if (REDIS_URL !== undefined && !LIVEHOLD_LOCAL) return DATA_DIR;
  try {
    makeFolder(DATA_DIR);
    accessSync(DATA_DIR, constants.W_OK | constants.X_OK);
    return DATA_DIR;
  } catch (error) {
    throw new ConfigError(`DATA_DIR: is no folder that can be written to: ${messageOf(error)}`);
  }
}

function archive(e: Environment): Config['archive'] {
  if (e.DATABASE_URL !== undefined) return { url: e.DATABASE_URL };
  return e.REDIS_URL === undefined || e.LIVEHOLD_LOCAL ? { embeddedIn: e.DATA_DIR } : undefined;
}

/** One by one: where the system makes no folders, as in /proc, Node never returns from making them `recursive`. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST' && statSync(path).isDirectory()) return;
    if (code !== 'ENOENT' || dirname(path) === path || existsSync(dirname(path))) throw error;
    makeFolder(dirname(path));
    mkdirSync(path);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function redisUrl(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    parseRedisAddress(text);
    return text;
  } catch (error) {
    throw new ConfigError(`REDIS_URL: ${messageOf(error)}`);
  }
}

function authSecret(e: Environment, production: boolean): string | undefined {
  if (e.AUTH_SECRET !== undefined) {
    if (production && e.AUTH_SECRET.length < 32)
      throw new ConfigError('AUTH_SECRET: must be at least 32 characters in production');
    return e.AUTH_SECRET;
  }
  if (e.AUTH_JWKS_URL) return undefined;
  if (production) throw new ConfigError('AUTH_SECRET: is needed in production (or AUTH_JWKS_URL)');
  if (e.REDIS_URL && !e.LIVEHOLD_LOCAL)
    throw new ConfigError('AUTH_SECRET: is needed when REDIS_URL is set (or AUTH_JWKS_URL)');
  try {
    return keepAuthSecret(e.DATA_DIR);
  } catch (error) {
    throw new ConfigError(`DATA_DIR: ${messageOf(error)}`);
  }
}

/** Guests get tokens signed with our own secret, so without one there are none. */
function guests(e: Environment, production: boolean): boolean {
  if (e.ALLOW_GUESTS && e.AUTH_JWKS_URL && !e.AUTH_SECRET)
    throw new ConfigError('ALLOW_GUESTS: needs AUTH_SECRET, which signs the tokens of guests');
  return e.ALLOW_GUESTS ?? !production;
}

function corsOrigins(text: string | undefined, production: boolean): string[] | '*' {
  if (text === '*') {
    if (production)
      throw new ConfigError('CORS_ORIGIN: must name the origins in production, not *');
    return '*';
  }
  const origins = (text ?? '').split(',').map((origin) => origin.trim().replace(/\/$/, ''));
  const named = origins.filter((origin) => origin !== '');
  const bad = named.find((origin) => !URL.canParse(origin) || new URL(origin).origin !== origin);
  if (bad !== undefined)
    throw new ConfigError(`CORS_ORIGIN: ${bad} is not an origin like https://shop.example`);
  return named;
}

function payments(e: Environment, production: boolean): Payments {
  if (production && !e.PAYMENTS)
    throw new ConfigError(
      'PAYMENTS: must be set in production (midtrans; sandbox pays with play money)',
    );
  if ((e.PAYMENTS ?? 'sandbox') === 'sandbox')
    return { provider: 'sandbox', qrisMinutes: e.SANDBOX_QRIS_MINUTES };
  if (!e.MIDTRANS_SERVER_KEY)
    throw new ConfigError('MIDTRANS_SERVER_KEY: is needed with PAYMENTS=midtrans');
  if (production && !e.MIDTRANS_BASE_URL)
    throw new ConfigError(
      `MIDTRANS_BASE_URL: must be set in production (the default is ${MIDTRANS_SANDBOX})`,
    );
  const baseUrl = e.MIDTRANS_BASE_URL ?? MIDTRANS_SANDBOX;
  return { provider: 'midtrans', serverKey: e.MIDTRANS_SERVER_KEY, baseUrl };
}
