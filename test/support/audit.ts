import { expect } from 'vitest';
import type { Audit } from '../../src/protocol/http.js';
import type { Host } from './host.js';
import { until } from './until.js';

/** Asks for the audit until the store answers, and expects it to find nothing: the audit itself is exact at any moment. */
export async function untilAuditOk(host: Host): Promise<Audit> {
  const audit = await until('the audit answers', async () => {
    const { status, body } = await host.call('GET', '/audit');
    return status === 200 && (body as Audit);
  });
  expect(audit.problems).toEqual([]);
  expect(audit).toMatchObject({ ok: true, reputationOk: true });
  return audit;
}
