import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { startRedis } from './support/redis-server.js';
import { startServer } from './support/server.js';

const blocks = readFileSync('README.md', 'utf8').match(/(?<=```js\n)[\s\S]+?(?=```)/g);
const [example = '', payment = ''] = blocks ?? [];

/** What a program prints. */
async function printed(code: string): Promise<string> {
  const run = promisify(execFile);
  return (await run(process.execPath, ['--input-type=module', '--eval', code])).stdout;
}

async function startDemo(): Promise<string> {
  const redis = await startRedis();
  return (await startServer({ redisUrl: redis.url, LIVEHOLD_DEMO: 'true' })).url;
}

it('shows the example that is kept as a file', () => {
  expect(example).toBe(readFileSync('examples/book.mjs', 'utf8'));
});

it('shows an example that books in the demo live and sees the release', async () => {
  const stdout = await printed(example.replace('http://localhost:3000', await startDemo()));
  expect(stdout).toMatch(/booking 1 of the item is mine/);
  expect(stdout).toMatch(/released[\s\S]+reason: 'booking_cancelled'/);
});

it('shows how a booking becomes a paid order', async () => {
  const [before = ''] = example.split('setTimeout(');
  const end =
    "viewer.on('order:updated', ({ order }) => order.status === 'paid' && viewer.close());";
  const code = before.replace('http://localhost:3000', await startDemo()) + end + payment;
  expect(await printed(code)).toMatch(/^\d+ \S+ [\s\S]+order is paid/m);
});
