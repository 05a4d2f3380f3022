import { Cockpit } from '../cockpit/Cockpit.js';
import { ItemsPage } from '../items/ItemsPage.js';
import { LivesPage } from '../lives/LivesPage.js';
import { OrdersPage } from '../orders/OrdersPage.js';
import { PrintPage } from '../print/PrintPage.js';
import type { Page } from '../route.js';
import { SettingsPage } from '../settings/SettingsPage.js';
import { ViewersPage } from '../viewers/ViewersPage.js';

const PAGE_COMPONENTS = {
  cockpit: Cockpit,
  items: ItemsPage,
  lives: LivesPage,
  orders: OrdersPage,
  viewers: ViewersPage,
  settings: SettingsPage,
  print: PrintPage,
} as const satisfies Record<Page, () => unknown>;

export function PageContent({ page }: { page: Page }) {
  const Content = PAGE_COMPONENTS[page];
  return <Content />;
}
