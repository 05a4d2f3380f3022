import { defineMessages } from '../../shared/i18n.js';

/** The words of the bar under the thumb: it is there before the sheets are loaded. */
export const bar = defineMessages({
  id: {
    cart: 'Keranjang',
    cartSummary: '{count} barang',
    cartEmpty: 'Keranjang masih kosong',
    resumeCheckout: 'Lanjutkan checkout',
    pay: 'Bayar {order}',
    orders: 'Pesanan',
    openOrders: 'Pesanan: {count} menunggu pembayaran',
  },
  en: {
    cart: 'Cart',
    cartSummary: '{count} {count|item|items}',
    cartEmpty: 'Your cart is empty',
    resumeCheckout: 'Back to checkout',
    pay: 'Pay for {order}',
    orders: 'Orders',
    openOrders: 'Orders: {count} awaiting payment',
  },
});
