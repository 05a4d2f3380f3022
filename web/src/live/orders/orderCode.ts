/** The end of an order's id: short enough to say and to write in a transfer note. */
export function orderCode(orderId: string): string {
  return orderId.slice(-6).toUpperCase();
}
