import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ItemView } from '../../../../src/protocol/item.js';
import type { Live } from '../../../../src/protocol/live.js';
import type { LiveReport as Facts } from '../../../../src/protocol/report.js';
import { dateTime, number, rupiah } from '../../shared/format.js';
import { common } from '../../shared/messages.js';
import { archiveErrorText, hostErrorText } from '../messages/errors.js';
import { report } from '../messages/report.js';
import { href } from '../route.js';
import { closeActivity, itemTotals, openActivity, paidRupiah, totals } from '../state/activity.js';
import { api, everyRow } from '../state/api.js';
import { isOwner } from '../state/session.js';
import { CsvButton, PageHead } from '../ui/PageHead.js';
import { ActivityChart } from './ActivityChart.js';

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
          <Evening live={live} />
          <ItemTable />
        </div>
      )}
    </>
  );
}

const MOST_ITEMS = 2_000;

/** Item by item: what was booked, came free again, was sold, and for how much. */
function ItemTable() {
  const items = useSignal<ReadonlyMap<string, ItemView>>(new Map());
  useEffect(() => {
    void everyRow(api.items, { most: MOST_ITEMS }).then((outcome) => {
      if (outcome.ok) items.value = new Map(outcome.data.map((item) => [item.itemId, item]));
    });
  }, [items]);
  if (itemTotals.value.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section class="card report-table" tabIndex={0} aria-label={report('byItem')}>
      <table class="numeric">
        <thead>
          <tr>
            <th scope="col">{report('item')}</th>
            <th scope="col">{report('booked')}</th>
            <th scope="col">{report('released')}</th>
            <th scope="col">{report('sold')}</th>
            <th scope="col">{report('goodsPaid')}</th>
          </tr>
        </thead>
        <tbody>
          {itemTotals.value.map((sum) => (
            <tr key={sum.itemId} data-item={sum.itemId}>
              <th scope="row">
                <b>{items.value.get(sum.itemId)?.code}</b> {items.value.get(sum.itemId)?.name}
              </th>
              <td>{number(sum.booked)}</td>
              <td>{number(sum.released)}</td>
              <td>{number(sum.paid)}</td>
              <td>{rupiah(sum.rupiah)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
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

/** How often the report of a live that is on is read again, ms. */
const EVERY_MS = 30_000;

/** What only the archive knows of a live: what ran out, who waited in vain, how soon it was paid. */
function Evening({ live }: { live: Live }) {
  const { liveId, status } = live;
  const found = useSignal<Facts | null>(null);
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

function paidWithin({ median, slow }: Facts['timeToPay']): string {
  if (median === null || slow === null) return '–';
  const minutes = (seconds: number) => number(Math.max(1, Math.round(seconds / 60)));
  return report('minutesHalf', { half: minutes(median), most: minutes(slow) });
}
