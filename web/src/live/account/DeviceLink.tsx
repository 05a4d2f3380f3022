import { useSignal } from '@preact/signals';
import { Api, settle } from '../../../../src/client/index.js';
import { time } from '../../shared/format.js';
import { QrCode } from '../../shared/QrCode.js';
import { hasOwnToken, token } from '../session.js';
import { CopyButton, Refusal, useStep } from '../sheetParts.js';
import { current, liveId } from '../state.js';
import { mine } from './messages.js';

/** A guest's orders are theirs on other devices too. Who signs in at the shop's own site does so there again. */
export function DeviceLink() {
  const link = useSignal<{ url: string; endsAt: number } | null>(null);
  const step = useStep(async () => {
    const api = new Api({ token: token.peek() });
    const outcome = await settle(api.call('POST /me/link', { body: { liveId } }));
    if (!outcome.ok) return outcome.error;
    link.value = outcome.data;
    return null;
  });
  if (!hasOwnToken.value) return null;
  return (
    <section class="account-part">
      <h3>{mine('device')}</h3>
      <p class="small muted">{mine('deviceText')}</p>
      {link.value !== null && <Link url={link.value.url} endsAt={link.value.endsAt} />}
      <Refusal error={step.error.value} />
      <button
        type="button"
        class="button button-block"
        disabled={!current.value || step.busy.value}
        aria-busy={step.busy.value}
        onClick={() => step.run()}
      >
        {mine(link.value === null ? 'makeLink' : 'newLink')}
      </button>
    </section>
  );
}

function Link({ url, endsAt }: { url: string; endsAt: number }) {
  return (
    <>
      <div class="qr-card">
        <QrCode text={url} label={mine('linkLabel')} />
      </div>
      <div class="transfer-line">
        <input
          class="input"
          readOnly
          aria-label={mine('linkField')}
          value={url}
          onFocus={(event) => event.currentTarget.select()}
        />
        <CopyButton text={url} label={mine('copyLink')} />
      </div>
      <a
        class="button button-block"
        href={`https://wa.me/?text=${encodeURIComponent(url)}`}
        target="_blank"
        rel="noopener noreferrer"
      >
        {mine('sendLink')}
      </a>
      <p class="small">{mine('linkText', { time: time(endsAt) })}</p>
    </>
  );
}
