import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { z } from 'zod';
import { keepAuthSecret } from './auth-secret.js';
import { parseRedisAddress } from './store/redis/address.js';

const MIDTRANS_SANDBOX = 'https://api.sandbox.midtrans.com';

/** A setting of the environment is missing or malformed. The message is one line that names it. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

const MOST_WORKERS = 256;

const flag = z
  .enum(['true', 'false', '1', '0'])
  .transform((text) => text === 'true' || text === '1');
const url = (...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: `must be an address beginning with ${protocols.map((p) => `${p}//`).join(' or ')}`,
  });

/** What stands for a variable that is not set, where that is more than a value. */
const unset = (meaning: string) => ({ 'x-unset': meaning });

/** One whose socket is named by `?host=` may leave the host out. */
function isPostgresUrl(text: string): boolean {
  return /^postgres(ql)?:\/\//.test(text) && URL.canParse(text.replace('@/', '@localhost/'));
}

/**
 * Every variable of the environment. `.env.example` and the table in docs/operations.md are written from the descriptions
 * (`npm run docs`); what has none is set by our own programs.
 * @public
 */
export const Environment = z.object({
  NODE_ENV: z
    .enum(['development', 'test', 'production'])
    .optional()
    .describe('`production`, and nothing else, refuses insecure defaults.'),
  PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(3_000)
    .describe('Where it listens; 0 for any free port.'),
  HOST: z.string().min(1).default('0.0.0.0').describe('On which address it listens.'),
  REDIS_URL: z
    .string()
    .min(1)
    .optional()
    .meta(unset('a private Redis under `DATA_DIR`'))
    .describe(
      'One Redis, Sentinels or a Cluster: `redis://`, `redis+sentinel://`, `redis+cluster://`.',
    ),
  DATA_DIR: z
    .string()
    .min(1)
    .default('data')
    .describe(
      'The folder of the private Redis, of the embedded archive and of the secret of local mode.',
    ),
  DATABASE_URL: z
    .string()
    .refine(isPostgresUrl, 'must be an address beginning with postgres://')
    .optional()
    .meta(unset('embedded under `DATA_DIR` in local mode, else none'))
    .describe(
      'The PostgreSQL (15 or newer) of the archive: `postgres://user:password@host/database`.',
    ),
  RETENTION_DAYS: z.coerce
    .number()
    .positive()
    .max(3_650)
    .default(30)
    .describe(
      'Days, decimals allowed, after which what is finished leaves Redis; it stays in the archive.',
    ),
  AUTH_SECRET: z
    .string()
    .min(1)
    .optional()
    .meta(unset('made once in local mode'))
    .describe(
      'Signs and checks tokens; at least 32 characters in production; the same on every server.',
    ),
  AUTH_SECRET_PREVIOUS: z
    .string()
    .min(1)
    .optional()
    .describe(
      'The one before, while it is changed: opens what is kept encrypted. It signs and checks no token.',
    ),
  AUTH_JWKS_URL: url('https:', 'http:')
    .optional()
    .describe(
      'Check tokens against the keys at this address; `AUTH_SECRET` then signs what this server gives out itself, and nothing else.',
    ),
  AUTH_ISSUER: z.string().optional().describe('What the `iss` of every token must be.'),
  AUTH_AUDIENCE: z.string().optional().describe('What the `aud` of every token must be.'),
  ALLOW_GUESTS: flag
    .optional()
    .meta(unset('`true`; `false` in production'))
    .describe('Anybody may get a viewer’s token.'),
  CORS_ORIGIN: z
    .string()
    .optional()
    .meta(unset('this server’s own'))
    .describe(
      'Origins that may open pages and sockets, separated by commas; `*` for any, not in production.',
    ),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('What is logged; `debug` also says when Redis nodes come and go.'),
  RATE_LIMIT: z.coerce
    .number()
    .min(0)
    .max(1_000_000)
    .default(20)
    .describe(
      'Commands a second for a viewer; scales the limits of an address, too; 0 = no limits.',
    ),
  GUESTS_PER_ADDRESS: z.coerce
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .default(30)
    .describe('New guests of one address an hour, over all servers; 0 = no limit.'),
  PAYMENTS: z
    .enum(['sandbox', 'midtrans'])
    .optional()
    .meta(unset('`sandbox`; must be set in production'))
    .describe('`midtrans`, or `sandbox` for play money.'),
  SANDBOX_QRIS_MINUTES: z.coerce
    .number()
    .positive()
    .max(10_080)
    .default(15)
    .describe('How long a QR of play money lives, minutes.'),
  MIDTRANS_SERVER_KEY: z
    .string()
    .regex(/^\S+$/, 'has a blank in it; copy the key anew')
    .optional()
    .describe('From the Midtrans dashboard: Settings → Access Keys.'),
  MIDTRANS_BASE_URL: url('https:', 'http:')
    .optional()
    .meta(unset(`${MIDTRANS_SANDBOX}; must be set in production`))
    .describe('Where Midtrans answers; its live system is `https://api.midtrans.com`.'),
  PUBLIC_URL: url('https:', 'http:')
    .optional()
    .meta(unset('`http://localhost:PORT`'))
    .describe(
      'The address that the outside sees; with `https` Midtrans sends its notifications there.',
    ),
  WEBHOOK_ALLOW_PRIVATE: flag
    .default(false)
    .meta(unset('`false`'))
    .describe(
      'Webhooks may go to private and loopback addresses, and over http: for tests, and where all shops are your own.',
    ),
  DRAIN_SECONDS: z.coerce
    .number()
    .min(0)
    .max(300)
    .default(0)
    .describe(
      'At SIGTERM: serve on for so long with `/readyz` at 503, so that a balancer looks elsewhere first.',
    ),
  WORKERS: z
    .union([z.literal('auto'), z.coerce.number().int().min(1).max(MOST_WORKERS)], {
      error: `must be auto, or a whole number from 1 to ${MOST_WORKERS}`,
    })
    .optional()
    .meta(unset('1 on machines with one or two cores, else `auto`'))
    .describe('Processes that share the port; `auto`: as many as there are cores.'),
  TRUST_PROXY: z
    .preprocess(
      (value) => (value === 'true' ? 1 : value === 'false' ? 0 : value),
      z.coerce.number().int().min(0).max(10),
    )
    .default(0)
    .meta(unset('`0`'))
    .describe(
      'How many proxies stand in front and add to `X-Forwarded-For`. Too many lets callers forge their address.',
    ),
  /** Set by `npm start`: a secret of our own may be made, also beside a Redis that is given. */
  LIVEHOLD_LOCAL: flag.default(false),
  /** Set by `npm start`: empty data gets a demo shop. */
  LIVEHOLD_DEMO: flag.default(false),
});

type Environment = z.infer<typeof Environment>;

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
