import fc from 'fast-check';

/** One random thing that a viewer, the host or the world does. Numbers are indexes into whatever there is. */
export type Step =
  | { kind: 'book'; viewer: number; item: number; quantity: number; request: number }
  | { kind: 'cancel'; viewer: number; booking: number; quantity: number | undefined }
  | { kind: 'hostCancel'; booking: number }
  | { kind: 'restore'; booking: number }
  | { kind: 'waitlistJoin'; viewer: number; item: number; quantity: number; request: number }
  | { kind: 'waitlistLeave'; viewer: number; entry: number }
  | { kind: 'restock'; item: number; quantity: number; request: number }
  | { kind: 'open'; item: number; open: boolean }
  | { kind: 'settings'; booking: Record<string, number>; order: Record<string, number> }
  | { kind: 'live'; change: 'start' | 'end' | 'feature' | 'pin'; item: number }
  | { kind: 'restrict'; viewer: number; status: 'active' | 'restricted' }
  | { kind: 'reconnect'; viewer: number }
  | { kind: 'burst'; item: number; quantity: number }
  | { kind: 'wait' };

const viewer = fc.nat(3);
const item = fc.nat(2);
/** Few, so that they are used again: by the same wish, and by another one. */
const request = fc.nat(5);
const points = fc.constantFrom(0, 3, 40, 100);
const limit = fc.constantFrom(0, 0, 2, 5);

const commands: fc.MaybeWeightedArbitrary<Step>[] = [
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('book' as const),
      viewer,
      item,
      quantity: fc.integer({ min: 1, max: 4 }),
      request,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('cancel' as const),
      viewer,
      booking: fc.nat(9),
      quantity: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
    }),
  },
  fc.record({ kind: fc.constant('hostCancel' as const), booking: fc.nat(9) }),
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('restore' as const), booking: fc.nat(9) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('waitlistJoin' as const),
      viewer,
      item,
      quantity: fc.integer({ min: 1, max: 3 }),
      request,
    }),
  },
  fc.record({ kind: fc.constant('waitlistLeave' as const), viewer, entry: fc.nat(5) }),
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('restock' as const),
      item,
      quantity: fc.integer({ min: -6, max: 6 }).filter((quantity) => quantity !== 0),
      request,
    }),
  },
  fc.record({ kind: fc.constant('open' as const), item, open: fc.boolean() }),
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('settings' as const),
      booking: fc.record({
        bookingTimeoutMinutes: fc.constantFrom(0.000_1, 0.001, 0.002, 15),
        cancelPenaltyPerItem: points,
        expiryPenaltyPerItem: points,
        minReputation: fc.constantFrom(0, 0, 50),
      }),
      order: fc.record({ maxItemQuantity: limit, totalItemCart: limit }),
    }),
  },
  fc.record({
    kind: fc.constant('live' as const),
    change: fc.constantFrom('start', 'end', 'feature', 'pin'),
    item,
  }),
  fc.record({
    kind: fc.constant('restrict' as const),
    viewer,
    status: fc.constantFrom('active', 'restricted'),
  }),
  fc.record({ kind: fc.constant('reconnect' as const), viewer }),
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('burst' as const),
      item,
      quantity: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'wait' as const }) },
];

export const steps = fc.array(fc.oneof(...commands), { minLength: 10, maxLength: 40, size: 'max' });
