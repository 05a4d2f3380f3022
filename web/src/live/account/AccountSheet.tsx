import { toast } from '../../shared/toast.js';
import { dropDraft } from '../cart/draft.js';
import { profile, recipient, reputation } from '../me.js';
import { Preferences } from '../Preferences.js';
import { Sheet } from '../Sheet.js';
import { signOut } from '../session.js';
import { closeSheet } from '../sheets.js';
import { ask, rules } from '../state.js';
import { DeviceLink } from './DeviceLink.js';
import { mine } from './messages.js';
import { ReputationHistory } from './ReputationHistory.js';
import { ReputationMeter } from './ReputationMeter.js';
import { Rights } from './Rights.js';

export function AccountSheet() {
  return (
    <Sheet title={profile.value?.name ?? mine('account')}>
      <div class="account-reputation">
        <ReputationMeter value={reputation.value} />
        <ReputationWords />
      </div>
      <Rights />
      <ReputationHistory />
      <DeviceLink />
      <SavedRecipient />
      <Preferences />
      <div class="account-leave">
        <button type="button" class="button button-block" onClick={leave}>
          {mine('signOut')}
        </button>
        <p class="small muted">{mine('signOutHint')}</p>
      </div>
    </Sheet>
  );
}

/** What moves it in this shop, by how much. */
function ReputationWords() {
  const known = rules.value;
  const penalty = known?.cancelPenaltyPerItem ?? 0;
  const expiryPenalty = known?.expiryPenaltyPerItem ?? 0;
  const reward = known?.paidRewardPerItem ?? 0;
  const recovery = known?.recoveryPerDay ?? 0;
  const minimum = known?.minReputation ?? 0;
  const words = [
    penalty > 0 && mine('reputationPenalty', { penalty }),
    expiryPenalty > 0 && mine('expiryPenalty', { penalty: expiryPenalty }),
    reward > 0 && mine('reward', { points: reward }),
    recovery > 0 && mine('recovery', { points: recovery }),
    minimum > 0 && mine('reputationMinimum', { minimum }),
  ].filter((text) => text !== false);
  return (
    <div class="account-words">
      <p>{mine('reputationHelp')}</p>
      {words.map((text) => (
        <p key={text} class="small muted">
          {text}
        </p>
      ))}
    </div>
  );
}

function SavedRecipient() {
  const kept = recipient.value;
  if (kept === null) return null;
  const forget = async () => {
    const outcome = await ask((viewer) => viewer.rememberRecipient(null));
    if (!outcome.ok) return;
    dropDraft();
    toast(mine('forgotten'), 'good');
  };
  return (
    <section class="account-part">
      <h3>{mine('savedRecipient')}</h3>
      <div class="recipient-line">
        <p>
          <strong>{kept.name}</strong> <span class="numeric">{kept.phone}</span>
          {kept.address !== undefined && <span class="recipient-place">{kept.address}</span>}
        </p>
        <button type="button" class="button" onClick={() => void forget()}>
          {mine('forgetRecipient')}
        </button>
      </div>
    </section>
  );
}

/** Nothing of an address stays on a phone that is lent. */
function leave(): void {
  dropDraft();
  closeSheet();
  signOut();
}
