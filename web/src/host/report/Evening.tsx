import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { LiveReport } from '../../../../src/protocol/report.js';
import { number, rupiah } from '../../shared/format.js';
import { report } from '../messages/report.js';
import { api } from '../state/api.js';
import { isOwner } from '../state/session.js';
import { CsvButton } from '../ui/CsvButton.js';
import { archiveErrorText } from './archived.js';

/** What only the archive knows of a live: what ran out, who waited in vain, how soon it was paid. */
export function Evening({ liveId }: { liveId: string }) {
  const found = useSignal<LiveReport | null>(null);
  const problem = useSignal<string | null>(null);
  useEffect(() => {
    if (!isOwner.value) return;
    void api.liveReport(liveId).then((outcome) => {
      if (outcome.ok) found.value = outcome.data.report;
      else problem.value = archiveErrorText(outcome.error);
    });
  }, [liveId, found, problem]);
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
