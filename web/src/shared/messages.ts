import type { ClientErrorCode } from '../../../src/client/index.js';
import type { ErrorCode } from '../../../src/protocol/errors.js';
import { defineMessages, fill, type Locale, locale } from './i18n.js';

/** Words that every page uses. */
export const common = defineMessages({
  id: {
    brand: 'Livehold',
    switchLanguage: 'Switch to English',
    themeDark: 'Pakai tema gelap',
    themeLight: 'Pakai tema terang',
    close: 'Tutup',
    cancel: 'Batal',
    back: 'Kembali',
    retry: 'Coba lagi',
    loading: 'Memuat…',
    connecting: 'Menyambung…',
    online: 'Tersambung',
    offline: 'Terputus',
    dismiss: 'Tutup pesan',
    copy: 'Salin',
    copied: 'Tersalin',
    notifications: 'Pemberitahuan',
    timeLeft: 'Sisa waktu {time}',
    lastMinute: 'Kurang dari satu menit lagi: {what}',
  },
  en: {
    brand: 'Livehold',
    switchLanguage: 'Ganti ke Bahasa Indonesia',
    themeDark: 'Use the dark theme',
    themeLight: 'Use the light theme',
    close: 'Close',
    cancel: 'Cancel',
    back: 'Back',
    retry: 'Try again',
    loading: 'Loading…',
    connecting: 'Connecting…',
    online: 'Connected',
    offline: 'Disconnected',
    dismiss: 'Dismiss',
    copy: 'Copy',
    copied: 'Copied',
    notifications: 'Notifications',
    timeLeft: '{time} left',
    lastMinute: 'Less than a minute left: {what}',
  },
});

/** Why a command or a request failed: the server's own error, or the client's. */
export interface CommandError {
  code: ErrorCode | ClientErrorCode;
  message: string;
  details?: Record<string, unknown> | undefined;
}

type Words = Record<ErrorCode | ClientErrorCode, string>;

