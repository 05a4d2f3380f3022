/** `npm run token -- --role host --sub H --shop S`: prints a token for trying things out. */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { signToken } from './local-token.mjs';
import { ensureBuild, ensurePackages } from './setup.mjs';
import { runCommand, SetupError } from './setup-error.mjs';

const USAGE = 'npm run token -- --role host|viewer --sub ID --shop SHOP [--name NAME] [--ttl 12h]';

await runCommand(async () => {
  const { role, sub, shop, name, ttl } = readArguments();
  // Only when there is none: beside a running server nothing is to be installed or built anew.
  if (!existsSync(new URL('../dist/build-finished', import.meta.url))) {
    ensurePackages();
    ensureBuild();
  }
  console.log(await signToken({ role, sub, shop, name, ttl }));
});

function readArguments() {
  const { role, sub, shop, name, ttl } = parse();
  if (role !== 'host' && role !== 'viewer') {
    throw new SetupError(`--role must be host or viewer. Usage: ${USAGE}`);
  }
  if (!sub || !shop) throw new SetupError(`--sub and --shop are needed. Usage: ${USAGE}`);
  if (!/^[\w-]{1,64}$/.test(shop) || !/^[\w.:@+|-]{1,128}$/.test(sub)) {
    throw new SetupError(
      `--shop takes letters, digits, _ and -; --sub also . : @ + |. Usage: ${USAGE}`,
    );
  }
  if (!/^[1-9]\d*[smhd]$/.test(ttl)) {
    throw new SetupError(`--ttl must be a time such as 30m, 12h or 7d. Usage: ${USAGE}`);
  }
  return { role, sub, shop, name, ttl };
}

function parse() {
  try {
    const { values } = parseArgs({
      options: {
        role: { type: 'string' },
        sub: { type: 'string' },
        shop: { type: 'string' },
        name: { type: 'string' },
        ttl: { type: 'string', default: '12h' },
      },
    });
    return values;
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split('. ');
    throw new SetupError(`${reason}. Usage: ${USAGE}`);
  }
}
