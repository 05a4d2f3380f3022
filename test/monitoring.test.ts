import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../src/metrics.js';

const PROMTOOL = 'promtool';
const RULES = 'deploy/alerts.yml';
const DASHBOARD = 'deploy/grafana.json';

/** Names of metrics in an expression: what is counted of a histogram is the histogram's. */
function metricsIn(text: string): string[] {
  const names = text.match(/\b(?:livehold|nodejs|process)_[a-z0-9_]+/g) ?? [];
  return [...new Set(names.map((name) => name.replace(/_(?:bucket|sum|count)$/, '')))];
}

describe('what watches the server', () => {
  it.each([RULES, DASHBOARD])('%s asks for metrics that there are', async (file) => {
    const metrics = createMetrics();
    const text = await metrics.registry.metrics();
    const known = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
    const named = metricsIn(readFileSync(file, 'utf8'));
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  it('the dashboard has panels of their own ids and places, each with a question', () => {
    const { panels, uid, title } = JSON.parse(readFileSync(DASHBOARD, 'utf8')) as {
      uid: string;
      title: string;
      panels: { id: number; gridPos: object; targets: { expr: string }[] }[];
    };
    expect([uid, title]).toEqual(['livehold', 'Livehold']);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(new Set(panels.map(({ gridPos }) => JSON.stringify(gridPos))).size).toBe(panels.length);
    expect(panels.every(({ targets }) => targets.every(({ expr }) => expr !== ''))).toBe(true);
  });

  const hasPromtool = spawnSync(PROMTOOL, ['--version']).status === 0;
  if (!hasPromtool) console.log('promtool is not installed: the rules are not checked by it');
  it.runIf(hasPromtool)('promtool takes the alert rules', () => {
    expect(execFileSync(PROMTOOL, ['check', 'rules', RULES], { encoding: 'utf8' })).toContain(
      'SUCCESS',
    );
  });
});
