import { profile, reputation } from '../me.js';
import { say } from '../messages.js';
import { Sheet } from '../Sheet.js';
import { signOut } from '../session.js';
import { closeSheet } from '../sheets.js';
import { rules } from '../state.js';
import { ReputationHistory } from './ReputationHistory.js';
import { ReputationMeter } from './ReputationMeter.js';

export function AccountSheet() {
  const penalty = rules.value?.cancelPenaltyPerItem ?? 0;
  const minimum = rules.value?.minReputation ?? 0;
  return (
    <Sheet title={profile.value?.name ?? say('account')}>
      <div class="account-reputation">
        <ReputationMeter value={reputation.value} />
        <div class="account-words">
          <p>{say('reputationHelp')}</p>
          {penalty > 0 && <p class="small muted">{say('reputationPenalty', { penalty })}</p>}
          {minimum > 0 && <p class="small muted">{say('reputationMinimum', { minimum })}</p>}
        </div>
      </div>
      <ReputationHistory />
      <div class="account-leave">
        <button
          type="button"
          class="button button-block"
          onClick={() => {
            closeSheet();
            signOut();
          }}
        >
          {say('signOut')}
        </button>
        <p class="small muted">{say('signOutHint')}</p>
      </div>
    </Sheet>
  );
}
