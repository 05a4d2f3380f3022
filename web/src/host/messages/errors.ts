import { defineMessages } from '../../shared/i18n.js';
import { type CommandError, errorText } from '../../shared/messages.js';

const host = defineMessages({
  id: {
    UNAUTHENTICATED: 'Masa token habis. Masuk lagi dengan token host.',
    FORBIDDEN: 'Token ini tidak boleh melakukan itu. Pakai token host toko ini.',
    INSUFFICIENT_STOCK: 'Tersedia tinggal {available}, tidak cukup untuk itu.',
    LIVE_NOT_OPEN: 'Live ini tidak sedang berlangsung.',
    BOOKING_NOT_HELD:
      'Booking ini sudah tidak ditahan; mungkin baru saja habis, batal, atau dipesan.',
    STORE_UNAVAILABLE: 'Server tidak menjawab. Periksa koneksi, lalu coba lagi.',
    TIMEOUT: 'Server belum menjawab. Lihat dulu apakah sudah berubah sebelum mencoba lagi.',
  },
  en: {
    UNAUTHENTICATED: 'The token has run out. Sign in again with a host token.',
    FORBIDDEN: 'This token may not do that. Use a host token of this shop.',
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
