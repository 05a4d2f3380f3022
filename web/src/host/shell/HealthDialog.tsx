import { number, time } from '../../shared/format.js';
import { shell } from '../messages/shell.js';
import { Dialog } from '../ui/Dialog.js';
import { audit, checkHealth } from './health.js';

export function HealthDialog({ onClose }: { onClose: () => void }) {
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
