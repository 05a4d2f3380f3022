import type { Locale } from '../shared/i18n.js';

/** Which live is shown, and how: `/overlay/:shopId/:liveId?theme=light&lang=en&qr=0`. */
const [, , shop = '', live = ''] = location.pathname.split('/').map(decodeURIComponent);
const query = new URLSearchParams(location.search);

export const shopId = shop;
export const liveId = live;

const THEMES = ['dark', 'light', 'clear'] as const;
type Theme = (typeof THEMES)[number];

/** `clear` has no card behind the words. */
export const theme: Theme = THEMES.find((name) => name === query.get('theme')) ?? 'dark';
export const language: Locale = query.get('lang') === 'en' ? 'en' : 'id';
export const showsQr = query.get('qr') !== '0';

/** Where viewers book. */
export const liveAddress = `${location.origin}/live/${encodeURIComponent(shop)}/${encodeURIComponent(live)}`;
