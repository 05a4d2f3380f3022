/** `npm run token -- --role host --sub H --shop S`: prints a token for trying things out. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensurePackages } from './setup.mjs';
import { runCommand, SetupError } from './setup-error.mjs';

const USAGE = 'npm run token -- --role host|viewer --sub ID --shop SHOP [--name NAME] [--ttl 12h]';

await runCommand(async () => {
  const { role, sub, shop, name, ttl } = readArguments();
  ensurePackages();
  const { SignJWT } = await import('jose');
  const token = await new SignJWT({ shop, role, ...(name === undefined ? {} : { name }) })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(sub)
    .setIssuedAt()
    .setExpirationTime(ttl)
    .sign(new TextEncoder().encode(authSecret()));
  console.log(token);
});

function readArguments() {
  const { role, sub, shop, name, ttl } = parse();
  if (role !== 'host' && role !== 'viewer') {
    throw new SetupError(`--role must be host or viewer. Usage: ${USAGE}`);
  }
  if (!sub || !shop) throw new SetupError(`--sub and --shop are needed. Usage: ${USAGE}`);
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

/** AUTH_SECRET, else the one that local mode keeps with its data, made here if it is not there yet. */
function authSecret() {
  if (process.env.AUTH_SECRET) return process.env.AUTH_SECRET;
  const path = join(process.env.DATA_DIR || 'data', 'auth-secret');
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(path, randomBytes(48).toString('base64url'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return readFileSync(path, 'utf8').trim();
}
