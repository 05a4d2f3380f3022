import type { ConnectionStatus } from '../../../src/client/index.js';
import { common } from './messages.js';

/** Whether what is shown is live, as a dot and in words. */
export function ConnectionDot({
  status,
  wordsHidden = false,
}: {
  status: ConnectionStatus;
  wordsHidden?: boolean;
}) {
  return (
    <span class={`connection connection-${status}`} title={common(status)}>
      <span class="connection-dot" aria-hidden="true" />
      <span class={wordsHidden ? 'visually-hidden' : ''}>{common(status)}</span>
    </span>
  );
}
