import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { number } from '../../shared/format.js';
import { Icon } from '../../shared/Icon.js';
import { shell } from '../messages/shell.js';
import { HealthDialog } from './HealthDialog.js';
import { audit, watchHealth } from './health.js';

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
