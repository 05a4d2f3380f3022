import { Icon } from '../shared/Icon.js';
import { say } from './messages.js';
import { shop } from './state.js';

/** Brand names, as they write themselves: the same in every language. */
const NAMES: Record<string, string> = {
  facebook: 'Facebook',
  instagram: 'Instagram',
  tiktok: 'TikTok',
  twitter: 'Twitter',
  telegram: 'Telegram',
  tokopedia: 'Tokopedia',
  shopee: 'Shopee',
  blibli: 'Blibli',
  lazada: 'Lazada',
  bukalapak: 'Bukalapak',
};

export function ShopLinks() {
  const view = shop.value;
  if (view === null) return null;
  // The server takes only https addresses; a link that runs script must not appear even if it did.
  const links = Object.entries({ ...view.socialMedia, ...view.marketplace }).flatMap(
    ([place, url]) => (url?.startsWith('https://') === true ? [{ place, url }] : []),
  );
  if (links.length === 0) return null;
  return (
    <section class="shop-links" aria-labelledby="shop-links">
      <h2 id="shop-links">{say('links', { shop: view.name })}</h2>
      <ul>
        {links.map(({ place, url }) => (
          <li key={place}>
            <a class="button" href={url} target="_blank" rel="noopener noreferrer">
              {NAMES[place] ?? place}
              <Icon name="link" size={16} />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
