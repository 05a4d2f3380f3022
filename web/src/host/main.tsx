import 'uplot/dist/uPlot.min.css';
import '../shared/theme.css';
import './styles/shell.css';
import './styles/cockpit.css';
import './styles/panels.css';
import './styles/pages.css';
import './styles/forms.css';
import { render } from 'preact';
import { locale, setLocale } from '../shared/i18n.js';
import { startTheme } from '../shared/theme.js';
import { App } from './App.js';
import { followAddressBar } from './route.js';
import { takeTokenFromFragment } from './session.js';
import { startKeyboard } from './shell/keyboard.js';
import { wakeSoundOnFirstTouch } from './sound.js';

takeTokenFromFragment();
followAddressBar();
startTheme();
setLocale(locale.value);
startKeyboard();
wakeSoundOnFirstTouch();

const page = document.getElementById('page');
if (page !== null) render(<App />, page);
