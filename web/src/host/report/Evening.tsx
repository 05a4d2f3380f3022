import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Live } from '../../../../src/protocol/live.js';
import type { LiveReport } from '../../../../src/protocol/report.js';
import { number, rupiah } from '../../shared/format.js';
import { archiveErrorText } from '../messages/errors.js';
import { report } from '../messages/report.js';
import { api } from '../state/api.js';
import { isOwner } from '../state/session.js';
import { CsvButton } from '../ui/CsvButton.js';

/** How often the report of a live that is on is read anew, ms. */
const EVERY_MS = 30_000;

/** What only the archive knows of a live: what ran out, who waited in vain, how soon it was paid. */
export function Evening({ live }: { live: Live }) {
  const { liveId, status } = live;
  const found = useSignal<LiveReport | null>(null);
  const problem = useSignal<string | null>(null);
  useEffect(() => {
    if (!isOwner.value) return;
    const read = async () => {
      const outcome = await api.liveReport(liveId);
      if (outcome.ok) found.value = outcome.data.report;
      problem.value = outcome.ok ? null : archiveErrorText(outcome.error);
    };
    void read();
    if (status !== 'live') return;
    const timer = setInterval(() => void read(), EVERY_MS);
    return () => clearInterval(timer);
  }, [liveId, status, found, problem]);
  if (!isOwner.value) return null;
  const known = found.value;
  return (
    <section class="panel card evening" aria-labelledby="evening-title">
      <div class="panel-head">
        <h2 id="evening-title">{report('evening')}</h2>
        {known !== null && (
          <CsvButton
            name={report('eveningCsv')}
            ask={(separator) => api.liveCsv(liveId, separator)}
          />
        )}
      </div>
      {problem.value !== null && <p class="panel-empty">{problem.value}</p>}
      {known !== null && (
        <dl class="facts numeric">
          <Fact name="lapsed" title={report('lapsed')} text={number(known.lapsed)} />
          <Fact name="cancelled" title={report('cancelled')} text={number(known.cancelled)} />
          <Fact name="waiting" title={report('waitedInVain')} text={number(known.waiting)} />
          <Fact name="buyers" title={report('buyers')} text={number(known.buyers)} />
          <Fact name="time" title={report('timeToPay')} text={paidWithin(known.timeToPay)} />
          <Fact
            name="late"
            title={report('lateMoney')}
            text={`${rupiah(known.late.rupiah)} (${number(known.late.payments)})`}
          />
        </dl>
      )}
    </section>
  );
}

function Fact({ name, title, text }: { name: string; title: string; text: string }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd data-fact={name}>{text}</dd>
    </div>
  );
}

function paidWithin({ median, slow }: LiveReport['timeToPay']): string {
  if (median === null || slow === null) return '–';
  const minutes = (seconds: number) => number(Math.max(1, Math.round(seconds / 60)));
  return report('minutesHalf', { half: minutes(median), most: minutes(slow) });
}
