import './styles/purchase.css';
import { defineMessages } from '../shared/i18n.js';
import { QrCode } from '../shared/QrCode.js';
import { say } from './messages.js';
import { Sheet } from './Sheet.js';
import { CopyButton } from './sheetParts.js';
import { live } from './state.js';

/** The live's address, as a code for the phone beside this one, to copy, and to send. Nothing of who shows it is in it. */
export function ShareSheet() {
  const url = location.origin + location.pathname;
  const title = live.value?.title ?? '';
  return (
    <Sheet title={say('share')}>
      <div class="qr-card">
        <QrCode text={url} label={words('code')} />
      </div>
      <div class="transfer-line">
        <input
          class="input"
          readOnly
          aria-label={words('link')}
          value={url}
          onFocus={(event) => event.currentTarget.select()}
        />
        <CopyButton text={url} label={words('copy')} />
      </div>
      {navigator.share !== undefined && (
        <button
          type="button"
          class="button button-primary button-block"
          onClick={() => void send({ title, url })}
        >
          {words('send')}
        </button>
      )}
      <a
        class="button button-block"
        href={`https://wa.me/?text=${encodeURIComponent(`${title} ${url}`)}`}
        target="_blank"
        rel="noopener noreferrer"
      >
        {words('whatsapp')}
      </a>
    </Sheet>
  );
}

/** Whoever closes the phone's own dialogue has changed their mind; that is no failure. */
function send(what: ShareData): Promise<void> {
  return navigator.share(what).catch(() => undefined);
}

const words = defineMessages({
  id: {
    code: 'Kode QR live ini',
    link: 'Link live ini',
    copy: 'Salin link live',
    send: 'Bagikan lewat aplikasi lain',
    whatsapp: 'Bagikan lewat WhatsApp',
  },
  en: {
    code: 'QR code of this live',
    link: 'Link of this live',
    copy: 'Copy the live’s link',
    send: 'Share by another app',
    whatsapp: 'Share by WhatsApp',
  },
});
