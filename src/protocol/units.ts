import { z } from 'zod';

/**
 * Bounds that keep every number exact on its whole way: Redis's `cjson` prints 14 significant digits, so
 * a line's total (price × quantity) and an order's total must stay below 10^14.
 */
export const MAX_PRICE = 10_000_000_000;
export const MAX_QUANTITY = 9_999;
export const MAX_STOCK = 1_000_000_000;

/** Names a number's unit in the API documents. */
const unit = (name: string) => ({ 'x-unit': name });

export const RupiahSchema = z.int().min(0).meta(unit('rupiah'));
export const PriceSchema = z
  .int()
  .min(0)
  .max(MAX_PRICE)
  .meta({ ...unit('rupiah'), description: 'Of one unit of the item.' });
export const QuantitySchema = z
  .int()
  .min(1)
  .max(MAX_QUANTITY)
  .meta({ ...unit('units'), description: 'Units of the item.' });
/** What a record has: it may be more than one command may name. */
export const HeldQuantitySchema = z
  .int()
  .min(1)
  .meta({ ...unit('units'), description: 'Units of the item.' });
/** Of a tax; two decimals at most. */
export const PercentSchema = z.number().min(0).max(100).meta(unit('percent'));
/** Units in one of an item's four buckets. */
export const StockSchema = z.int().min(0).meta(unit('units'));
/** How many of something. */
export const CountSchema = z.int().min(0).meta(unit('count'));
/** The n-th of something, from 1. */
export const PlaceSchema = z.int().min(1).meta(unit('place'));
/** Follows the clock of the store, and grows with every change. */
export const RevisionSchema = z
  .int()
  .min(0)
  .meta({ ...unit('revision'), description: 'Grows with every change; clients keep the highest.' });
/** A moment of the server's (Redis's) clock. */
export const TimeSchema = z.int().min(0).meta(unit('ms since 1970'));
export const ReputationSchema = z
  .int()
  .min(0)
  .max(100)
  .meta({ ...unit('points'), description: 'The viewer’s reputation; a new viewer has 100.' });
