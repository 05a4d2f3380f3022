import { render } from 'preact';
import '../shared/theme.css';
import './docs.css';
import { startTheme } from '../shared/theme.js';
import { DocsPage } from './DocsPage.js';

startTheme();

const root = document.getElementById('page');
if (root !== null) render(<DocsPage />, root);
