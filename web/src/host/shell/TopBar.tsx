import { ConnectionDot } from '../../shared/ConnectionDot.js';
import { common } from '../../shared/messages.js';
import { LanguageButton, ThemeButton } from '../../shared/Preferences.js';
import { connection } from '../connection.js';
import { shell } from '../messages/shell.js';
import { teamWords } from '../messages/team.js';
import { soundOn } from '../prefs.js';
import { isOwner, signOut } from '../session.js';
import { shopName } from '../shop.js';
import { Glyph } from '../ui/Glyph.js';
import { HealthBadge } from './HealthBadge.js';
import { helpOpen } from './keyboard.js';

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
          <Glyph name={soundOn.value ? 'sound' : 'muted'} />
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
          <Glyph name="keyboard" />
        </button>
        <LanguageButton />
        <ThemeButton />
        <button
          type="button"
          class="icon-button"
          aria-label={shell('signOut')}
          onClick={() => signOut()}
        >
          <Glyph name="out" />
        </button>
      </div>
    </div>
  );
}
