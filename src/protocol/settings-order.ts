import { FEE, LIMIT, MINUTES, PERCENT, type Setting } from './settings-kinds.js';

/** The tab Pesanan: prices, tax, checkout and payment. */
export const ORDER_SETTINGS = {
  ppnPercent: {
    ...PERCENT,
    default: 0,
    viewers: true,
    label: { id: 'PPN (%)', en: 'PPN (%)' },
    help: {
      id: 'Persen pajak dari subtotal pesanan, dibulatkan ke rupiah terdekat. Contoh: 11.',
      en: "Tax on an order's subtotal, rounded half up to a whole rupiah. For example: 11.",
    },
  },
  maxItemQuantity: {
    ...LIMIT,
    default: 0,
    viewers: true,
    label: { id: 'Max Item Quantity', en: 'Max Item Quantity' },
    help: {
      id: 'Berapa pcs dari satu barang yang boleh dipegang satu penonton.',
      en: "The most of one item in one viewer's cart, and so in one order.",
    },
  },
  totalItemCart: {
    ...LIMIT,
    default: 0,
    viewers: true,
    label: { id: 'Total Item Cart', en: 'Total Item Cart' },
    help: {
      id: 'Berapa pcs yang boleh ada di keranjang satu penonton, semua barang dijumlahkan.',
      en: "The most units, of all items together, in one viewer's cart.",
    },
  },
  checkoutTimeoutMinutes: {
    ...MINUTES,
    default: 3,
    viewers: true,
    label: { id: 'Checkout Timeout', en: 'Checkout Timeout' },
    help: {
      id: 'Berapa lama halaman checkout terbuka. Setelah itu penonton keluar dari checkout; booking-nya tetap sampai tenggatnya sendiri.',
      en: 'How long the checkout page stays open. Then the viewer is put out of checkout; the bookings stay until their own deadlines.',
    },
  },
  onlineCheckoutAutoExpireMinutes: {
    ...MINUTES,
    default: 180,
    label: { id: 'Online Checkout Auto Expire', en: 'Online Checkout Auto Expire' },
    help: {
      id: 'Berapa lama pesanan boleh belum dibayar sebelum batal sendiri dan stoknya kembali. Pesanan QRIS mengikuti batas waktu QRIS-nya.',
      en: "How long an order may stay unpaid before it expires and its stock comes back. A QRIS order follows the QRIS payment's own expiry.",
    },
  },
  pricesIncludePpn: {
    type: 'flag',
    default: false,
    viewers: true,
    label: { id: 'Harga sudah termasuk PPN', en: 'Prices include PPN' },
    help: {
      id: 'Aktif: harga barang sudah termasuk PPN. Mati: PPN ditambahkan ke subtotal.',
      en: 'On: PPN is taken out of the prices. Off: PPN is added on top of the subtotal.',
    },
  },
  ppnBase: {
    type: 'choice',
    options: {
      price: { id: 'Harga penuh', en: 'The full price' },
      '11/12': { id: '11/12 dari harga', en: '11/12 of the price' },
    },
    default: 'price',
    label: { id: 'Dasar pengenaan PPN', en: 'PPN base' },
    help: {
      id: 'Bagian harga yang dikenai PPN. Dengan 11/12, tarif 12% menjadi 11% dari harga.',
      en: 'The part of the price that PPN is charged on. With 11/12, a rate of 12% comes to 11% of the price.',
    },
  },
  shippingFee: {
    ...FEE,
    default: 0,
    viewers: true,
    label: { id: 'Ongkos kirim', en: 'Shipping fee' },
    help: {
      id: 'Ditambahkan sekali untuk tiap pesanan yang dikirim, di luar PPN.',
      en: 'Added once to each order that is shipped, outside PPN.',
    },
  },
  serviceFee: {
    ...FEE,
    default: 0,
    viewers: true,
    label: { id: 'Biaya layanan', en: 'Service fee' },
    help: {
      id: 'Ditambahkan sekali untuk tiap pesanan, juga yang diambil sendiri, di luar PPN.',
      en: 'Added once to each order, also to one that is picked up, outside PPN.',
    },
  },
  allowPickup: {
    type: 'flag',
    default: false,
    viewers: true,
    label: { id: 'Boleh ambil sendiri', en: 'Allow pickup' },
    help: {
      id: 'Pembeli boleh memilih mengambil sendiri pesanannya, tanpa ongkos kirim.',
      en: 'The buyer may choose to pick the order up, without the shipping fee.',
    },
  },
  recipient: {
    type: 'choice',
    options: {
      optional: { id: 'Tidak wajib', en: 'Optional' },
      contact: { id: 'Nama dan telepon', en: 'Name and phone' },
      address: { id: 'Nama, telepon, dan alamat', en: 'Name, phone and address' },
    },
    default: 'optional',
    viewers: true,
    label: { id: 'Data penerima', en: 'Recipient details' },
    help: {
      id: 'Data yang wajib diisi pembeli sebelum memesan. Untuk ambil sendiri cukup nama dan telepon.',
      en: 'What the buyer must fill in before ordering. For pickup, name and phone are enough.',
    },
  },
  maxUnpaidOrders: {
    ...LIMIT,
    unit: 'orders',
    default: 0,
    viewers: true,
    label: { id: 'Maksimal pesanan belum dibayar', en: 'Maximum unpaid orders' },
    help: {
      id: 'Berapa pesanan satu penonton yang boleh menunggu pembayaran sekaligus.',
      en: 'The most orders that one viewer may have awaiting payment at once.',
    },
  },
  uniqueTransferCode: {
    type: 'flag',
    default: false,
    label: { id: 'Kode unik transfer', en: 'Unique transfer code' },
    help: {
      id: 'Menambah Rp 1 sampai Rp 999 pada tiap tagihan transfer, berbeda-beda, supaya dari mutasi rekening kelihatan pesanan mana yang dibayar.',
      en: 'Adds 1 to 999 rupiah to each transfer that is due, different for each, so that your bank statement shows which order was paid.',
    },
  },
  paymentTerms: {
    type: 'text',
    form: 'lines',
    maxLength: 1_000,
    default: '',
    viewers: true,
    label: { id: 'Ketentuan pembayaran', en: 'Payment terms' },
    help: {
      id: 'Tampil ke pembeli di halaman pembayaran.',
      en: 'Shown to buyers on the payment page.',
    },
  },
} as const satisfies Record<string, Setting>;
