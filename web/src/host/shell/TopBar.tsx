import { ConnectionDot } from '../../shared/ConnectionDot.js';
import { common } from '../../shared/messages.js';
import { LanguageButton, ThemeButton } from '../../shared/Preferences.js';
import { shell } from '../messages/shell.js';
import { teamWords } from '../messages/team.js';
import { connection } from '../state/connection.js';
import { soundOn } from '../state/prefs.js';
import { isOwner, signOut } from '../state/session.js';
import { shopName } from '../state/shop.js';
import { Icon } from '../ui/Icon.js';
import { helpOpen } from '../ui/keyboard.js';
import { HealthBadge } from './HealthBadge.js';

/** Always in sight: whose shop, whether the numbers are live and agree, and the switches of this browser. */
export function TopBar() {
  return (
    <div class="top-bar">
      <p class="brand">
        <span class="brand-mark" aria-hidden="true" />
        <span class="brand-name">{common('brand')}</span>
        <span class="brand-shop">{shopName.value}</span>
        {!isOwner.value && <span class="badge">{teamWords('helperBadge')}</span>}
      </p>
      <div class="top-state">
        <ConnectionDot status={connection.value} />
        <HealthBadge />
      </div>
      <div class="top-tools">
        <button
          type="button"
          class="icon-button"
          aria-label={shell(soundOn.value ? 'soundOn' : 'soundOff')}
          aria-pressed={soundOn.value}
          onClick={() => {
            soundOn.value = !soundOn.value;
          }}
        >
          <Icon name={soundOn.value ? 'sound' : 'muted'} />
        </button>
        <button
          type="button"
          class="icon-button tool-keys"
          aria-label={shell('shortcuts')}
          aria-keyshortcuts="?"
          onClick={() => {
            helpOpen.value = true;
          }}
        >
          <Icon name="keyboard" />
        </button>
        <LanguageButton />
        <ThemeButton />
        <button
          type="button"
          class="icon-button"
          aria-label={shell('signOut')}
          onClick={() => signOut()}
        >
          <Icon name="out" />
        </button>
      </div>
    </div>
  );
}
