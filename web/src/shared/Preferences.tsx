import { effect, signal } from '@preact/signals';
import { Icon } from './Icon.js';
import { locale, setLocale } from './i18n.js';
import { common } from './messages.js';

type Theme = 'light' | 'dark';

const STORAGE_KEY = 'livehold.theme';
const prefersDark = window.matchMedia('(prefers-color-scheme: dark)');

/** What was chosen on this device; null follows the system. */
const chosen = signal<Theme | null>(storedTheme());
const system = signal<Theme>(prefersDark.matches ? 'dark' : 'light');

export function currentTheme(): Theme {
  return chosen.value ?? system.value;
}

function toggleTheme(): void {
  const next = currentTheme() === 'dark' ? 'light' : 'dark';
  chosen.value = next;
  try {
    localStorage.setItem(STORAGE_KEY, next);
  } catch {
    // Storage refused: the choice lasts for this visit.
  }
}

/** Puts the theme on the document, and keeps it there. Call once, before the first render. */
export function startTheme(): void {
  prefersDark.addEventListener('change', (event) => {
    system.value = event.matches ? 'dark' : 'light';
  });
  effect(() => {
    document.documentElement.dataset.theme = currentTheme();
  });
}

function storedTheme(): Theme | null {
  try {
    const stored = localStorage.getItem(STORAGE_KEY);
    return stored === 'light' || stored === 'dark' ? stored : null;
  } catch {
    return null;
  }
}

/** Switches between Indonesian and English; says the language that it switches to, in that language. */
export function LanguageButton() {
  const next = locale.value === 'id' ? 'en' : 'id';
  return (
    <button
      type="button"
      class="icon-button language-button"
      lang={next}
      aria-label={`${next.toUpperCase()}: ${common('switchLanguage')}`}
      onClick={() => setLocale(next)}
    >
      {next.toUpperCase()}
    </button>
  );
}

export function ThemeButton() {
  const dark = currentTheme() === 'dark';
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={common(dark ? 'themeLight' : 'themeDark')}
      onClick={toggleTheme}
    >
      <Icon name={dark ? 'sun' : 'moon'} />
    </button>
  );
}
