import type { Order } from '../../../../src/protocol/order.js';
import { rupiah, wib } from '../../shared/format.js';
import { transfersWords as words } from '../messages/transfers.js';
import { nameOf } from '../state/people.js';
import { shopName } from '../state/shop.js';
import { amountDue } from '../state/waiting.js';

/**
 * Links that open WhatsApp with a text to a buyer; the seller sends it, nothing is sent by us. Without a phone WhatsApp asks
 * whom it is for.
 */
function chatUrl(order: Order, text: string): string {
  const phone = order.recipient?.phone.replace('+', '') ?? '';
  return `https://wa.me/${phone}?text=${encodeURIComponent(text)}`;
}

/** To who has not paid: how much, until when, where to, and the code that names the order. */
export function reminderUrl(order: Order): string {
  const { code, payment } = order;
  const amount = rupiah(amountDue(order));
  const first = words('remindText', {
    name: buyerName(order),
    code,
    shop: shopName.value,
    amount,
    time: wib(order.expiresAt),
  });
  return chatUrl(order, `${first} ${howToPay(order, payment?.accounts ?? [], amount)}`.trim());
}

function howToPay(
  { code, payment }: Order,
  accounts: readonly { bank: string; number: string; holder: string }[],
  amount: string,
): string {
  if (payment?.method === 'qris') return words('remindQris');
  if (accounts.length === 0) return '';
  const listed = accounts.map(({ bank, number, holder }) => `${bank} ${number} (${holder})`);
  return words('remindTo', { amount, accounts: listed.join(' / '), code });
}

/** To whom a parcel is on its way; undefined while there is no tracking number. */
export function sentUrl(order: Order): string | undefined {
  const { code, tracking } = order;
  if (tracking === undefined) return undefined;
  const text = { name: buyerName(order), code, shop: shopName.value, tracking };
  return chatUrl(order, words('sentText', text));
}

function buyerName(order: Order): string {
  return order.recipient?.name ?? nameOf(order.viewerId);
}
