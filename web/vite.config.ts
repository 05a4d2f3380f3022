import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { preact } from '@preact/preset-vite';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** One page for each kind of reader, so that a viewer's phone never loads the console. */
const pages = ['index', 'live', 'host', 'docs', 'overlay']
  .map((page) => here(`./${page}.html`))
  .filter((page) => existsSync(page));

export default defineConfig({
  root: here('.'),
  base: '/',
  plugins: [preact()],
  build: {
    outDir: here('../dist/web'),
    emptyOutDir: true,
    assetsDir: 'assets',
    // Android phones that get no new Chrome any more.
    target: 'chrome90',
    // The server's policy allows no inline script, no inline style and no data: in either.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rollupOptions: { input: pages },
  },
});
