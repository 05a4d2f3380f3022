import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Live } from '../../../../src/protocol/live.js';
import { dateTime, number, rupiah } from '../../shared/format.js';
import { common } from '../../shared/messages.js';
import { hostErrorText } from '../messages/errors.js';
import { report } from '../messages/report.js';
import { href } from '../route.js';
import { PageHead } from '../ui/PageHead.js';
import { ActivityChart } from './ActivityChart.js';
import { closeActivity, openActivity, paidRupiah, totals } from './activity.js';

/** What a live came to: its goods and its money, and how it went over time. While it is on, it moves. */
export function LiveReport({ live }: { live: Live }) {
  const problem = useSignal<string | null>(null);
  const { liveId } = live;
  useEffect(() => {
    void openActivity(liveId).then((error) => {
      problem.value = error === null ? null : hostErrorText(error);
    });
    return closeActivity;
  }, [liveId, problem]);
  const sums = totals.value;
  return (
    <>
      <PageHead title={report('title', { live: live.title })} lead={whenOf(live)}>
        <a class="button" href={href('lives')}>
          {report('back')}
        </a>
      </PageHead>
      {problem.value !== null && (
        <p class="field-error" role="alert">
          {problem.value}
        </p>
      )}
      {sums === null && problem.value === null && <p class="page-note">{common('loading')}</p>}
      {sums !== null && (
        <div class="report">
          <dl class="totals numeric">
            <Total name="booked" title={report('booked')} text={number(sums.booked)} />
            <Total name="released" title={report('released')} text={number(sums.released)} />
            <Total name="sold" title={report('sold')} text={number(sums.paid)} />
            <Total name="paid" title={report('paidTotal')} text={rupiah(paidRupiah.value)} />
          </dl>
          <ActivityChart live={live} totals={sums} />
        </div>
      )}
    </>
  );
}

function Total({ name, title, text }: { name: string; title: string; text: string }) {
  return (
    <div class={`total total-${name}`}>
      <dt>{title}</dt>
      <dd data-total={name}>{text}</dd>
    </div>
  );
}

function whenOf(live: Live): string {
  if (live.startedAt === undefined) return report('notStarted');
  const from = dateTime(live.startedAt);
  return live.endedAt === undefined
    ? report('since', { from })
    : report('between', { from, to: dateTime(live.endedAt) });
}
