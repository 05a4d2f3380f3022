import { defineMessages } from '../../shared/i18n.js';

/**
 * Words of the Settings page. The labels are the ones that sellers know from their other tools, and so they
 * are the same in both languages where those tools have them so.
 */
export const settings = defineMessages({
  id: {
    title: 'Pengaturan',
    lead: 'Perubahan berlaku untuk yang dibuat sesudahnya. Tenggat yang sudah diberikan tetap.',
    tabs: 'Bagian pengaturan',
    tab_order: 'Pesanan',
    tab_booking: 'Booking',
    tab_socialMedia: 'Social Media',
    tab_marketplace: 'Marketplace',
    default: 'Bawaan: {value}',
    noLimit: '0 (tanpa batas)',
    everyone: '0 (semua boleh)',
    none: '0 (tidak ada)',
    minutes: 'menit',
    pieces: 'barang',
    points: 'poin',
    percentSign: '%',
    save: 'Simpan perubahan',
    saved: 'Pengaturan disimpan.',
    nothing: 'Tidak ada yang berubah.',
    reset: 'Kembalikan isian',
    changed: '{count} isian diubah',
    badCount: '{count} isian belum benar.',

    'order.ppnPercent': 'PPN (%)',
    'order.ppnPercent.help':
      'Pajak yang ditambahkan ke subtotal pesanan, dibulatkan ke rupiah terdekat. Contoh: 11.',
    'order.maxItemQuantity': 'Max Item Quantity',
    'order.maxItemQuantity.help':
      'Paling banyak berapa dari satu barang yang boleh ditahan satu penonton.',
    'order.totalItemCart': 'Total Item Cart',
    'order.totalItemCart.help':
      'Paling banyak berapa barang, semua jenis digabung, di keranjang satu penonton.',
    'order.checkoutTimeoutMinutes': 'Checkout Timeout',
    'order.checkoutTimeoutMinutes.help':
      'Berapa lama halaman checkout terbuka. Setelah itu penonton keluar dari checkout; booking-nya tetap sampai tenggatnya sendiri.',
    'order.onlineCheckoutAutoExpireMinutes': 'Online Checkout Auto Expire',
    'order.onlineCheckoutAutoExpireMinutes.help':
      'Berapa lama pesanan boleh belum dibayar sebelum batal sendiri dan stoknya kembali. Pesanan QRIS mengikuti batas waktu QRIS-nya.',

    'booking.bookingTimeoutMinutes': 'Booking Timeout',
    'booking.bookingTimeoutMinutes.help':
      'Berapa lama satu booking menahan stok sebelum lepas ke semua orang. Tidak bisa diperpanjang.',
    'booking.cancelPenaltyPerItem': 'Pinalti Reputasi per Barang dibatalkan',
    'booking.cancelPenaltyPerItem.help':
      'Reputasi yang hilang untuk tiap barang yang dibatalkan penonton. Pembatalan olehmu tidak mengurangi apa pun.',
    'booking.paidRewardPerItem': 'Penambahan Reputasi per Barang berhasil dibayarkan',
    'booking.paidRewardPerItem.help':
      'Reputasi yang bertambah untuk tiap barang yang dibayar, sampai 100.',
    'booking.expiryPenaltyPerItem': 'Pinalti Reputasi per Barang habis waktu',
    'booking.expiryPenaltyPerItem.help':
      'Reputasi yang hilang untuk tiap barang yang dibiarkan habis waktu, sebagai booking atau pesanan. 0: hanya pembatalan yang dihukum.',
    'booking.minReputation': 'Reputasi minimum untuk booking',
    'booking.minReputation.help':
      'Penonton di bawah angka ini boleh menonton, tapi tidak bisa booking.',

    'socialMedia.facebook': 'Facebook',
    'socialMedia.instagram': 'Instagram',
    'socialMedia.tiktok': 'TikTok',
    'socialMedia.twitter': 'Twitter',
    'socialMedia.telegram': 'Telegram',
    'marketplace.tokopedia': 'Tokopedia',
    'marketplace.shopee': 'Shopee',
    'marketplace.blibli': 'Blibli',
    'marketplace.lazada': 'Lazada',
    'marketplace.bukalapak': 'Bukalapak',
    linkHelp:
      'Alamat https halaman {name} tokomu. Kosongkan bila tidak ada; tautannya tampil ke penonton.',

    bad_percent: 'Isi angka 0 sampai 100, paling banyak dua angka di belakang koma.',
    bad_limit: 'Isi angka bulat 0 sampai 1.000.000. 0 berarti tanpa batas.',
    bad_minutes: 'Isi angka lebih dari 0, paling banyak 10.080 menit (seminggu).',
    bad_points: 'Isi angka bulat 0 sampai 100.',
    bad_link: 'Harus alamat yang diawali https://, atau kosong.',
  },
  en: {
    title: 'Settings',
    lead: 'A change applies to what is created after it. Deadlines already given stand.',
    tabs: 'Sections of the settings',
    tab_order: 'Orders',
    tab_booking: 'Booking',
    tab_socialMedia: 'Social Media',
    tab_marketplace: 'Marketplace',
    default: 'Default: {value}',
    noLimit: '0 (no limit)',
    everyone: '0 (everyone may)',
    none: '0 (none)',
    minutes: 'minutes',
    pieces: 'goods',
    points: 'points',
    percentSign: '%',
    save: 'Save changes',
    saved: 'Settings saved.',
    nothing: 'Nothing has changed.',
    reset: 'Undo my edits',
    changed: '{count} {count|field|fields} changed',
    badCount: '{count} {count|field is|fields are} not right yet.',

    'order.ppnPercent': 'PPN (%)',
    'order.ppnPercent.help':
      "Tax added to an order's subtotal, rounded to the nearest rupiah. For example: 11.",
    'order.maxItemQuantity': 'Max Item Quantity',
    'order.maxItemQuantity.help': 'The most of one item that one viewer may hold.',
    'order.totalItemCart': 'Total Item Cart',
    'order.totalItemCart.help': "The most goods, of all items together, in one viewer's cart.",
    'order.checkoutTimeoutMinutes': 'Checkout Timeout',
    'order.checkoutTimeoutMinutes.help':
      'How long the checkout page stays open. Then the viewer is put out of checkout; the bookings stay until their own deadlines.',
    'order.onlineCheckoutAutoExpireMinutes': 'Online Checkout Auto Expire',
    'order.onlineCheckoutAutoExpireMinutes.help':
      "How long an order may stay unpaid before it expires and its stock comes back. A QRIS order follows the QRIS payment's own expiry.",

    'booking.bookingTimeoutMinutes': 'Booking Timeout',
    'booking.bookingTimeoutMinutes.help':
      'How long a booking holds stock before it is released to everyone. Nothing extends it.',
    'booking.cancelPenaltyPerItem': 'Reputation penalty per item cancelled',
    'booking.cancelPenaltyPerItem.help':
      'Reputation taken for each unit that a viewer cancels. A cancel by you costs them nothing.',
    'booking.paidRewardPerItem': 'Reputation reward per item paid',
    'booking.paidRewardPerItem.help': 'Reputation given for each unit paid, up to 100.',
    'booking.expiryPenaltyPerItem': 'Reputation penalty per item timed out',
    'booking.expiryPenaltyPerItem.help':
      'Reputation taken for each unit left to time out, as a booking or an order. 0: only cancels are penalised.',
    'booking.minReputation': 'Least reputation for booking',
    'booking.minReputation.help': 'A viewer below this may watch, but not book.',

    'socialMedia.facebook': 'Facebook',
    'socialMedia.instagram': 'Instagram',
    'socialMedia.tiktok': 'TikTok',
    'socialMedia.twitter': 'Twitter',
    'socialMedia.telegram': 'Telegram',
    'marketplace.tokopedia': 'Tokopedia',
    'marketplace.shopee': 'Shopee',
    'marketplace.blibli': 'Blibli',
    'marketplace.lazada': 'Lazada',
    'marketplace.bukalapak': 'Bukalapak',
    linkHelp:
      "The https address of your shop's {name} page. Leave empty if there is none; viewers see the link.",

    bad_percent: 'Enter a number from 0 to 100, with at most two decimals.',
    bad_limit: 'Enter a whole number from 0 to 1,000,000. 0 means no limit.',
    bad_minutes: 'Enter a number above 0, at most 10,080 minutes (a week).',
    bad_points: 'Enter a whole number from 0 to 100.',
    bad_link: 'Must be an address that starts with https://, or empty.',
  },
});
