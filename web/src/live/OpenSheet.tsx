import { AccountSheet } from './account/AccountSheet.js';
import { SignInSheet } from './account/SignInSheet.js';
import { CartSheet } from './cart/CartSheet.js';
import { CheckoutSheet } from './cart/CheckoutSheet.js';
import { OrderSheet } from './orders/OrderSheet.js';
import { OrdersSheet } from './orders/OrdersSheet.js';
import { sheet } from './sheets.js';

/** The one sheet that is open, if any. */
export function OpenSheet() {
  const open = sheet.value;
  switch (open?.kind) {
    case undefined:
      return null;
    case 'cart':
      return <CartSheet />;
    case 'checkout':
      return <CheckoutSheet />;
    case 'orders':
      return <OrdersSheet />;
    case 'order':
      return <OrderSheet orderId={open.orderId} />;
    case 'account':
      return <AccountSheet />;
    case 'sign-in':
      return <SignInSheet after={open.after} />;
  }
}
