import { number } from '../../shared/format.js';
import { Icon } from '../../shared/Icon.js';
import { shell } from '../messages/shell.js';
import { refunds, transfers } from '../orders/waiting.js';
import { href, type NavPage, PAGES, route } from '../route.js';
import { draft } from '../settings/draft.js';
import { Glyph, type GlyphName } from '../ui/Glyph.js';

const GLYPHS: Record<Exclude<NavPage, 'orders'>, GlyphName> = {
  cockpit: 'cockpit',
  items: 'tag',
  lives: 'live',
  viewers: 'people',
  settings: 'gear',
};

export function Navigation() {
  const waiting = refunds.value.length + transfers.value.length;
  return (
    <nav class="nav" aria-label={shell('nav')}>
      <ul>
        {PAGES.map((page) => (
          <li key={page}>
            <a
              class="nav-link"
              href={href(page)}
              aria-current={route.value.page === page ? 'page' : undefined}
            >
              {page === 'orders' ? <Icon name="receipt" /> : <Glyph name={GLYPHS[page]} />}
              <span class="nav-word">{shell(page)}</span>
              {page === 'settings' && Object.keys(draft.value).length > 0 && (
                <span class="nav-count">
                  <span aria-hidden="true">•</span>
                  <span class="visually-hidden">{shell('notSaved')}</span>
                </span>
              )}
              {page === 'orders' && waiting > 0 && (
                <span class={`nav-count numeric${refunds.value.length > 0 ? ' nav-alarm' : ''}`}>
                  {number(waiting)}
                </span>
              )}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
