import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The secret of local mode: made once and kept in the data folder, readable by its owner alone. Created exclusively, so two
 * processes that start at once agree on one.
 */
export function keepAuthSecret(dataDir: string): string {
  const file = join(dataDir, 'auth-secret');
  try {
    writeFileSync(file, randomBytes(48).toString('base64url'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const secret = readFileSync(file, 'utf8').trim();
  // A full disk has cut it short.
  if (secret.length < 32) throw new Error(`${file} holds no whole secret: delete it`);
  return secret;
}
