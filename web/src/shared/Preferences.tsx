import { Icon } from './Icon.js';
import { locale, setLocale } from './i18n.js';
import { common } from './messages.js';
import { currentTheme, toggleTheme } from './theme.js';

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
