import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { number, time } from '../../shared/format.js';
import { shell } from '../messages/shell.js';
import { Dialog } from '../ui/Dialog.js';
import { Icon } from '../ui/Icon.js';
import { audit, checkHealth, watchHealth } from './health.js';

/** Whether the counters agree with what really happened; a click tells more. */
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
