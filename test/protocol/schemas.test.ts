import { describe, expect, it } from 'vitest';
import { AppError, ERRORS, ErrorBodySchema, type ErrorCode } from '../../src/protocol/errors.js';
import { IdSchema, RequestIdSchema, ShopIdSchema } from '../../src/protocol/ids.js';
import { SettingsPatchSchema } from '../../src/protocol/settings.js';
import { MAX_PRICE, MAX_QUANTITY } from '../../src/protocol/units.js';

describe('the catalogue of errors', () => {
  it.each(Object.keys(ERRORS) as ErrorCode[])('%s has a message and travels as it is', (code) => {
    const { status, message } = ERRORS[code];
    expect(status).toBeGreaterThanOrEqual(400);
    expect(message).toMatch(/^[A-Z].*\.$/);
    const body = new AppError(code, { limit: 3 }).toBody();
    expect(ErrorBodySchema.parse(body)).toEqual({ code, message, details: { limit: 3 } });
    expect(new AppError(code).toBody()).toEqual({ code, message });
  });
});

describe('ids', () => {
  it.each(['a', 'bk_9-x', 'user@shop.example', '+62:812|x', 'a'.repeat(128), '__proto__'])(
    '%s may name a viewer',
    (id) => {
      expect(IdSchema.safeParse(id).success).toBe(true);
    },
  );

  it.each(['', ' ', '{a}', 'a}', 'a/b', 'a b', 'a\n', '\na', 'a\u0000', 'é', 'a'.repeat(129)])(
    '%j may not',
    (id) => {
      expect(IdSchema.safeParse(id).success).toBe(false);
      expect(ShopIdSchema.safeParse(id).success).toBe(false);
    },
  );

  it.each(['a.b', 'a:b', 'a@b', '../x', 'a'.repeat(65)])('%j may not name a shop', (id) => {
    expect(ShopIdSchema.safeParse(id).success).toBe(false);
  });

  it('of requests are any text of 1 to 64 characters', () => {
    for (const id of ['x', '\n', '{}', 'r'.repeat(64)]) {
      expect(RequestIdSchema.safeParse(id).success).toBe(true);
    }
    for (const id of ['', 'r'.repeat(65), 5, null]) {
      expect(RequestIdSchema.safeParse(id).success).toBe(false);
    }
  });
});

describe('numbers', () => {
  it('stay exact on their whole way: a line’s total has at most 14 digits', () => {
    expect(MAX_PRICE * MAX_QUANTITY).toBeLessThan(1e14);
  });

  it('of PPN have two decimals at most', () => {
    const patch = (ppnPercent: number) => SettingsPatchSchema.safeParse({ order: { ppnPercent } });
    for (let hundredths = 0; hundredths <= 10_000; hundredths++) {
      expect(patch(hundredths / 100).success).toBe(true);
    }
    for (const percent of [0.001, 11.111, 99.999, 100.001, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(patch(percent).success).toBe(false);
    }
  });
});
