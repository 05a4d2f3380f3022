import { useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { Icon } from '../shared/Icon.js';
import { Toasts, toast } from '../shared/toast.js';
import { say } from './messages.js';
import { arrival, client, connection, current } from './state.js';

/** The one place for messages, over the header: nothing moves for them, and no button of an item lies below. */
export function Slot() {
  const wasLost = useRef(false);
  useSignalEffect(() => {
    if (connection.value === 'offline') wasLost.current = true;
    if (!current.value || !wasLost.current) return;
    wasLost.current = false;
    toast(say('backOnline'), 'good', { shownMs: 3_000 });
  });
  const isLost = connection.value === 'offline';
  const isReturning = wasLost.current && arrival.value === 'joining';
  return (
    <>
      {isLost && <Lost />}
      {!isLost && isReturning && (
        <div class="banner slot-banner" role="status">
          <Icon name="clock" />
          <p>{say('joiningBanner')}</p>
        </div>
      )}
      <Toasts atOnce={1} />
    </>
  );
}

/** What is shown may be stale, until a fresh snapshot has replaced it. */
function Lost() {
  return (
    <div class="banner banner-bad slot-banner" role="alert">
      <Icon name="alert" />
      <p>{say('offlineBanner')}</p>
      <button
        type="button"
        class="button button-small"
        onClick={() => {
          // Without even its scripts there is nothing to connect with.
          if (client.value === null) location.reload();
          else client.value.connection.reconnectNow();
        }}
      >
        {say('reconnect')}
      </button>
    </div>
  );
}
