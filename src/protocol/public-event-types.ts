/** What other systems are notified of: `<record>.<what became of it>`. Plain data without zod, for the console's page. */
export const PUBLIC_EVENT_TYPES = [
  ...(['booking.created', 'booking.cancelled', 'booking.expired', 'booking.restored'] as const),
  ...(['waitlist.served', 'order.placed', 'order.paid', 'order.expired'] as const),
  ...(['order.cancelled', 'order.needs_refund', 'order.refunded', 'order.fulfilment'] as const),
  ...(['payment.claimed', 'refund.opened', 'refund.done', 'item.changed'] as const),
  ...(['stock.changed', 'live.started', 'live.ended', 'viewer.restricted'] as const),
  'reputation.changed',
] as const;
