/** `npm run demo`: `npm start` plus a few dozen simulated viewers, so that the console shows a live in motion. */
import { runCommand } from './setup-error.mjs';

await runCommand(async () => {
  process.env.PORT ||= '3000';
  const url = `http://127.0.0.1:${process.env.PORT}`;
  await import('./start.mjs');
  // The packages are there only after the start.
  const { playDemo } = await import('./demo-viewers.mjs');
  await playDemo(url);
});
