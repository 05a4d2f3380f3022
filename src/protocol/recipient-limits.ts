/** How long each part of a recipient may be, characters. A file of its own, so that pages get it without the schemas. */
export const RECIPIENT_LIMITS = {
  name: 100,
  /** As typed, with blanks and signs. */
  phone: 40,
  address: 500,
  district: 100,
  city: 100,
  postalCode: 10,
  note: 300,
} as const;

/** Of the buyer's note to the seller. */
export const ORDER_NOTE_LIMIT = 300;
