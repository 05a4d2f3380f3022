import { computed, signal } from '@preact/signals';

/** Pages live in the fragment (`#/orders?status=paid`), so that every one can be bookmarked and tested. */
export const PAGES = ['cockpit', 'items', 'lives', 'orders', 'viewers', 'settings'] as const;
/** Not among the pages that one goes to: it is opened for some orders. */
const PRINT = 'print';
export type NavPage = (typeof PAGES)[number];
export type Page = NavPage | typeof PRINT;

export interface Route {
  page: Page;
  /** What follows the page: the live of the cockpit, the tab of the settings, the part of the orders. */
  part: string | null;
  query: URLSearchParams;
}

const fragment = signal(location.hash);

function parse(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?');
  const [name = '', part] = path.split('/');
  const page = [...PAGES, PRINT as Page].find((known) => known === name) ?? 'cockpit';
  return { page, part: part ? decodeURIComponent(part) : null, query: new URLSearchParams(search) };
}

export const route = computed(() => parse(fragment.value));

export function href(page: Page, part?: string, query: Record<string, string> = {}): string {
  const search = new URLSearchParams(query).toString();
  return `#/${page}${part ? `/${encodeURIComponent(part)}` : ''}${search ? `?${search}` : ''}`;
}

export function go(page: Page, part?: string, query?: Record<string, string>): void {
  location.hash = href(page, part, query);
}

/**
 * For what should not become a step of the Back button: filters, tabs, the live picked by default. Not done when the
 * person has just gone elsewhere: the address bar changes a moment before `hashchange` fires.
 */
export function replaceRoute(page: Page, part?: string, query?: Record<string, string>): void {
  if (location.hash !== fragment.value) return;
  history.replaceState(null, '', href(page, part, query));
  fragment.value = location.hash;
}

export function followAddressBar(): void {
  fragment.value = location.hash;
  addEventListener('hashchange', () => {
    fragment.value = location.hash;
  });
}
