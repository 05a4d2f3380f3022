/** Walks through all scenes. One that fails does not keep the others from being taken. */
import { Camera } from './camera.mjs';
import { CONSOLE_SCENES } from './console.mjs';
import { OTHER_SCENES } from './other.mjs';
import { VIEWER_SCENES } from './viewer.mjs';

/** @param {{ url: string, folder: string, only: string, scene: string }} options */
export async function takeAll(options) {
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
