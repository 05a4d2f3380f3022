import { defineMessages } from '../shared/i18n.js';

export const say = defineMessages({
  id: {
    title: 'Sedang live sekarang',
    intro: 'Booking barangmu langsung dari live: jelas urutanmu, jelas sisa waktunya.',
    live: 'LIVE',
    itemCount: '{count} barang',
    since: 'Mulai {time}',
    none: 'Belum ada yang live',
    noneText: 'Halaman ini memperbarui diri. Begitu ada toko yang mulai, live-nya muncul di sini.',
    failed: 'Daftar live belum bisa diambil.',
    forSellers: 'Untuk penjual: konsol host',
  },
  en: {
    title: 'Live right now',
    intro: 'Book straight from the live: your place in line and your time left, always clear.',
    live: 'LIVE',
    itemCount: '{count} {count|item|items}',
    since: 'Since {time}',
    none: 'Nobody is live yet',
    noneText: 'This page refreshes itself. As soon as a shop starts, its live appears here.',
    failed: 'The list of lives could not be fetched.',
    forSellers: 'For sellers: the host console',
  },
});
