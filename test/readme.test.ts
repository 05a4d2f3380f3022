import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { startRedis } from './support/redis-server.js';
import { startServer } from './support/server.js';

const [example] = /(?<=```js\n)[\s\S]+?(?=```)/.exec(readFileSync('README.md', 'utf8')) ?? [''];

it('shows the example that is kept as a file', () => {
  expect(example).toBe(readFileSync('examples/book.mjs', 'utf8'));
});

it('shows an example that books in the demo live and sees the release', async () => {
  const redis = await startRedis();
  const server = await startServer({ redisUrl: redis.url, LIVEHOLD_DEMO: 'true' });
  const code = example.replace('http://localhost:3000', server.url);
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', code]);
  expect(stdout).toMatch(/booking 1 of the item is mine/);
  expect(stdout).toMatch(/released[\s\S]+reason: 'booking_cancelled'/);
});
