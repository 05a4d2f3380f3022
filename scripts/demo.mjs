/** `npm run demo`: `npm start` plus a few dozen simulated viewers, or `-- --viewers 300`, so that the console shows a live in motion. */
import { parseArgs } from 'node:util';
import { runCommand, SetupError } from './setup-error.mjs';

await runCommand(async () => {
  const { values } = parseArgs({ options: { viewers: { type: 'string' } } });
  const viewers = values.viewers === undefined ? undefined : Number(values.viewers);
  if (viewers !== undefined && !(Number.isInteger(viewers) && viewers > 0)) {
    throw new SetupError('--viewers must be a whole number above 0');
  }
  process.env.PORT ||= '3000';
  const url = `http://127.0.0.1:${process.env.PORT}`;
  await import('./start.mjs');
  // The packages are there only after the start.
  const { playDemo } = await import('./demo-viewers.mjs');
  await playDemo(url, viewers);
});
