import { AppError, type ErrorCode } from '../../protocol/errors.js';
import type { Changes } from '../../services/changes.js';
import type { Identity } from '../identity.js';

/** Refusals after which something may have changed all the same. */
const UNKNOWN: ErrorCode[] = ['STORE_UNAVAILABLE', 'PAYMENT_UNAVAILABLE', 'INTERNAL'];
const MOST_FIELDS = 40;

/** Runs a host's change with a record of it, which goes again when the change was refused. */
export async function recorded<Answer>(
  changes: Changes,
  { shopId, id: by, name }: Identity,
  { call, params, body }: { call: string; params: unknown; body: unknown },
  run: () => Promise<Answer>,
): Promise<Answer> {
  const { id } = (params ?? {}) as { id?: string };
  const fields = fieldsOf(body);
  const changeId = await changes.keep(shopId, {
    by,
    ...(name === '' ? {} : { name }),
    call,
    ...(id === undefined ? {} : { id }),
    ...(fields.length === 0 ? {} : { fields }),
  });
  try {
    return await run();
  } catch (error) {
    if (error instanceof AppError && !UNKNOWN.includes(error.code)) {
      // Whether or not the record can be taken back, the refusal is what the caller gets.
      await changes.drop(shopId, changeId).catch(() => {});
    }
    throw error;
  }
}

/** `order.ppnPercent` of `{ order: { ppnPercent: 11 } }`: names alone, for values may be of persons, or secret. */
function fieldsOf(body: unknown): string[] {
  if (!isPlain(body)) return [];
  return Object.entries(body)
    .flatMap(([name, value]) =>
      isPlain(value) ? Object.keys(value).map((field) => `${name}.${field}`) : [name],
    )
    .filter((name) => name !== 'requestId')
    .slice(0, MOST_FIELDS);
}

function isPlain(value: unknown): value is object {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value)
  );
}
