import { Recorder } from './recorder.js';
import type { LoadReport } from './summary.js';
import { mergeSeconds } from './timeline.js';
import type { Worker } from './worker-handle.js';

type Totals = Pick<
  LoadReport,
  'arrived' | 'failed' | 'lost' | 'outcomes' | 'latencies' | 'reasons' | 'timeline'
>;

/** What all processes counted and timed, together. */
export async function totalsOf(
  workers: Pick<Worker, 'call'>[],
): Promise<Totals & { recorder: Recorder }> {
  const recorder = new Recorder();
  const outcomes: Record<string, number> = {};
  const reasons = new Set<string>();
  let [arrived, failed, lost] = [0, 0, 0];
  for (const worker of workers) {
    const progress = await worker.call('progress');
    const recorded = await worker.call('recorded');
    arrived += progress.arrived;
    failed += progress.failed;
    lost += progress.lost;
    for (const [name, count] of Object.entries(progress.outcomes))
      outcomes[name] = (outcomes[name] ?? 0) + count;
    for (const reason of recorded.reasons) reasons.add(reason);
    recorder.add(recorded.timings);
  }
  const seconds = await Promise.all(workers.map((worker) => worker.call('seconds')));
  return {
    arrived,
    failed,
    lost,
    outcomes,
    latencies: recorder.summary(),
    reasons: [...reasons],
    timeline: mergeSeconds(seconds.flat()),
    recorder,
  };
}
