import { render } from 'preact';
import './overlay.css';
import { locale } from '../shared/i18n.js';
import { startOverlay } from './connect.js';
import { OverlayPage } from './OverlayPage.js';
import { language, theme } from './place.js';

locale.value = language;
document.documentElement.lang = language;
document.documentElement.dataset.theme = theme;
startOverlay();

const root = document.getElementById('page');
if (root !== null) render(<OverlayPage />, root);
