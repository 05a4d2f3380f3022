import { afterAll, vi } from 'vitest';
import { endFile } from './at-end.js';

// Runs anew for every test file, which modules that files share (`isolate: false`) do not.
afterAll(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  await endFile();
});
