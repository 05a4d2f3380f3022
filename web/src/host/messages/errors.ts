import { defineMessages } from '../../shared/i18n.js';
import { type CommandError, errorText } from '../../shared/messages.js';
import { report } from './report.js';

const host = defineMessages({
  id: {
    UNAUTHENTICATED: 'Sesi kamu habis. Masuk lagi.',
    FORBIDDEN: 'Kamu masuk dengan hak yang tidak boleh melakukan itu. Minta pemilik toko.',
    SOLD_OUT: 'Stoknya sudah habis.',
    ITEM_CLOSED: 'Barang ini sedang ditutup.',
    VIEWER_RESTRICTED: 'Penonton ini sedang dibatasi.',
    REPUTATION_TOO_LOW: 'Reputasi penonton ini di bawah batas tokomu.',
    MAX_BOOKINGS: 'Booking penonton ini sudah {limit}, batasnya.',
    MAX_ITEM_QUANTITY: 'Maksimal {limit} untuk barang ini per orang.',
    CART_FULL: 'Keranjang penonton ini penuh, maksimal {limit} pcs.',
    COOLDOWN: 'Penonton ini baru saja melepas barang ini, jadi belum boleh booking lagi.',
    INSUFFICIENT_STOCK: 'Tersedia tinggal {available}, tidak cukup untuk itu.',
    LIVE_NOT_OPEN: 'Live ini tidak sedang berlangsung.',
    BOOKING_NOT_HELD:
      'Booking ini sudah tidak di-keep; mungkin baru saja habis, batal, atau dipesan.',
    STORE_UNAVAILABLE: 'Server tidak menjawab. Periksa koneksi, lalu coba lagi.',
    TIMEOUT: 'Server belum menjawab. Lihat dulu apakah sudah berubah sebelum mencoba lagi.',
  },
  en: {
    UNAUTHENTICATED: 'Your session has ended. Sign in again.',
    FORBIDDEN: 'Your sign-in may not do that. Ask the owner of the shop.',
    SOLD_OUT: 'Nothing is left of it.',
    ITEM_CLOSED: 'This item is closed.',
    VIEWER_RESTRICTED: 'This viewer is restricted.',
    REPUTATION_TOO_LOW: 'The reputation of this viewer is below what your shop asks for.',
    MAX_BOOKINGS: 'This viewer holds {limit} bookings, which is the limit.',
    MAX_ITEM_QUANTITY: 'At most {limit} of this item per person.',
    CART_FULL: "This viewer's cart is full, at most {limit} units.",
    COOLDOWN: 'This viewer let the item go a moment ago and may not book it yet.',
    INSUFFICIENT_STOCK: 'Only {available} are available, not enough for that.',
    LIVE_NOT_OPEN: 'This live is not on.',
    BOOKING_NOT_HELD:
      'The booking is no longer held; it has just timed out, been cancelled or ordered.',
    STORE_UNAVAILABLE: 'The server did not answer. Check the connection and try again.',
    TIMEOUT: 'The server has not answered yet. See whether it changed before trying again.',
  },
});

/** The shared words speak to a viewer; where a seller must read something else, it is here. */
export function hostErrorText(error: CommandError): string {
  switch (error.code) {
    case 'INSUFFICIENT_STOCK':
      return host(error.code, { available: String(error.details?.available ?? '…') });
    case 'MAX_BOOKINGS':
    case 'MAX_ITEM_QUANTITY':
    case 'CART_FULL':
      return host(error.code, { limit: String(error.details?.limit ?? '…') });
    case 'SOLD_OUT':
    case 'ITEM_CLOSED':
    case 'VIEWER_RESTRICTED':
    case 'REPUTATION_TOO_LOW':
    case 'COOLDOWN':
    case 'UNAUTHENTICATED':
    case 'FORBIDDEN':
    case 'LIVE_NOT_OPEN':
    case 'BOOKING_NOT_HELD':
    case 'STORE_UNAVAILABLE':
    case 'TIMEOUT':
      return host(error.code);
    default:
      return errorText(error);
  }
}

/** Why a report of the archive is not there. */
export function archiveErrorText(error: CommandError): string {
  if (error.details?.archive === 'none') return report('archiveNone');
  return error.details?.archive === undefined ? hostErrorText(error) : report('archiveAway');
}
