import type { Settings } from '../../src/protocol/settings.js';

/** How a shop prices, in whole hundredths of a percent and whole rupiah. */
export interface Pricing {
  hundredths: number;
  pricesIncludePpn: boolean;
  ppnBase: Settings['order']['ppnBase'];
  shippingFee: number;
  serviceFee: number;
}

/** Half up, in integers alone. */
function round(numerator: bigint, denominator: bigint): bigint {
  return (2n * numerator + denominator) / (2n * denominator);
}

/** What the rules of docs/ppn.md come to, as fractions of integers: nothing is taken from the code under test. */
export function exactTotals(subtotal: bigint, pricing: Pricing) {
  const rate = BigInt(pricing.hundredths);
  const [n, d] = pricing.ppnBase === '11/12' ? [11n, 12n] : [1n, 1n];
  const fees = BigInt(pricing.shippingFee) + BigInt(pricing.serviceFee);
  if (pricing.pricesIncludePpn) {
    // 1 + n/d × rate/10,000 = (d × 10,000 + n × rate) / (d × 10,000)
    const net = round(subtotal * d * 10_000n, d * 10_000n + n * rate);
    return { taxBase: round(net * n, d), ppn: subtotal - net, total: subtotal + fees };
  }
  const taxBase = round(subtotal * n, d);
  const ppn = round(taxBase * rate, 10_000n);
  return { taxBase, ppn, total: subtotal + ppn + fees };
}
