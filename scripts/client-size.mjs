import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const entry = fileURLToPath(new URL('../src/client/index.ts', import.meta.url));

/**
 * How many bytes of `livehold/client` a page loads, minified and gzipped, without socket.io-client.
 * @param {string[]} [names] what the page imports; everything if left out
 */
export async function clientSize(names) {
  const imported = names === undefined ? '*' : `{ ${names.join(', ')} }`;
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    plugins: [page(`export ${imported} from ${JSON.stringify(entry)};`)],
    build: {
      write: false,
      target: 'chrome90',
      modulePreload: false,
      rollupOptions: {
        input: 'virtual:page',
        preserveEntrySignatures: 'strict',
        external: ['socket.io-client'],
      },
    },
  });
  const { output } = /** @type {{ output: { code?: string }[] }} */ (result);
  return gzipSync(output.map(({ code = '' }) => code).join('')).length;
}

/**
 * A page that is this code alone.
 * @param {string} code
 * @returns {import('vite').Plugin}
 */
function page(code) {
  return {
    name: 'page',
    resolveId: (id) => (id === 'virtual:page' ? '\0page' : undefined),
    load: (id) => (id === '\0page' ? code : undefined),
  };
}
