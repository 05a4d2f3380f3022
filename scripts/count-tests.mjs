/**
 * `node scripts/count-tests.mjs report.json`: prints `N passed, N failed` from Vitest's JSON report.
 * A file that failed as a whole, and a run that left no report, count as one failure each.
 */
import { readFileSync } from 'node:fs';

/** @typedef {{ status: string }} Test */
/** @typedef {{ status: string, assertionResults: Test[] }} TestFile */

const { passed, failed } = count(process.argv[2] ?? '');
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

/** @param {string} path */
function count(path) {
  /** @type {{ success: boolean, testResults: TestFile[] }} */
  let report;
  try {
    report = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return { passed: 0, failed: 1 };
  }
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const passed = tests.filter(({ status }) => status === 'passed').length;
  const failedTests = tests.filter(({ status }) => status === 'failed').length;
  const failedFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = failedTests + failedFiles;
  return { passed, failed: failed === 0 && !report.success ? 1 : failed };
}
