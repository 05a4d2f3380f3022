import { z } from 'zod';
import { sandboxPaymentKey } from './keys.js';
import type { Store } from './store.js';

const KEPT_S = 90 * 86_400;

const Record = z.object({
  amount: z.coerce.number(),
  expiresAt: z.coerce.number(),
  closedAt: z.coerce.number().optional(),
  paidAt: z.coerce.number().optional(),
  refundedAt: z.coerce.number().optional(),
});

/** The play-money gateway's own books. They live in Redis so that all servers, and restarts, see the same. */
export type SandboxPayment = z.infer<typeof Record>;

export async function readSandboxPayment(
  store: Store,
  paymentId: string,
): Promise<SandboxPayment | undefined> {
  const fields = await store.read((redis) => redis.hGetAll(sandboxPaymentKey(paymentId)));
  const record = Record.safeParse(fields);
  return record.success ? record.data : undefined;
}

/** Each field is written once and the first to write it wins, so paying and closing can race in any order. */
export async function writeSandboxPayment(
  store: Store,
  paymentId: string,
  fields: Partial<SandboxPayment>,
): Promise<void> {
  const key = sandboxPaymentKey(paymentId);
  await store.read((redis) =>
    Promise.all([
      ...Object.entries(fields).map(([field, value]) => redis.hSetNX(key, field, String(value))),
      redis.expire(key, KEPT_S),
    ]),
  );
}
