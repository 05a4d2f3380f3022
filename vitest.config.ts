import { defineConfig } from 'vitest/config';

/** Tests that spend their time waiting, for a silence to be noticed or a Redis to come back, and so may run many at once. */
const patient = [
  'test/client/bad-network.test.ts',
  'test/client/tokens.test.ts',
  'test/cluster/*.test.ts',
  'test/e2e/viewer-connection.test.ts',
  'test/faults/{lost-store,payments-crash,redis-outage}.test.ts',
  'test/orders/reconciler.test.ts',
  'test/restore.test.ts',
  'test/services/clocks.test.ts',
  'test/stop.test.ts',
  'test/store/readiness.test.ts',
  'test/transports/jwks.test.ts',
];

/** Whole journeys in a browser, on machines that run other tests beside them. What must be fast is measured by itself. */
const JOURNEY_MS = 90_000;

export default defineConfig({
  test: {
    environment: 'node',
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    setupFiles: ['test/support/each-file.ts'],
    // Files one after another in one process have the product and its packages loaded once, which was a third of all
    // the work. What a file starts ends with it (`test/support/at-end.ts`), and none leaves anything global changed.
    isolate: false,
    // A test that fails now and then has found something.
    retry: 0,
    reporters: process.env.CI ? ['default', 'json'] : ['default'],
    outputFile: { json: 'reports/vitest.json' },
    projects: [
      {
        extends: true,
        test: {
          name: 'busy',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', ...patient],
          // Every file starts servers and a Redis of its own: more at once than there are cores, and the
          // deadlines that they measure would measure the machine.
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'pages',
          include: ['test/e2e/**/*.test.ts'],
          exclude: patient,
          testTimeout: JOURNEY_MS,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'patient',
          include: patient,
          maxWorkers: 6,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
