import { effect, signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Audit, Status } from '../../../../src/protocol/http.js';
import { serverNow } from '../../shared/clock.js';
import { number, time } from '../../shared/format.js';
import { shell } from '../messages/shell.js';
import { api } from '../state/api.js';
import { connection } from '../state/connection.js';
import { Dialog } from '../ui/Dialog.js';
import { Icon } from '../ui/Icon.js';

/** The last audit of the shop; null until the first has come. */
const audit = signal<{ result: Audit; at: number } | null>(null);

/** When the server noticed that data is gone, and nobody has accepted it yet; null as a rule. */
export const lostAt = signal<number | null>(null);

/** Since when nothing is archived; null as a rule. */
export const archiveBehindSince = signal<number | null>(null);

/** When the archive was found to lack what has left Redis; null as a rule. */
export const archiveOlderSince = signal<number | null>(null);

const STATUS_EVERY_MS = 10_000;

async function checkStatus(): Promise<void> {
  const outcome = await api.status();
  if (!outcome.ok) return;
  const { warnings } = outcome.data;
  const at = (wanted: Status['warnings'][number]['code']) =>
    warnings.find(({ code }) => code === wanted)?.at ?? null;
  lostAt.value = at('DATA_LOST');
  archiveBehindSince.value = at('ARCHIVE_BEHIND');
  archiveOlderSince.value = at('ARCHIVE_OLDER');
}

/** An audit reads every booking and order of the shop, so it is asked for seldom. */
const EVERY_MS = 60_000;

async function checkHealth(): Promise<void> {
  const outcome = await api.audit();
  audit.value = outcome.ok ? { result: outcome.data, at: serverNow() } : null;
}

/** What the page shows first is asked for first. */
const FIRST_AFTER_MS = 3_000;

function watchHealth(): () => void {
  let first: ReturnType<typeof setTimeout> | undefined;
  // After an outage the last answer is of a server that was not there.
  const stopFollowing = effect(() => {
    clearTimeout(first);
    if (connection.value !== 'online') return;
    first = setTimeout(() => {
      void checkHealth();
      void checkStatus();
    }, FIRST_AFTER_MS);
  });
  const timers = [
    setInterval(() => void checkHealth(), EVERY_MS),
    setInterval(() => void checkStatus(), STATUS_EVERY_MS),
  ];
  return () => {
    stopFollowing();
    clearTimeout(first);
    for (const timer of timers) clearInterval(timer);
    audit.value = null;
    lostAt.value = null;
    archiveBehindSince.value = null;
    archiveOlderSince.value = null;
  };
}

/** Whether the counters agree with what really happened; a click shows more. */
export function HealthBadge() {
  const open = useSignal(false);
  useEffect(watchHealth, []);
  const result = audit.value?.result;
  const tone = result === undefined ? '' : result.ok ? 'badge-good' : 'badge-bad';
  return (
    <>
      <button
        type="button"
        class={`badge health ${tone}`}
        data-health={result === undefined ? 'unknown' : result.ok ? 'ok' : 'problems'}
        onClick={() => {
          open.value = true;
        }}
      >
        <Icon name={result?.ok === false ? 'alert' : 'check'} size={14} />
        <span class="health-words">
          {result === undefined
            ? shell('healthUnknown')
            : result.ok
              ? shell('healthOk')
              : shell('healthProblems', { count: number(Math.max(1, result.problems.length)) })}
        </span>
      </button>
      {open.value && (
        <HealthDialog
          onClose={() => {
            open.value = false;
          }}
        />
      )}
    </>
  );
}

function HealthDialog({ onClose }: { onClose: () => void }) {
  const checked = audit.value;
  return (
    <Dialog title={shell('healthTitle')} onClose={onClose}>
      <div class="dialog-body">
        <p class="muted">{shell('healthLead')}</p>
        {checked === null ? (
          <p>{shell('healthUnknown')}</p>
        ) : (
          <>
            <p>
              {shell('healthItems', {
                count: number(checked.result.items.filter((item) => item.ok).length),
                total: number(checked.result.items.length),
              })}
            </p>
            <p>
              {shell(checked.result.reputationOk ? 'healthReputationOk' : 'healthReputationBad')}
            </p>
            {checked.result.problems.length > 0 && (
              <ul class="problems">
                {checked.result.problems.map((problem) => (
                  <li key={problem} lang="en">
                    {problem}
                  </li>
                ))}
              </ul>
            )}
            <p class="muted small">{shell('healthCheckedAt', { time: time(checked.at) })}</p>
          </>
        )}
      </div>
      <div class="dialog-foot">
        <button type="button" class="button" onClick={() => void checkHealth()}>
          {shell('healthCheckNow')}
        </button>
      </div>
    </Dialog>
  );
}
