import { defineMessages } from '../../shared/i18n.js';

/** The words of the account: reputation explained, another device, what is remembered. */
export const mine = defineMessages({
  id: {
    signOut: 'Keluar',
    signOutHint:
      'Booking tetap tercatat atas nama ini, tetapi tamu hanya bisa masuk lagi ke akun yang sama lewat link yang dibuat sebelumnya.',
    reputation: 'Reputasi',
    reputationOutOf: '{reputation} dari 100',
    reputationHelp:
      'Naik saat kamu membayar, turun saat kamu membatalkan atau membiarkan waktu habis.',
    reputationPenalty: 'Di toko ini, tiap barang yang kamu batalkan mengurangi {penalty}.',
    reputationMinimum: 'Batas untuk booking: {minimum}.',
    history: 'Riwayat reputasi',
    noHistory: 'Belum ada perubahan. Semua mulai dari 100.',
    historyFailed: 'Riwayat belum bisa diambil.',
    olderHistory: 'Lihat yang lebih lama',
    fromTo: '{before} → {after}',
    account: 'Akunmu',
    expiryPenalty: 'Tiap barang yang dibiarkan habis waktunya mengurangi {penalty}.',
    reward: 'Tiap barang yang kamu bayar menambah {points}.',
    recovery: 'Tiap hari penuh tanpa pengurangan mengembalikan {points}.',
    rightsTitle: 'Yang boleh kamu lakukan',
    rights: 'Kamu boleh menyimpan {count} booking sekaligus, masing-masing {minutes} menit.',
    rightsFree: 'Kamu boleh booking; tiap booking ditahan {minutes} menit.',
    rightsLess:
      'Ini lebih sedikit dari biasanya karena reputasimu. Naik lagi kalau reputasimu naik.',
    automated:
      'Reputasi dihitung otomatis dari booking dan pembayaranmu; tidak ada orang yang menilainya. Kalau menurutmu salah, sampaikan ke penjual: penjual bisa mengoreksinya, dan alasannya muncul di riwayat di bawah.',
    object: 'Sampaikan keberatan lewat WhatsApp',
    objection:
      'Halo {shop}, saya {name} (akun {account}). Reputasi saya {reputation}, dan menurut saya itu tidak benar karena: ',
    device: 'Buka di HP lain',
    deviceText:
      'Pesananmu ikut akun ini. Buat link untuk membukanya di HP atau komputer lain, atau kirim ke dirimu sendiri.',
    makeLink: 'Buat link',
    newLink: 'Buat link baru',
    linkText:
      'Sekali pakai, sampai {time}. Jangan berikan ke orang lain: siapa pun yang membukanya masuk sebagai kamu.',
    linkLabel: 'Kode QR untuk membuka akun ini di HP lain',
    linkField: 'Link akunmu',
    copyLink: 'Salin link',
    sendLink: 'Kirim ke WhatsApp sendiri',
    savedRecipient: 'Penerima tersimpan',
    forgetRecipient: 'Hapus',
    forgotten: 'Penerima dihapus.',
  },
  en: {
    signOut: 'Sign out',
    signOutHint:
      'Bookings stay under this name, but a guest gets back into the same account only by a link made before.',
    reputation: 'Reputation',
    reputationOutOf: '{reputation} out of 100',
    reputationHelp: 'It rises when you pay, and falls when you cancel or let the time run out.',
    reputationPenalty: 'In this shop, each unit that you cancel takes {penalty}.',
    reputationMinimum: 'Needed to book: {minimum}.',
    history: 'Reputation history',
    noHistory: 'No changes yet. Everyone starts at 100.',
    historyFailed: 'The history could not be fetched.',
    olderHistory: 'Show older ones',
    fromTo: '{before} → {after}',
    account: 'Your account',
    expiryPenalty: 'Each unit that you let run out takes {penalty}.',
    reward: 'Each unit that you pay for gives {points}.',
    recovery: 'Each full day without a loss gives {points} back.',
    rightsTitle: 'What you may do',
    rights:
      'You may hold {count} {count|booking|bookings} at once, each for {minutes} {minutes|minute|minutes}.',
    rightsFree: 'You may book; each booking is held for {minutes} {minutes|minute|minutes}.',
    rightsLess: 'This is less than usual because of your reputation. It rises again with it.',
    automated:
      'Reputation is worked out automatically from your bookings and payments; nobody judges it. If you think it is wrong, tell the seller: the seller can correct it, and the reason appears in the history below.',
    object: 'Object by WhatsApp',
    objection:
      'Hello {shop}, I am {name} (account {account}). My reputation is {reputation}, and I think that is wrong because: ',
    device: 'Open on another phone',
    deviceText:
      'Your orders belong to this account. Make a link that opens it on another phone or computer, or send it to yourself.',
    makeLink: 'Make a link',
    newLink: 'Make a new link',
    linkText:
      'Works once, until {time}. Do not give it to anybody: whoever opens it is signed in as you.',
    linkLabel: 'QR code that opens this account on another phone',
    linkField: 'The link to your account',
    copyLink: 'Copy the link',
    sendLink: 'Send it to my own WhatsApp',
    savedRecipient: 'Saved recipient',
    forgetRecipient: 'Forget',
    forgotten: 'The recipient is forgotten.',
  },
});
