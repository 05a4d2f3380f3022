import { AUTH_SECRET } from './tokens.js';

/** Where a server answers: in this process or in one of its own. */
export interface Reachable {
  url: string;
}

/** Workers of a server that is a process of its own; `npm run faults -- --workers 2` and the mutants set it. */
export const WORKERS_NAME = 'LIVEHOLD_TEST_WORKERS';

export function testWorkers(): number {
  return Number(process.env[WORKERS_NAME] ?? 1);
}

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
    WORKERS: String(testWorkers()),
    ...overrides,
  };
}
