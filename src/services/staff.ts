import { randomBytes } from 'node:crypto';
import { STAFF_MOST } from '../protocol/endpoints-staff.js';
import { AppError } from '../protocol/errors.js';
import { type StaffAdd, type StaffMember, StaffMemberSchema } from '../protocol/staff.js';
import { requestDigest, shopKey } from '../store/keys.js';
import { scripts } from '../store/scripts/index.js';
import type { Store } from '../store/store.js';
import { newId } from './shops.js';

/** Who was let into a shop's console by a link. */
export class Staff {
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  /** Newest first, without those whose sign-in or link has run out. */
  async list(shopId: string): Promise<StaffMember[]> {
    const [records, now] = await Promise.all([
      this.store.read((redis) => redis.hGetAll(keyOf(shopId))),
      this.store.clock(shopId),
    ]);
    return Object.values(records)
      .map((record) => StaffMemberSchema.parse(JSON.parse(record)))
      .filter((member) => (member.endsAt ?? member.linkEndsAt) > now)
      .sort((a, b) => b.at - a.at);
  }

  /** @returns the code of the link, whose secret is kept nowhere. @throws VALIDATION when there are too many */
  async add(
    shopId: string,
    host: { id: string; name: string },
    { name, staff, hours }: StaffAdd,
  ): Promise<{ member: StaffMember; code: string }> {
    const staffId = newId('staff');
    const secret = randomBytes(24).toString('base64url');
    const by = { by: host.id, ...(host.name === '' ? {} : { byName: host.name }) };
    const args = [
      staffId,
      JSON.stringify({ name, staff, ...by }),
      requestDigest(staffId, secret),
      String(hours),
      String(STAFF_MOST),
    ];
    const { member } = await this.store.run(scripts.staffAdd, shopId, args);
    return { member, code: `${shopId}.${staffId}.${secret}` };
  }

  /** @throws UNAUTHENTICATED for a link that does not work (any more) */
  async claim(code: string): Promise<{ shopId: string; member: StaffMember; hours: number }> {
    const [shopId = '', staffId = '', secret = ''] = code.split('.');
    // Whoever guesses makes nothing of a shop that is not there.
    if (!(await this.has(shopId, staffId))) {
      throw new AppError('UNAUTHENTICATED', { link: 'is not of a shop here, or was taken back' });
    }
    const args = [staffId, requestDigest(staffId, secret)];
    const { hours, ...member } = (await this.store.run(scripts.staffClaim, shopId, args)).member;
    return { shopId, member, hours };
  }

  async remove(shopId: string, staffId: string): Promise<void> {
    await this.store.run(scripts.staffRemove, shopId, [staffId]);
  }

  /** Whether somebody who was let in has not been put out since. */
  async has(shopId: string, staffId: string): Promise<boolean> {
    const [record] = await this.store.read((redis) => redis.hmGet(keyOf(shopId), [staffId]));
    return record !== null && record !== undefined;
  }
}

function keyOf(shopId: string): string {
  return `${shopKey(shopId)}:staff`;
}