const WORDS: Record<Locale, Words> = {
  id: {
    VALIDATION: 'Isian belum benar. Periksa lagi lalu coba sekali lagi.',
    UNAUTHENTICATED: 'Kamu belum masuk, atau sesimu sudah habis. Masuk lagi, ya.',
    AUTH_UNAVAILABLE: 'Masuk sedang terganggu. Coba lagi sebentar.',
    FORBIDDEN: 'Akun ini tidak boleh melakukan itu.',
    NOT_FOUND: 'Tidak ditemukan di toko ini.',
    LIVE_NOT_OPEN: 'Live sedang tidak berlangsung. Tunggu sampai penjual memulainya.',
    ITEM_CLOSED: 'Penjual menutup barang ini. Tunggu sampai dibuka lagi.',
    SOLD_OUT: 'Keduluan! Stok sudah habis.',
    INSUFFICIENT_STOCK: 'Stok tidak cukup, tinggal {available}.',
    MAX_ITEM_QUANTITY: 'Maksimal {limit} untuk barang ini per orang.',
    CART_FULL: 'Keranjang penuh, maksimal {limit} pcs.',
    REPUTATION_TOO_LOW: 'Reputasimu di bawah batas toko ini, jadi belum bisa booking.',
    VIEWER_RESTRICTED: 'Toko membatasi akun ini. Hubungi penjual.',
    MAX_BOOKINGS: 'Maksimal {limit} sekaligus. Selesaikan atau lepas salah satu dulu.',
    UNPAID_ORDERS: 'Masih ada pesanan yang belum dibayar. Bayar atau batalkan dulu.',
    COOLDOWN: 'Kamu baru saja melepas barang ini. Coba lagi sebentar lagi.',
    IN_STOCK: 'Stoknya ada sekarang. Langsung booking saja.',
    RECIPIENT_REQUIRED: 'Isi dulu penerimanya: nama, telepon, dan alamat bila dikirim.',
    BOOKING_NOT_HELD: 'Booking ini sudah tidak ditahan untukmu. Booking lagi, ya.',
    CART_EMPTY: 'Keranjang kosong. Booking barang dulu.',
    CHECKOUT_EXPIRED: 'Waktu checkout habis. Mulai lagi selama booking-mu masih ada.',
    ORDER_NOT_PAYABLE: 'Pesanan ini tidak sedang menunggu pembayaran.',
    PAYMENT_UNAVAILABLE: 'Layanan pembayaran sedang tidak menjawab. Coba bayar lagi.',
    REQUEST_CONFLICT: 'Permintaan bentrok dengan yang sebelumnya. Coba lagi.',
    ALREADY_EXISTS: 'Sudah dipakai. Pilih yang lain.',
    VIEWER_BUSY:
      'Masih ada booking, pesanan yang belum dibayar, atau uang yang harus dikembalikan. Selesaikan dulu.',
    RATE_LIMITED: 'Terlalu cepat. Tunggu {seconds} detik, lalu lanjut.',
    STORE_UNAVAILABLE: 'Server sedang sibuk. Belum ada yang berubah, coba lagi.',
    INTERNAL: 'Ada masalah di pihak kami. Coba lagi.',
    OFFLINE: 'Koneksi terputus. Coba lagi setelah tersambung.',
    TIMEOUT: 'Belum ada jawaban dari server. Cek keranjangmu setelah tersambung.',
  },
  en: {
    VALIDATION: 'Something is not filled in right. Check it and try again.',
    UNAUTHENTICATED: 'You are not signed in, or your session has ended. Sign in again.',
    AUTH_UNAVAILABLE: 'Signing in is disturbed. Try again in a moment.',
    FORBIDDEN: 'This account may not do that.',
    NOT_FOUND: 'Not found in this shop.',
    LIVE_NOT_OPEN: 'The live is not on. Wait until the seller starts it.',
    ITEM_CLOSED: 'The seller has closed this item. Wait until it opens again.',
    SOLD_OUT: 'Just missed it! Nothing is left.',
    INSUFFICIENT_STOCK: 'Not enough stock, only {available} left.',
    MAX_ITEM_QUANTITY: 'At most {limit} of this item per person.',
    CART_FULL: 'Your cart is full, at most {limit} units.',
    REPUTATION_TOO_LOW: 'Your reputation is below what this shop asks for booking.',
    VIEWER_RESTRICTED: 'The shop has restricted this account. Contact the seller.',
    MAX_BOOKINGS: 'At most {limit} at once. Pay for one or let one go first.',
    UNPAID_ORDERS: 'Some of your orders are not paid yet. Pay or cancel one first.',
    COOLDOWN: 'You let this item go a moment ago. Try again shortly.',
    IN_STOCK: 'This is in stock now. Book it right away.',
    RECIPIENT_REQUIRED: 'Fill in who gets it first: name, phone, and the address if it is shipped.',
    BOOKING_NOT_HELD: 'This booking is no longer held for you. Book again.',
    CART_EMPTY: 'Your cart is empty. Book an item first.',
    CHECKOUT_EXPIRED: 'The checkout time is over. Start again while your bookings are held.',
    ORDER_NOT_PAYABLE: 'This order is not awaiting payment.',
    PAYMENT_UNAVAILABLE: 'The payment provider is not answering. Try to pay again.',
    REQUEST_CONFLICT: 'That clashed with an earlier request. Try again.',
    ALREADY_EXISTS: 'Already taken. Choose another.',
    VIEWER_BUSY: 'There are bookings, orders to pay or money to give back. Finish those first.',
    RATE_LIMITED: 'Too fast. Wait {seconds} s and go on.',
    STORE_UNAVAILABLE: 'The server is busy. Nothing has changed, try again.',
    INTERNAL: 'Something went wrong on our side. Try again.',
    OFFLINE: 'Connection lost. Try again once you are back online.',
    TIMEOUT: 'No answer from the server yet. Check your cart once you are connected.',
  },
};

/** What a refusal means and what to do next, in the reader's language. */
export function errorText(error: CommandError, language: Locale = locale.value): string {
  const details = error.details ?? {};
  const wait = Number(details.retryAfterMs ?? 1000);
  return fill(
    WORDS[language][error.code] ?? WORDS[language].INTERNAL,
    {
      available: numberOr(details.available, '…'),
      limit: numberOr(details.limit, '…'),
      seconds: Math.max(1, Math.ceil(wait / 1000)),
    },
    language,
  );
}

function numberOr(value: unknown, otherwise: string): string | number {
  return typeof value === 'number' ? value : otherwise;
}
