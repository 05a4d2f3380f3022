import './styles/purchase.css';
import { AccountSheet } from './account/AccountSheet.js';
import { CartSheet } from './cart/CartSheet.js';
import { CheckoutSheet } from './cart/CheckoutSheet.js';
import { InvoiceSheet } from './orders/InvoiceSheet.js';
import { OrderSheet } from './orders/OrderSheet.js';
import { OrdersSheet } from './orders/OrdersSheet.js';
import type { Sheet } from './sheets.js';

/** What only somebody who is signed in comes to see. */
export function BuyerSheets({
  open,
}: {
  open: Exclude<Sheet, { kind: 'sign-in' | 'item' | 'share' }>;
}) {
  switch (open.kind) {
    case 'cart':
      return <CartSheet />;
    case 'checkout':
      return <CheckoutSheet />;
    case 'orders':
      return <OrdersSheet />;
    case 'order':
      return <OrderSheet orderId={open.orderId} />;
    case 'invoice':
      return <InvoiceSheet orderId={open.orderId} />;
    case 'account':
      return <AccountSheet />;
  }
}
