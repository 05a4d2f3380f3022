import { errorText } from '../../shared/errorText.js';
import { number } from '../../shared/format.js';
import { toast } from '../../shared/toast.js';
import { dropDraft } from '../cart/draft.js';
import { profile, recipient, reputation, rights } from '../me.js';
import { Preferences } from '../Preferences.js';
import { Sheet } from '../Sheet.js';
import { signOut } from '../session.js';
import { closeSheet } from '../sheets.js';
import { ask, rules, shop } from '../state.js';
import { DeviceLink } from './DeviceLink.js';
import { mine } from './messages.js';
import { ReputationHistory, ReputationMeter } from './Reputation.js';

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

/** Nobody holds more, whatever the shop says. */
const MOST_BOOKINGS = 200;

/** What the viewer may do at their reputation, that a machine has worked it out, and whom to tell if it is wrong. */
function Rights() {
  const may = rights.value;
  if (may === null) return null;
  return (
    <section class="account-part">
      <h3>{mine('rightsTitle')}</h3>
      {may.mayBook ? (
        <p>{rightsText(may)}</p>
      ) : (
        <p class="cost">{errorText({ code: may.reason ?? 'FORBIDDEN', message: '' })}</p>
      )}
      {may.mayBook && isLess(may) && <p class="small muted">{mine('rightsLess')}</p>}
      <p class="small muted">{mine('automated')}</p>
      <a
        class="button button-block"
        href={`https://wa.me/?text=${encodeURIComponent(objection())}`}
        target="_blank"
        rel="noopener noreferrer"
      >
        {mine('object')}
      </a>
    </section>
  );
}

function rightsText({ maxBookings, bookingTimeoutMinutes }: NonNullable<typeof rights.value>) {
  const minutes = number(bookingTimeoutMinutes);
  if (maxBookings >= MOST_BOOKINGS) return mine('rightsFree', { minutes });
  return mine('rights', { count: maxBookings, minutes });
}

/** Whether a tier of low reputation holds. */
function isLess(may: NonNullable<typeof rights.value>): boolean {
  const usual = rules.value;
  if (usual === null) return false;
  const bookings = usual.maxBookings === 0 ? MOST_BOOKINGS : usual.maxBookings;
  return may.maxBookings < bookings || may.bookingTimeoutMinutes < usual.bookingTimeoutMinutes;
}

function objection(): string {
  return mine('objection', {
    shop: shop.value?.name ?? '',
    name: profile.value?.name ?? '',
    account: profile.value?.viewerId ?? '',
    reputation: reputation.value,
  });
}
