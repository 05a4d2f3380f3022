import { LOST_KINDS, type LostKind, type LostRecord, lostRecords } from '../lost-states.js';
import { isOlder, movesInArchive, OLDER } from '../moves.js';
import type { Sides } from './compare.js';

/** Records of a kind that are named one by one. */
const NAMED = 50;

const WORDS: Record<LostKind, [one: string, amount: string]> = {
  bookings: ['booking', 'units'],
  notices: ['payment notice', 'times'],
  refunds: ['refund', 'rupiah'],
  orders: ['order', 'rupiah'],
};

/** What Redis has lost of what the archive had, until a person accepts that. */
export async function verifyLosses({ db, shopId }: Sides): Promise<string[]> {
  const moves = await movesInArchive(db, shopId);
  const problems: string[] = moves && isOlder(moves) ? [OLDER] : [];
  for (const kind of LOST_KINDS) {
    const lost = await lostRecords(db, shopId, kind, NAMED + 1);
    problems.push(...lost.slice(0, NAMED).map(lineOf));
    if (lost.length > NAMED) problems.push(`more than ${NAMED} ${kind} are lost in Redis`);
  }
  return problems;
}

function lineOf({ kind, id, status, amount, isThere }: LostRecord): string {
  const [one, unit] = WORDS[kind];
  const was = `it was ${status} (${amount} ${unit}) when it was archived`;
  return `${one} ${id}: Redis has ${isThere ? 'an older state of it' : 'lost it'}: ${was}`;
}
