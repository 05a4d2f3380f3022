import { useSignal, useSignalEffect } from '@preact/signals';
import { Api, settle } from '../../../../src/client/index.js';
import type { Page } from '../../../../src/protocol/http.js';
import type { LedgerEntry } from '../../../../src/protocol/viewer.js';
import { dateTime } from '../../shared/format.js';
import { common } from '../../shared/messages.js';
import { reputation } from '../me.js';
import { say } from '../messages.js';
import { signed } from '../notices.js';
import { token } from '../session.js';
import { mine } from './messages.js';

type Loaded = 'loading' | 'failed' | Page<LedgerEntry>;

/** Every change of the viewer's reputation and its cause, newest first; read again whenever it moves. */
export function ReputationHistory() {
  const loaded = useSignal<Loaded>('loading');
  useSignalEffect(() => {
    void reputation.value;
    void load(null).then((page) => {
      loaded.value = page ?? 'failed';
    });
  });
  const older = async (page: Page<LedgerEntry>) => {
    const next = await load(page.nextCursor);
    if (next !== null) loaded.value = { ...next, items: [...page.items, ...next.items] };
  };
  const page = loaded.value;
  return (
    <section class="history" aria-labelledby="history-title">
      <h3 id="history-title">{mine('history')}</h3>
      {page === 'loading' && <p class="muted">{common('loading')}</p>}
      {page === 'failed' && <p class="muted">{mine('historyFailed')}</p>}
      {typeof page === 'object' && <Entries page={page} onOlder={() => void older(page)} />}
    </section>
  );
}

function Entries({ page, onOlder }: { page: Page<LedgerEntry>; onOlder: () => void }) {
  if (page.items.length === 0) return <p class="muted">{mine('noHistory')}</p>;
  return (
    <>
      <ol class="history-list">
        {page.items.map((entry) => (
          <li key={`${entry.refId} ${entry.at} ${entry.after}`}>
            <span class={`badge numeric ${toneOf(entry.delta)}`}>{signed(entry.delta)}</span>
            <span class="history-words">
              {say(entry.reason)}
              {entry.note !== undefined && <span class="small">{entry.note}</span>}
              <span class="small muted numeric">{dateTime(entry.at)}</span>
            </span>
            <span class="small muted numeric">
              {mine('fromTo', { before: entry.before, after: entry.after })}
            </span>
          </li>
        ))}
      </ol>
      {page.nextCursor !== null && (
        <button type="button" class="button button-block" onClick={onOlder}>
          {mine('olderHistory')}
        </button>
      )}
    </>
  );
}

function toneOf(delta: number): string {
  if (delta === 0) return '';
  return delta < 0 ? 'badge-bad' : 'badge-good';
}

async function load(cursor: string | null): Promise<Page<LedgerEntry> | null> {
  const api = new Api({ token: token.peek() });
  const outcome = await settle(api.call('GET /me/reputation', { query: { cursor } }));
  return outcome.ok ? outcome.data : null;
}

const RADIUS = 42;
const LENGTH = 2 * Math.PI * RADIUS;

/** 0 to 100 as a ring with the number in it. */
export function ReputationMeter({ value }: { value: number }) {
  return (
    <div class="meter">
      <meter
        class="visually-hidden"
        aria-label={mine('reputation')}
        aria-valuetext={mine('reputationOutOf', { reputation: value })}
        min={0}
        max={100}
        value={value}
      />
      <svg viewBox="0 0 100 100" aria-hidden="true" focusable="false">
        <circle class="meter-track" cx="50" cy="50" r={RADIUS} />
        <circle
          class="meter-value"
          cx="50"
          cy="50"
          r={RADIUS}
          stroke-dasharray={`${(LENGTH * value) / 100} ${LENGTH}`}
          transform="rotate(-90 50 50)"
        />
      </svg>
      <p aria-hidden="true">
        <strong class="numeric">{value}</strong>
        <span class="small muted">{mine('reputation')}</span>
      </p>
    </div>
  );
}
