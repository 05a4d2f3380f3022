import { useSignal } from '@preact/signals';
import { announce } from '../../shared/announce.js';
import { bookings as words } from '../messages/bookings.js';
import { shell } from '../messages/shell.js';
import { ReadOnly } from './Field.js';
import { Icon } from './Icon.js';

/** A link to hand on: to copy, or to send by WhatsApp with a message that has it. */
export function ShareLink({
  label,
  help,
  url,
  message,
}: {
  label: string;
  help: string;
  url: string;
  message: string;
}) {
  const isCopied = useSignal(false);
  return (
    <>
      <ReadOnly label={label} help={help} value={url} />
      <div class="share-actions">
        {/* Copying needs https; without it the field above can be selected. */}
        {isSecureContext && (
          <button
            type="button"
            class="button"
            onClick={() =>
              void navigator.clipboard.writeText(url).then(() => {
                isCopied.value = true;
                announce(shell('copied'));
              })
            }
          >
            <Icon name="copy" size={18} />
            <span>{isCopied.value ? shell('copied') : words('forCopy')}</span>
          </button>
        )}
        <a
          class="button button-primary"
          href={`https://wa.me/?text=${encodeURIComponent(message)}`}
          target="_blank"
          rel="noreferrer"
        >
          {words('forShare')}
        </a>
      </div>
    </>
  );
}
