import { describe, expect, it } from 'vitest';
import { Sealing } from '../../src/services/payments/sealing.js';

const sealing = new Sealing(['secret of now', 'secret of before']);
const KEY = 'SB-Mid-server-abcdef';

describe('what is sealed', () => {
  it('opens in its own context, and says nothing of what is in it', () => {
    const sealed = sealing.seal(KEY, 'toko1 ga_1');
    expect(sealed).toMatch(/^v1\.[\w-]+$/);
    expect(Buffer.from(sealed.slice(3), 'base64url').toString('latin1')).not.toContain('Mid');
    expect(sealing.open(sealed, 'toko1 ga_1')).toEqual({ text: KEY, isStale: false });
  });

  it('is another text each time', () => {
    expect(sealing.seal(KEY, 'a')).not.toBe(sealing.seal(KEY, 'a'));
  });

  it('opens nowhere else', () => {
    const sealed = sealing.seal(KEY, 'toko1 ga_1');
    expect(sealing.open(sealed, 'toko2 ga_1')).toBeUndefined();
    expect(new Sealing(['another secret']).open(sealed, 'toko1 ga_1')).toBeUndefined();
    expect(new Sealing([]).open(sealed, 'toko1 ga_1')).toBeUndefined();
  });

  it('with a secret of before opens, and is known to be stale', () => {
    const sealed = new Sealing(['secret of before']).seal(KEY, 'a');
    expect(sealing.open(sealed, 'a')).toEqual({ text: KEY, isStale: true });
  });

  it('and was changed by one bit, cut, or is something else, does not open', () => {
    const sealed = sealing.seal(KEY, 'a');
    const bytes = Buffer.from(sealed.slice(3), 'base64url');
    for (let i = 0; i < bytes.length; i++) {
      const other = Buffer.from(bytes);
      other[i] = (other[i] ?? 0) ^ 1;
      expect(sealing.open(`v1.${other.toString('base64url')}`, 'a')).toBeUndefined();
    }
    const cut = [0, 5, 12, 20, 28].map((n) => `v1.${bytes.subarray(0, n).toString('base64url')}`);
    for (const text of [...cut, '', 'v1', 'v1.', `v2${sealed.slice(2)}`, 'v1.!!', KEY])
      expect(sealing.open(text, 'a')).toBeUndefined();
  });

  it('needs a secret', () => {
    expect(new Sealing([]).canSeal).toBe(false);
    expect(() => new Sealing([]).seal(KEY, 'a')).toThrow();
  });
});
