import type { ItemEntry } from '../../shared/stock.js';

/**
 * What a viewer may hope for: `available` now, `held` by others who may let go, `sold` for good, or
 * `closed` by the host.
 */
type Supply = 'available' | 'held' | 'sold' | 'closed';

export function supplyOf(entry: ItemEntry): Supply {
  if (!entry.details.value.open) return 'closed';
  const { available, booked, allocated } = entry.stock.value;
  if (available > 0) return 'available';
  return booked + allocated > 0 ? 'held' : 'sold';
}
