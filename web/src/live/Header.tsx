import { ConnectionDot } from '../shared/ConnectionDot.js';
import { Icon } from '../shared/Icon.js';
import { profile, reputation } from './me.js';
import { say } from './messages.js';
import { isReturning } from './session.js';
import { openSheet } from './sheets.js';
import { connection, live, shop } from './state.js';

/** Whose live this is, and whether what is shown is live. The message slot lies over it. */
export function Header() {
  return (
    <header class="header">
      <div class="header-names">
        <h1 class="header-title">{live.value?.title ?? ' '}</h1>
        <p class="header-shop">
          <StatusBadge />
          <ConnectionDot status={connection.value} />
          <span class="header-shop-name">{shop.value?.name}</span>
        </p>
      </div>
      <button
        type="button"
        class="icon-button"
        aria-label={say('share')}
        onClick={() => openSheet({ kind: 'share' })}
      >
        <Icon name="share" />
      </button>
      <AccountButton />
    </header>
  );
}

function StatusBadge() {
  const status = live.value?.status;
  if (status === undefined) return null;
  return status === 'live' ? (
    <span class="badge badge-live">
      <span class="live-pulse" aria-hidden="true" />
      {say('live')}
    </span>
  ) : (
    <span class="badge">{say(status)}</span>
  );
}

function AccountButton() {
  const me = profile.value;
  if (isReturning.value) return <span class="icon-button" />;
  if (me === null) {
    return (
      <button
        type="button"
        class="icon-button"
        aria-label={say('signIn')}
        onClick={() => openSheet({ kind: 'sign-in' })}
      >
        <Icon name="person" />
      </button>
    );
  }
  return (
    <button
      type="button"
      class="account-button"
      aria-label={say('accountOf', { name: me.name, reputation: reputation.value })}
      onClick={() => openSheet({ kind: 'account' })}
    >
      <Icon name="star" size={16} />
      <span class="numeric">{reputation}</span>
    </button>
  );
}
