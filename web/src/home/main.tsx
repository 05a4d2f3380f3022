import { render } from 'preact';
import '../shared/theme.css';
import './home.css';
import { locale, setLocale } from '../shared/i18n.js';
import { keepOfflinePage } from '../shared/offline.js';
import { startTheme } from '../shared/theme.js';
import { HomePage, startLives } from './HomePage.js';

startTheme();
setLocale(locale.peek());
startLives();
keepOfflinePage();

const root = document.getElementById('page');
if (root !== null) render(<HomePage />, root);
