import { Icon } from '../shared/Icon.js';
import { LanguageButton, ThemeButton } from '../shared/Preferences.js';
import { profile, reputation } from './me.js';
import { say } from './messages.js';
import { openSheet } from './sheets.js';
import { live, shop } from './state.js';

export function Header() {
  // The poster shows the title large; a video leaves that to the header.
  const filmed = live.value?.videoUrl !== undefined;
  return (
    <header class="header">
      <div class="header-names">
        <p class={filmed ? 'header-shop' : 'header-title'}>{shop.value?.name ?? ' '}</p>
        <h1 class={filmed ? 'header-title' : 'visually-hidden'}>{live.value?.title ?? ' '}</h1>
      </div>
      <LanguageButton />
      <ThemeButton />
      <AccountButton />
    </header>
  );
}

function AccountButton() {
  const me = profile.value;
  if (me === null) {
    return (
      <button
        type="button"
        class="icon-button"
        aria-label={say('signIn')}
        onClick={() => openSheet({ kind: 'sign-in' })}
      >
        <Icon name="person" />
      </button>
    );
  }
  return (
    <button
      type="button"
      class="account-button"
      aria-label={say('accountOf', { name: me.name, reputation: reputation.value })}
      onClick={() => openSheet({ kind: 'account' })}
    >
      <Icon name="star" size={16} />
      <span class="numeric">{reputation}</span>
    </button>
  );
}
