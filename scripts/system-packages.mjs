import { outputOf, runQuietly } from './programs.mjs';

/**
 * Installs one package with dpkg's services held back: Debian starts a server as soon as it is
 * unpacked, and one that nobody asked for would go on listening after we are done. A policy that is
 * there already is the machine's own and stays.
 */
const INSTALL_WITHOUT_STARTING = `
set -eu
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 1' HUP INT TERM
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
fi
apt-get install --yes --no-install-recommends "$1"
if [ -d /run/systemd/system ]; then systemctl disable "$1" > /dev/null 2>&1 || true; fi
`;

/**
 * Installs the first of the packages that the system offers in a new enough version.
 * @param {{ apt: string[], brew: string[], oldestMajor?: number }} wanted
 * @returns {boolean} false when this machine has no package manager that we may use, or no such package
 */
export function installSystemPackage({ apt, brew, oldestMajor = 0 }) {
  if (outputOf('apt-get', ['--version']) !== undefined) return installWithApt(apt, oldestMajor);
  if (outputOf('brew', ['--version']) !== undefined) {
    runQuietly(`Installing ${brew.at(-1)}`, 'brew', ['install', ...brew]);
    return true;
  }
  return false;
}

/**
 * @param {string[]} names
 * @param {number} oldestMajor
 */
function installWithApt(names, oldestMajor) {
  const asRoot = rootPrefix();
  if (!asRoot) return false;
  const [program = '', ...prefix] = asRoot;
  // A list that was never fetched has no candidates, and an old one names files that are gone.
  runQuietly('Updating the list of system packages', program, [...prefix, 'apt-get', 'update']);
  const name = names.find((candidate) => candidateMajor(candidate) >= oldestMajor);
  if (!name) return false;
  const script = ['sh', '-c', INSTALL_WITHOUT_STARTING, 'install', name];
  runQuietly(`Installing ${name}`, program, [...prefix, ...script]);
  return true;
}

/** How to run a command as root here without anybody typing a password; `undefined` if we cannot. */
function rootPrefix() {
  if (process.getuid?.() === 0) return ['env'];
  return outputOf('sudo', ['-n', 'true']) === undefined ? undefined : ['sudo', '-n'];
}

/**
 * The major version that apt would install (`5:7.0.15-1` is 7), or -1 when it knows no such package.
 * @param {string} name
 */
function candidateMajor(name) {
  const policy = outputOf('apt-cache', ['policy', name]) ?? '';
  return Number(/Candidate: (?:\d+:)?(\d+)/.exec(policy)?.[1] ?? -1);
}
