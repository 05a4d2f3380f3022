import 'uplot/dist/uPlot.min.css';
import '../shared/theme.css';
import './styles/shell.css';
import './styles/forms.css';
import './styles/cockpit.css';
import './styles/panels.css';
import './styles/rows.css';
import './styles/pages.css';
import './styles/orders.css';
import './styles/settings.css';
import './styles/narrow.css';
import './styles/print.css';
import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import { Announcer } from '../shared/announce.js';
import { ticking } from '../shared/clock.js';
import { locale, setLocale } from '../shared/i18n.js';
import { startTheme } from '../shared/Preferences.js';
import { Toasts } from '../shared/toast.js';
import { shell } from './messages/shell.js';
import { followAddressBar } from './route.js';
import { Shell } from './shell/Shell.js';
import { OpenLink, SignIn } from './shell/SignIn.js';
import { openConnection } from './state/connection.js';
import { pending, undo } from './state/pending.js';
import { linkToOpen, takeTokenFromFragment, token } from './state/session.js';
import { wakeSoundOnFirstTouch } from './state/sound.js';
import { KeyHint, startKeyboard } from './ui/keyboard.js';

takeTokenFromFragment();
// A console link opened in a tab that already shows the console changes the fragment alone.
addEventListener('hashchange', takeTokenFromFragment);
followAddressBar();
startTheme();
setLocale(locale.value);
startKeyboard();
wakeSoundOnFirstTouch();

const page = document.getElementById('page');
if (page !== null) render(<App />, page);

function App() {
  const current = token.value;
  const link = linkToOpen.value;
  return (
    <>
      {link !== null ? (
        <OpenLink code={link} />
      ) : current === null ? (
        <SignIn />
      ) : (
        <Console token={current} />
      )}
      <div class="notices">
        <PendingList />
        <Toasts />
      </div>
      <Announcer />
    </>
  );
}

/** The console of one signed-in host, connected for as long as it is shown. */
function Console({ token: current }: { token: string }) {
  useEffect(() => openConnection(current), [current]);
  return <Shell />;
}

/** What is about to happen, with the seconds left to undo it. It is said once; the seconds are only shown. */
function PendingList() {
  return (
    <section class="pending" aria-label={shell('pendingRegion')}>
      {pending.value.map((one) => (
        <div key={one.key} class="pending-one" data-pending={one.key}>
          <p>
            <span role="alert" class="visually-hidden">
              {shell('undoIn', { what: one.what, seconds: 5 })}
            </span>
            <span aria-hidden="true">
              <Seconds what={one.what} dueAt={one.dueAt} />
            </span>
          </p>
          <button type="button" class="button button-primary" onClick={() => undo(one.key)}>
            {shell('undo')}
            <KeyHint letter="Z" />
          </button>
        </div>
      ))}
    </section>
  );
}

function Seconds({ what, dueAt }: { what: string; dueAt: number }) {
  const seconds = Math.max(0, Math.ceil((dueAt - ticking()) / 1_000));
  return <>{shell('undoIn', { what, seconds })}</>;
}
