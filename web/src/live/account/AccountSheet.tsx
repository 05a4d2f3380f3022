import { useSignal, useSignalEffect } from '@preact/signals';
import { Api, settle } from '../../../../src/client/index.js';
import type { Page } from '../../../../src/protocol/http.js';
import type { LedgerEntry } from '../../../../src/protocol/viewer.js';
import { dateTime, number } from '../../shared/format.js';
import { common, errorText } from '../../shared/messages.js';
import { toast } from '../../shared/toast.js';
import { dropDraft } from '../cart/draft.js';
import { profile, recipient, reputation, rights } from '../me.js';
import { say } from '../messages.js';
import { signed } from '../notices.js';
import { Sheet } from '../Sheet.js';
import { signOut, token } from '../session.js';
import { Preferences } from '../sheetParts.js';
import { closeSheet } from '../sheets.js';
import { ask, rules, shop } from '../state.js';
import { DeviceLink } from './DeviceLink.js';
import { mine } from './messages.js';

export function AccountSheet() {
  return (
    <Sheet title={profile.value?.name ?? mine('account')}>
      <div class="account-reputation">
        <ReputationMeter value={reputation.value} />
        <p>{mine('reputationHelp')}</p>
      </div>
      <ReputationRules />
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
function ReputationRules() {
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
    <ul class="account-rules small muted">
      {words.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
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

/** What the viewer may do at their reputation, that a machine has worked it out, and whom to contact if it is wrong. */
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

type Loaded = 'loading' | 'failed' | Page<LedgerEntry>;

/** Every change of the viewer's reputation and its cause, newest first; read again whenever it moves. */
function ReputationHistory() {
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
function ReputationMeter({ value }: { value: number }) {
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
