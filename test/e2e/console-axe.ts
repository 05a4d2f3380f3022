import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

interface AxeResult {
  violations: { id: string; impact?: string; nodes: { html: string; failureSummary?: string }[] }[];
}

/** What axe finds serious or critical on the page, with the elements. */
export async function seriousProblems(page: Page): Promise<string[]> {
  // Evaluated by the debugger: the page's own policy lets no other script in, which is as it should be.
  await page.evaluate(await readFile(AXE, 'utf8'));
  const result = (await page.evaluate('axe.run()')) as AxeResult;
  return result.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
}
