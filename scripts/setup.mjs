/**
 * Puts in place what the other commands need: the packages, the build, a Redis, a Chromium.
 *
 * Runs before anything is installed, so it uses what Node has built in and nothing else. A step is
 * silent when there is nothing to do; otherwise it says on stderr in one line what it does.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { outputOf, runQuietly } from './programs.mjs';
import { SetupError } from './setup-error.mjs';
import { installSystemPackage } from './system-packages.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The same as src/store/local-redis/binary.ts looks for, which is not built yet when this runs. */
const REDIS_PROGRAMS = ['redis-server', 'valkey-server'];
const OLDEST_REDIS_MAJOR = 7;

const CHROMIUM_PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const CHROMIUM_APPLICATIONS = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** What the build is made from, besides the packages. */
const SOURCES = [
  'src',
  'web',
  'scripts/build.mjs',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
];

/** Installs the packages when there are none, or when the lock file has changed since. */
export function ensurePackages() {
  const lock = lastChange('package-lock.json');
  if (lastChange('node_modules/.package-lock.json') >= Math.max(lock, 1)) return;
  // Also with NODE_ENV=production: the build needs what only development needs.
  const args = [lock ? 'ci' : 'install', '--include=dev', '--no-audit', '--no-fund'];
  runQuietly('Installing packages', 'npm', args, { cwd: root });
}

/** Builds when there is no build, or when a source is newer. */
export function ensureBuild() {
  const built = lastChange('dist/build-finished');
  if (built > Math.max(...SOURCES.map(lastChange))) return;
  runQuietly('Building', process.execPath, ['scripts/build.mjs'], { cwd: root });
}

/** Finds or installs a Redis for the private instance of local mode. Starts nothing. */
export function ensureRedis() {
  if (hasRedis()) return;
  const apt = ['redis-server', 'valkey-server'];
  installSystemPackage({ apt, brew: ['redis'], oldestMajor: OLDEST_REDIS_MAJOR });
  if (hasRedis()) return;
  throw new SetupError(
    'Livehold needs Redis 7.0 or newer: install redis-server or valkey-server, or set REDIS_URL to one that runs.',
  );
}

function hasRedis() {
  return REDIS_PROGRAMS.some((program) => {
    const version = /\bv=(\d+)\./.exec(outputOf(program, ['--version']) ?? '');
    return Number(version?.[1] ?? 0) >= OLDEST_REDIS_MAJOR;
  });
}

/**
 * Finds or installs a Chromium for the tests in a browser, and tells them by CHROMIUM_PATH.
 * @returns {string} its path
 */
export function ensureChromium() {
  let path = process.env.CHROMIUM_PATH ?? findChromium();
  if (!path) {
    installSystemPackage({ apt: ['chromium'], brew: ['--cask', 'chromium'] });
    path = findChromium();
  }
  if (!path || !existsSync(path)) {
    throw new SetupError(
      path
        ? `CHROMIUM_PATH names no file: ${path}`
        : 'The tests need a Chromium: install chromium, or set CHROMIUM_PATH to a Chromium or Chrome.',
    );
  }
  process.env.CHROMIUM_PATH = path;
  return path;
}

function findChromium() {
  const onPath = CHROMIUM_PROGRAMS.map((program) => outputOf('which', [program])?.trim());
  return [...onPath, ...CHROMIUM_APPLICATIONS].find((path) => path && existsSync(path));
}

/**
 * When something below a path last changed, a folder counting too (a file was added or removed);
 * 0 when there is no such path.
 * @param {string} path relative to the project
 * @returns {number}
 */
function lastChange(path) {
  const stats = statSync(join(root, path), { throwIfNoEntry: false });
  if (!stats) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  const inside = readdirSync(join(root, path)).map((name) => lastChange(join(path, name)));
  return Math.max(stats.mtimeMs, ...inside);
}
