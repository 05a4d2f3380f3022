import { LanguageButton, ThemeButton } from '../shared/Preferences.js';
import { say } from './messages.js';

/** In the sheet of the account, and in that of signing in for who has none. */
export function Preferences() {
  return (
    <section class="account-part">
      <h3>{say('preferences')}</h3>
      <p class="preferences">
        <LanguageButton />
        <ThemeButton />
      </p>
    </section>
  );
}
