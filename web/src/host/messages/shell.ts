import { defineMessages } from '../../shared/i18n.js';

/** Words of the frame around every page: navigation, signing in, shortcuts, health. */
export const shell = defineMessages({
  id: {
    title: 'Konsol toko',
    nav: 'Halaman konsol',
    cockpit: 'Kokpit',
    items: 'Barang',
    lives: 'Live',
    orders: 'Pesanan',
    viewers: 'Penonton',
    settings: 'Pengaturan',
    print: 'Cetak',
    notSaved: 'ada yang belum disimpan',
    skip: 'Lompat ke isi',

    signInTitle: 'Masuk ke konsol toko',
    signInLead:
      'Sudah masuk di perangkat lain? Buka Pengaturan → Toko & tim di sana, lalu pindai kodenya. Atau tempel kode masuk di sini; kode hanya disimpan di perangkat ini.',
    token: 'Kode masuk penjual',
    keep: 'Tetap masuk di perangkat ini',
    signIn: 'Masuk',
    signOut: 'Keluar',
    tokenNeeded: 'Tempel kode masuk dulu.',
    tokenMalformed: 'Ini bukan kode masuk. Kodenya panjang, tiga bagian yang dipisah titik.',
    tokenNotHost: 'Kode ini milik penonton. Konsol butuh kode masuk penjual.',
    tokenExpired: 'Kode masuk sudah kedaluwarsa. Minta yang baru, lalu masuk lagi.',
    tokenRejected: 'Kode masuk ini tidak berlaku lagi. Minta yang baru.',

    offlineBanner:
      'Koneksi ke server terputus. Angka di bawah adalah yang terakhir diketahui; kami menyambung lagi sendiri.',
    dataLostBanner:
      'Pukul {time} server menemukan bahwa data toko hilang atau kembali ke keadaan lama. Periksa barang, booking, dan pesanan; beri tahu pengelola server.',
    archiveOlderBanner:
      'Pukul {time} server menemukan bahwa arsip lebih lama dari yang sudah keluar dari Redis: pesanan lama mungkin tidak tampil. Beri tahu pengelola server.',
    archiveBehindBanner:
      'Sejak pukul {time} arsip belum mencatat kejadian baru. Penjualan tetap berjalan dan arsip menyusul sendiri; beri tahu pengelola server.',
    soundOn: 'Suara menyala: matikan',
    soundOff: 'Suara mati: nyalakan',

    healthOk: 'Stok & uang beres',
    healthProblems: '{count} angka tidak cocok',
    healthUnknown: 'Angka belum diperiksa',
    healthTitle: 'Pemeriksaan angka',
    healthLead:
      'Stok dan reputasi dihitung ulang dari semua booking, pesanan, dan riwayatnya, lalu dibandingkan dengan angka yang kamu lihat.',
    healthCheckedAt: 'Diperiksa pukul {time}',
    healthCheckNow: 'Periksa sekarang',
    healthItems: '{count} barang cocok dari {total}',
    healthReputationOk: 'Reputasi semua penonton cocok dengan riwayatnya.',
    healthReputationBad: 'Ada reputasi yang tidak cocok dengan riwayatnya.',

    shortcuts: 'Pintasan keyboard',
    shortcutsLead: 'Berlaku di kokpit, untuk barang yang sedang dipilih.',
    singleKeys: 'Pintasan satu huruf',
    singleKeysHelp:
      'Matikan bila kamu memakai input suara atau sering salah tekan. Semua tetap bisa dilakukan dengan Tab dan Enter.',
    keyMove: 'Pilih barang sebelumnya / berikutnya',
    keyNumber: 'Pilih barang ke-1 sampai ke-9',
    keyPin: 'Sematkan atau lepas sematan',
    keyOpenClose: 'Buka atau tutup barang',
    keyRestock: 'Tambah stok',
    keyPrice: 'Ubah harga',
    keyNext: 'Sematkan barang berikutnya',
    keyBookFor: 'Booking untuk seseorang',
    keyAdd: 'Tambah barang baru',
    keyUndo: 'Urungkan yang masih ditunda',
    keySound: 'Suara nyala / mati',
    keyHelp: 'Daftar pintasan ini',
    keyEscape: 'Tutup jendela',
    keyPages: 'Pindah halaman',

    undo: 'Urungkan',
    undoIn: '{what} dalam {seconds} detik',
    undone: 'Diurungkan: {what}',
    pendingRegion: 'Menunggu diurungkan',

    save: 'Simpan',
    saving: 'Menyimpan…',
    cancel: 'Batal',
    close: 'Tutup',
    loadMore: 'Muat lebih banyak',
    copied: 'Tautan disalin.',
  },
  en: {
    title: 'Shop console',
    nav: 'Console pages',
    cockpit: 'Cockpit',
    items: 'Items',
    lives: 'Lives',
    orders: 'Orders',
    viewers: 'Viewers',
    settings: 'Settings',
    print: 'Print',
    notSaved: 'something is not saved',
    skip: 'Skip to content',

    signInTitle: 'Sign in to the shop console',
    signInLead:
      'Signed in on another device? Open Settings → Shop & team there and scan its code. Or paste a host token here; it is kept on this device only.',
    token: 'Host token',
    keep: 'Stay signed in on this device',
    signIn: 'Sign in',
    signOut: 'Sign out',
    tokenNeeded: 'Paste a token first.',
    tokenMalformed: 'This is not a token. A token has three parts with dots between them.',
    tokenNotHost: 'This token belongs to a viewer. The console needs a host token.',
    tokenExpired: 'The token has run out. Ask for a new one and sign in again.',
    tokenRejected: 'The server refused this token. Ask for a new host token.',

    offlineBanner:
      'The connection to the server is lost. The numbers below are the last ones known; we reconnect by ourselves.',
    dataLostBanner:
      'At {time} the server found that data of the shop is gone or back in an older state. Check items, bookings and orders, and tell whoever runs the server.',
    archiveOlderBanner:
      'At {time} the server found that the archive is older than what has left Redis: old orders may be missing. Tell whoever runs the server.',
    archiveBehindBanner:
      'Since {time} the archive has not taken in what happens. Sales go on, and it will catch up by itself; tell whoever runs the server.',
    soundOn: 'Sound is on: turn it off',
    soundOff: 'Sound is off: turn it on',

    healthOk: 'Numbers agree',
    healthProblems: '{count} {count|number does|numbers do} not agree',
    healthUnknown: 'Numbers not checked yet',
    healthTitle: 'Check of the numbers',
    healthLead:
      'Stock and reputation are worked out again from all bookings, orders and their history, and compared with the numbers that you see.',
    healthCheckedAt: 'Checked at {time}',
    healthCheckNow: 'Check now',
    healthItems: '{count} of {total} items agree',
    healthReputationOk: "Every viewer's reputation agrees with its history.",
    healthReputationBad: 'Some reputation does not agree with its history.',

    shortcuts: 'Keyboard shortcuts',
    shortcutsLead: 'They work in the cockpit, on the selected item.',
    singleKeys: 'Single-letter shortcuts',
    singleKeysHelp:
      'Turn them off if you use speech input or often hit a key by accident. Everything can still be done with Tab and Enter.',
    keyMove: 'Select the previous / next item',
    keyNumber: 'Select item 1 to 9',
    keyPin: 'Pin or unpin',
    keyOpenClose: 'Open or close the item',
    keyRestock: 'Restock',
    keyPrice: 'Change the price',
    keyNext: 'Pin the next item',
    keyBookFor: 'Book for somebody',
    keyAdd: 'Add a new item',
    keyUndo: 'Undo what is still waiting',
    keySound: 'Sound on / off',
    keyHelp: 'This list',
    keyEscape: 'Close a window',
    keyPages: 'Go to another page',

    undo: 'Undo',
    undoIn: '{what} in {seconds} s',
    undone: 'Undone: {what}',
    pendingRegion: 'Waiting to be undone',

    save: 'Save',
    saving: 'Saving…',
    cancel: 'Cancel',
    close: 'Close',
    loadMore: 'Load more',
    copied: 'Link copied.',
  },
});
