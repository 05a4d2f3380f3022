import { expect, it } from 'vitest';
import { ARCHIVE_FAULTS } from '../../bench/faults/kinds/archive.js';
import { runFault } from '../../bench/faults/run.js';
import { findPostgres } from '../support/postgres.js';

/** One of those that `npm run faults` plays; docs/reliability.md has what came of many. */
const fault = ARCHIVE_FAULTS.find(({ name }) => name === 'archive-all-killed');

it.skipIf(!findPostgres())(
  'loses and doubles nothing when the server, Redis and PostgreSQL are killed at once, and delivers every event',
  async () => {
    if (!fault) throw new Error('there is no such fault');
    const seed = String(Date.now() % 1_000_000);
    const { findings, bookings } = await runFault(fault, seed);
    expect({ seed, findings }).toEqual({ seed, findings: [] });
    expect(bookings).toBeGreaterThan(20);
  },
  180_000,
);
