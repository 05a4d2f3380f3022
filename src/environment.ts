import { z } from 'zod';

export const MIDTRANS_SANDBOX = 'https://api.sandbox.midtrans.com';

export const MOST_WORKERS = 256;

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
      'Days, decimals allowed, after which what is finished leaves Redis; it stays in the archive. With less than one, a command whose booking has left is judged anew when it is repeated.',
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

export type Environment = z.infer<typeof Environment>;
