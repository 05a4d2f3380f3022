import { onTestFinished, TestRunner } from 'vitest';

const ofFile: (() => unknown)[] = [];

/** Programs outside Vitest use these supports too; they end themselves what they start. */
const inTests = process.env.VITEST !== undefined;

/**
 * Runs `close` when the running test has finished or, called outside a test (in `beforeAll`), when the file has; last
 * come first. Everything in this folder that starts something ends it through here.
 */
export function atEnd(close: () => unknown): void {
  if (!inTests) return;
  if (TestRunner.getCurrentTest()) {
    onTestFinished(async () => {
      await close();
    });
  } else {
    ofFile.push(close);
  }
}

/** For `each-file.ts` alone: ends what the file has started. */
export async function endFile(): Promise<void> {
  for (const close of ofFile.splice(0).reverse()) await close();
}
