/** `npm run build`: the server, its Redis scripts, the client, the pages and the API documents, into dist/. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

rmSync(join(root, 'dist'), { recursive: true, force: true });
run('tsc', '-p', 'tsconfig.build.json');
cpSync(join(root, 'src/store/scripts'), join(root, 'dist/store/scripts'), {
  recursive: true,
  filter: (path) => !path.endsWith('.ts'),
});
if (existsSync(join(root, 'web/vite.config.ts'))) {
  run('vite', 'build', 'web', '--logLevel', 'warn');
}
// For the page that shows them, and for tools.
cpSync(join(root, 'docs/api'), join(root, 'dist/web/docs'), { recursive: true });
const { clientSize } = await import('./client-size.mjs');
const kilobytes = ((await clientSize()) / 1_000).toFixed(1);
console.log(`livehold/client: ${kilobytes} kB gzipped, without socket.io-client`);
// Last of all: a build that was cut short has no such file and is made again.
writeFileSync(join(root, 'dist/build-finished'), '');

/**
 * @param {string} tool
 * @param {string[]} args
 */
function run(tool, ...args) {
  const { status, error } = spawnSync(join(root, 'node_modules/.bin', tool), args, {
    cwd: root,
    stdio: 'inherit',
  });
  if (error) console.error(`The build needs ${tool}: run npm ci first.`);
  if (status !== 0) process.exit(status ?? 1);
}
