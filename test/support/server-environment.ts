import { AUTH_SECRET } from './tokens.js';

/** The environment of every test server: play money, no limits, quiet; override what the test is about. */
export function serverEnvironment(redisUrl: string, overrides: NodeJS.ProcessEnv) {
  return {
    REDIS_URL: redisUrl,
    PORT: '0',
    HOST: '127.0.0.1',
    AUTH_SECRET,
    ALLOW_GUESTS: 'true',
    RATE_LIMIT: '0',
    LOG_LEVEL: 'silent',
    PAYMENTS: 'sandbox',
    WORKERS: '1',
    ...overrides,
  };
}
