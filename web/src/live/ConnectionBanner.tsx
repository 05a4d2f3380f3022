import { useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { Icon } from '../shared/Icon.js';
import { toast } from '../shared/toast.js';
import { say } from './messages.js';
import { arrival, client, connection, current } from './state.js';

/** Says that what is shown may be stale, until a fresh snapshot has replaced it. Silent at the first arrival. */
export function ConnectionBanner() {
  const wasLost = useRef(false);
  useSignalEffect(() => {
    if (connection.value === 'offline') wasLost.current = true;
    if (!current.value || !wasLost.current) return;
    wasLost.current = false;
    toast(say('backOnline'), 'good', { shownMs: 3_000 });
  });
  if (connection.value === 'offline') return <LostBanner />;
  const returning = wasLost.current && arrival.value === 'joining';
  return returning ? (
    <div class="banner page-banner" role="status">
      <Icon name="clock" />
      <p>{say('joiningBanner')}</p>
    </div>
  ) : null;
}

function LostBanner() {
  return (
    <div class="banner banner-bad page-banner" role="alert">
      <Icon name="alert" />
      <p>{say('offlineBanner')}</p>
      <button
        type="button"
        class="button button-small"
        onClick={() => client.value?.connection.reconnectNow()}
      >
        {say('reconnect')}
      </button>
    </div>
  );
}
