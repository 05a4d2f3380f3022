import 'uplot/dist/uPlot.min.css';
import '../shared/theme.css';
import './styles/shell.css';
import './styles/buckets.css';
import './styles/forms.css';
import './styles/cockpit.css';
import './styles/on-show.css';
import './styles/panels.css';
import './styles/rows.css';
import './styles/report.css';
import './styles/pages.css';
import './styles/trade.css';
import './styles/orders.css';
import './styles/settings.css';
import './styles/shell-narrow.css';
import './styles/cockpit-narrow.css';
import './styles/print.css';
import { render } from 'preact';
import { locale, setLocale } from '../shared/i18n.js';
import { startTheme } from '../shared/theme.js';
import { App } from './App.js';
import { followAddressBar } from './route.js';
import { takeTokenFromFragment } from './state/session.js';
import { wakeSoundOnFirstTouch } from './state/sound.js';
import { startKeyboard } from './ui/keyboard.js';

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
