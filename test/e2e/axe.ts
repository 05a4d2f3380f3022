import axe from 'axe-core';
import type { Page } from 'playwright-core';

interface AxeResult {
  violations: { id: string; impact?: string; nodes: { html: string; failureSummary?: string }[] }[];
}

/**
 * What axe finds serious or critical on the page, with the elements.
 * @param parts selectors of what is looked at: a page that repeats the same thousands of times takes minutes whole
 */
export async function seriousProblems(page: Page, parts?: string[]): Promise<string[]> {
  // Evaluated by the debugger: the page's own policy lets no other script in, which is as it should be.
  await page.evaluate(axe.source);
  const included = parts ? JSON.stringify({ include: parts.map((part) => [part]) }) : '';
  const result = (await page.evaluate(`axe.run(${included})`)) as AxeResult;
  return result.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
}
