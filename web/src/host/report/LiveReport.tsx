import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ItemView } from '../../../../src/protocol/item.js';
import type { Live } from '../../../../src/protocol/live.js';
import { dateTime, number, rupiah } from '../../shared/format.js';
import { common } from '../../shared/messages.js';
import { hostErrorText } from '../messages/errors.js';
import { report } from '../messages/report.js';
import { href } from '../route.js';
import { closeActivity, itemTotals, openActivity, paidRupiah, totals } from '../state/activity.js';
import { api, everyRow } from '../state/api.js';
import { PageHead } from '../ui/PageHead.js';
import { ActivityChart } from './ActivityChart.js';
import { Evening } from './Evening.js';

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
