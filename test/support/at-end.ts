import { afterAll, onTestFinished, TestRunner } from 'vitest';

const ofFile: (() => unknown)[] = [];

afterAll(async () => {
  for (const close of ofFile.splice(0).reverse()) await close();
});

/**
 * Runs `close` when the running test has finished or, called outside a test (in `beforeAll`), when the file has; last
 * come first. Everything in this folder that starts something ends it through here.
 */
export function atEnd(close: () => unknown): void {
  if (TestRunner.getCurrentTest()) {
    onTestFinished(async () => {
      await close();
    });
  } else {
    ofFile.push(close);
  }
}
