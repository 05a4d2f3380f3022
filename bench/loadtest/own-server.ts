import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../main.js', import.meta.url));
const UP_WITHIN_MS = 30_000;
/** One that does not end by itself, for it stands still, is ended. */
const DOWN_WITHIN_MS = 30_000;

/** A server that runs for this load test alone. */
export interface OwnServer {
  url: string;
  secret: string;
  stop(): Promise<void>;
}

/**
 * Starts the built server on a free port with a private Redis in a folder that goes away with it.
 * @param holdSeconds how long its QRIS payments live
 */
export async function startOwnServer(holdSeconds: number): Promise<OwnServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'livehold-loadtest-'));
  const secret = randomBytes(32).toString('base64url');
  const { REDIS_URL: _, ...inherited } = process.env;
  const child = spawn(process.execPath, [MAIN], {
    env: {
      ...inherited,
      NODE_ENV: '',
      HOST: '127.0.0.1',
      PORT: '0',
      AUTH_SECRET: secret,
      DATA_DIR: dataDir,
      RATE_LIMIT: '0',
      LOG_LEVEL: 'info',
      LIVEHOLD_DEMO: 'false',
      PAYMENTS: 'sandbox',
      SANDBOX_QRIS_MINUTES: String(holdSeconds / 60),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  // Ctrl-C: the server ends its Redis and itself; what is left in the folder is of no use.
  process.on('exit', () => {
    child.kill('SIGTERM');
    rmSync(dataDir, { recursive: true, force: true });
  });
  const stop = async () => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), DOWN_WITHIN_MS);
    await gone;
    clearTimeout(timer);
    rmSync(dataDir, { recursive: true, force: true });
  };
  const port = await portOf(child.stdout, gone);
  if (port === undefined) {
    await stop();
    throw new Error('the server did not start; npm run serve shows why');
  }
  return { url: `http://127.0.0.1:${port}`, secret, stop };
}

/** The server says where it is in its log; whatever it says above `info` is shown. */
async function portOf(
  output: NodeJS.ReadableStream,
  gone: Promise<unknown>,
): Promise<number | undefined> {
  const lines = createInterface({ input: output });
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), UP_WITHIN_MS);
    lines.on('line', (line) => {
      const entry = parseLogLine(line);
      if (entry?.msg === 'livehold is up' && entry.port) {
        clearTimeout(timer);
        resolve(entry.port);
      } else if ((entry?.level ?? 0) > 30) console.error(line);
    });
    void gone.then(() => {
      clearTimeout(timer);
      resolve(undefined);
    });
  });
}

function parseLogLine(line: string): { msg?: string; port?: number; level?: number } | undefined {
  try {
    return JSON.parse(line) as { msg?: string; port?: number; level?: number };
  } catch {
    return undefined;
  }
}
