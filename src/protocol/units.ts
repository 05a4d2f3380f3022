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
/** Of one unit of an item. */
export const PriceSchema = z.int().min(0).max(MAX_PRICE).meta(unit('rupiah'));
/** Units of one item in one command. */
export const QuantitySchema = z.int().min(1).max(MAX_QUANTITY).meta(unit('units'));
/** Units in one of an item's four buckets. */
export const StockSchema = z.int().min(0).meta(unit('units'));
/** A moment of the server's (Redis's) clock. */
export const TimeSchema = z.int().min(0).meta(unit('ms since 1970'));
export const ReputationSchema = z
  .int()
  .min(0)
  .max(100)
  .meta({ ...unit('points'), description: 'The viewer’s reputation; a new viewer has 100.' });
