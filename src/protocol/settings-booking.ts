import {
  LIMIT,
  MINUTES,
  MINUTES_OR_NONE,
  POINTS,
  SECONDS,
  type Setting,
} from './settings-kinds.js';

/** The tab Booking: holds, reputation and the waitlist. */
export const BOOKING_SETTINGS = {
  bookingTimeoutMinutes: {
    ...MINUTES,
    default: 15,
    viewers: true,
    label: { id: 'Booking Timeout', en: 'Booking Timeout' },
    help: {
      id: 'Berapa lama satu booking menahan stok sebelum lepas ke semua orang. Tidak bisa diperpanjang.',
      en: 'How long a booking holds stock before it is released to everyone. Nothing extends it.',
    },
  },
  cancelPenaltyPerItem: {
    ...POINTS,
    default: 0,
    viewers: true,
    label: {
      id: 'Pinalti Reputasi per Barang dibatalkan',
      en: 'Reputation penalty per item cancelled',
    },
    help: {
      id: 'Reputasi yang hilang untuk tiap barang yang dibatalkan penonton. Pembatalan olehmu tidak mengurangi apa pun.',
      en: 'Reputation taken for each unit that a viewer cancels. A cancel by the host costs them nothing.',
    },
  },
  paidRewardPerItem: {
    ...POINTS,
    default: 0,
    viewers: true,
    label: {
      id: 'Penambahan Reputasi per Barang berhasil dibayarkan',
      en: 'Reputation reward per item paid',
    },
    help: {
      id: 'Reputasi yang bertambah untuk tiap barang yang dibayar, sampai 100.',
      en: 'Reputation given for each unit paid, up to 100.',
    },
  },
  expiryPenaltyPerItem: {
    ...POINTS,
    default: 0,
    viewers: true,
    label: {
      id: 'Pinalti Reputasi per Barang habis waktu',
      en: 'Reputation penalty per item timed out',
    },
    help: {
      id: 'Reputasi yang hilang untuk tiap barang yang waktunya dibiarkan habis, baik masih booking maupun sudah jadi pesanan. 0: hanya pembatalan yang mengurangi reputasi.',
      en: 'Reputation taken for each unit left to time out, as a booking or an order. 0: only cancels are penalised.',
    },
  },
  minReputation: {
    ...POINTS,
    zero: 'everyone',
    default: 0,
    viewers: true,
    label: { id: 'Reputasi minimum untuk booking', en: 'Least reputation for booking' },
    help: {
      id: 'Penonton di bawah angka ini boleh menonton, tapi tidak bisa booking.',
      en: 'A viewer below this may watch, but not book.',
    },
  },
  maxBookings: {
    ...LIMIT,
    unit: 'bookings',
    default: 0,
    viewers: true,
    label: { id: 'Maksimal Booking', en: 'Maximum bookings' },
    help: {
      id: 'Berapa booking yang boleh dipegang satu penonton sekaligus. Batas tertingginya 200.',
      en: 'The most bookings that one viewer may hold at once. Never more than 200.',
    },
  },
  freeCancelSeconds: {
    ...SECONDS,
    default: 0,
    viewers: true,
    label: { id: 'Batal tanpa pinalti', en: 'Free cancel' },
    help: {
      id: 'Pembatalan dalam sekian detik sejak booking tidak mengurangi reputasi.',
      en: 'A cancel within so many seconds of the booking costs no reputation.',
    },
  },
  rebookCooldownSeconds: {
    ...SECONDS,
    default: 0,
    viewers: true,
    label: { id: 'Jeda booking ulang', en: 'Rebooking cool-down' },
    help: {
      id: 'Setelah membatalkan barang atau membiarkannya habis waktu, penonton tidak bisa booking atau mengantre barang itu selama sekian detik. Pembatalan tanpa pinalti tidak dihitung.',
      en: 'After cancelling an item or letting it time out, the viewer can neither book it nor wait for it for so many seconds. A free cancel does not count.',
    },
  },
  waitlist: {
    type: 'flag',
    default: true,
    viewers: true,
    label: { id: 'Antrean', en: 'Waitlist' },
    help: {
      id: 'Penonton boleh mengantre barang yang habis dan dilayani sesuai urutan begitu ada stok yang lepas.',
      en: 'Viewers may wait for an item that is sold out, and are served in order when units come free.',
    },
  },
  waitlistOfferMinutes: {
    ...MINUTES,
    default: 5,
    viewers: true,
    label: { id: 'Waktu booking dari antrean', en: 'Time of a booking from the waitlist' },
    help: {
      id: 'Berapa lama booking yang didapat dari antrean ditahan, bila lebih singkat dari Booking Timeout.',
      en: 'How long a booking given from the waitlist is held, where this is shorter than Booking Timeout.',
    },
  },
  guestsMayBook: {
    type: 'flag',
    default: true,
    viewers: true,
    label: { id: 'Tamu boleh booking', en: 'Guests may book' },
    help: {
      id: 'Mati: tamu tanpa akun hanya boleh menonton, tidak bisa booking atau mengantre.',
      en: 'Off: guests without an account may only watch; they can neither book nor wait.',
    },
  },
  recoveryPerDay: {
    ...POINTS,
    default: 0,
    viewers: true,
    label: { id: 'Pemulihan reputasi per hari', en: 'Reputation recovery per day' },
    help: {
      id: 'Reputasi yang kembali untuk tiap hari penuh tanpa pengurangan, sampai 100.',
      en: 'Reputation that comes back for each full day in which the viewer lost none, up to 100.',
    },
  },
  tiers: {
    type: 'list',
    maxRows: 5,
    uniqueField: 'belowReputation',
    default: [],
    label: { id: 'Tingkat', en: 'Tiers' },
    help: {
      id: 'Batas lebih ketat untuk penonton yang reputasinya rendah. Kalau beberapa tingkat cocok, yang angkanya paling kecil yang berlaku.',
      en: 'Stricter limits for viewers of low reputation. Where several tiers fit, the one with the lowest number applies.',
    },
    row: { id: 'Tingkat {n}', en: 'Tier {n}' },
    fields: {
      belowReputation: {
        ...POINTS,
        default: 50,
        label: { id: 'Reputasi di bawah', en: 'Reputation below' },
        help: {
          id: 'Berlaku untuk penonton dengan reputasi di bawah angka ini.',
          en: 'Applies to viewers whose reputation is below this number.',
        },
      },
      maxBookings: {
        ...LIMIT,
        unit: 'bookings',
        zero: 'asShop',
        default: 0,
        label: { id: 'Maksimal Booking', en: 'Maximum bookings' },
        help: {
          id: 'Berapa booking yang boleh dipegang sekaligus.',
          en: 'The most bookings at once.',
        },
      },
      bookingTimeoutMinutes: {
        ...MINUTES_OR_NONE,
        zero: 'asShop',
        default: 0,
        label: { id: 'Booking Timeout', en: 'Booking Timeout' },
        help: {
          id: 'Berapa lama satu booking menahan stok.',
          en: 'How long a booking holds stock.',
        },
      },
    },
  },
} as const satisfies Record<string, Setting>;
