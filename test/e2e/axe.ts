import axe from 'axe-core';
import type { Page } from 'playwright-core';

interface AxeResult {
  violations: { id: string; impact?: string; nodes: { html: string; failureSummary?: string }[] }[];
}

/** What axe finds serious or critical on the page, with the elements. */
export async function seriousProblems(page: Page): Promise<string[]> {
  // Evaluated by the debugger: the page's own policy lets no other script in, which is as it should be.
  await page.evaluate(axe.source);
  const result = (await page.evaluate('axe.run()')) as AxeResult;
  return result.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
}
