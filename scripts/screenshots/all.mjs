/** Walks through all scenes. One that fails does not keep the others from being taken. */
import { setTimeout as pause } from 'node:timers/promises';
import { Camera } from './camera.mjs';
import { CONSOLE_SCENES } from './console.mjs';
import { OTHER_SCENES } from './other.mjs';
import { VIEWER_SCENES } from './viewer.mjs';

/** @param {{ url: string, folder: string, only: string, scene: string }} options */
export async function takeAll(options) {
  await archiveIsOpen(options.url);
  const camera = await Camera.open(options);
  const failed = [];
  for (const [name, walk] of Object.entries({
    ...VIEWER_SCENES,
    ...CONSOLE_SCENES,
    ...OTHER_SCENES,
  })) {
    if (!name.includes(options.scene)) continue;
    try {
      await walk(camera);
    } catch (error) {
      failed.push(name);
      console.error(`  The scene “${name}” was not taken to its end:`, error);
    }
  }
  await camera.close();
  if (failed.length > 0) process.exitCode = 1;
}

/** What is listed is read from there, too. @param {string} url */
async function archiveIsOpen(url) {
  for (;;) {
    const { archive } = /** @type {any} */ (await (await fetch(`${url}/readyz`)).json());
    if (archive === 'none' || archive?.ok) return;
    await pause(200);
  }
}
