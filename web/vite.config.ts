import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { preact } from '@preact/preset-vite';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** One page for each kind of reader, so that a viewer's phone never loads the console. */
const pages = readdirSync(here('.'))
  .filter((name) => name.endsWith('.html'))
  .map((name) => here(`./${name}`));

const STYLESHEET = /\s*<link rel="stylesheet"[^>]*>/g;

/** A page with styles of its own in it is painted before the rest of them are here: those are asked for below what it shows. */
const paintsAtOnce: Plugin = {
  name: 'paints-at-once',
  transformIndexHtml: {
    order: 'post',
    handler(html) {
      const links = html.includes('<style') ? (html.match(STYLESHEET) ?? []) : [];
      if (links.length === 0) return html;
      return html.replace(STYLESHEET, '').replace('</body>', `${links.join('')}\n  </body>`);
    },
  },
};

/** The connection's scripts are on their way while the rows are drawn, and not before what draws them. */
const asksForSocket: Plugin = {
  name: 'asks-for-socket',
  transformIndexHtml: {
    order: 'post',
    handler(_, { bundle = {}, path }) {
      if (!path.endsWith('live.html')) return [];
      return Object.keys(bundle)
        .filter((name) => /^assets\/(connect|socket)-.*\.js$/.test(name))
        .map((name) => ({
          tag: 'link',
          attrs: {
            rel: 'modulepreload',
            href: `/${name}`,
            crossorigin: true,
            fetchpriority: 'low',
          },
          injectTo: 'body',
        }));
    },
  },
};

/** Socket.IO's third transport: the server does not speak it, and nobody asks for it. */
const withoutWebTransport: Plugin = {
  name: 'without-web-transport',
  load: (id) =>
    /engine\.io-client.*transports\/webtransport\.js$/.test(id) ? 'export class WT {}' : undefined,
};

/** What every visitor loads is compressed once, as well as it can be; the server sends it to whoever takes it. */
const compressed: Plugin = {
  name: 'compressed',
  writeBundle({ dir = '' }, bundle) {
    for (const name of Object.keys(bundle).filter((file) => /^assets\/.*\.(js|css)$/.test(file))) {
      writeFileSync(join(dir, `${name}.br`), brotliCompressSync(readFileSync(join(dir, name))));
    }
  },
};

export default defineConfig({
  root: here('.'),
  base: '/',
  plugins: [preact(), withoutWebTransport, paintsAtOnce, asksForSocket, compressed],
  build: {
    outDir: here('../dist/web'),
    emptyOutDir: true,
    assetsDir: 'assets',
    // Android phones that get no new Chrome any more.
    target: 'chrome90',
    // The server's policy allows no inline script, no inline style and no data: in either.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rollupOptions: {
      input: pages,
      // Few requests: on a slow network each costs more than what it might spare another page.
      output: {
        codeSplitting: {
          groups: [
            {
              name: 'base',
              test: /node_modules.*preact|web\/src\/shared\/|src\/client\/(api|clock|command|errors|token)/,
            },
            { name: 'live', test: /web\/src\/live\//, tags: ['$initial'] },
            { name: 'socket', test: /node_modules.*(socket|engine)\.io|src\/client\/(?!host)/ },
          ],
        },
      },
    },
  },
});
