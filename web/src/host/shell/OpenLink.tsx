import { useSignal } from '@preact/signals';
import { common } from '../../shared/messages.js';
import { claimLink } from '../api.js';
import { hostErrorText } from '../messages/errors.js';
import { teamWords as words } from '../messages/team.js';
import { linkToOpen, signIn } from '../session.js';

/** Who came by a link signs in with one tap; a messenger that looks at links must not use it up. */
export function OpenLink({ code }: { code: string }) {
  const isBusy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const open = async () => {
    isBusy.value = true;
    const outcome = await claimLink(code);
    isBusy.value = false;
    if (!outcome.ok) {
      const isOver = ['UNAUTHENTICATED', 'VALIDATION'].includes(outcome.error.code);
      problem.value = isOver ? words('openFailed') : hostErrorText(outcome.error);
      return;
    }
    // The token has an end of its own, and a phone forgets its tabs within minutes.
    signIn(outcome.data.token, true);
    linkToOpen.value = null;
  };
  return (
    <main class="sign-in">
      <div class="card sign-in-card">
        <p class="brand">
          <span class="brand-mark" aria-hidden="true" />
          <span class="brand-name">{common('brand')}</span>
        </p>
        <h1>{words('openTitle')}</h1>
        <p class="muted">{words('openLead')}</p>
        {problem.value !== null && (
          <p class="field-error" role="alert">
            {problem.value}
          </p>
        )}
        <button
          type="button"
          class="button button-primary button-large button-block"
          disabled={isBusy.value}
          onClick={() => void open()}
        >
          {words('open')}
        </button>
        {problem.value !== null && (
          <button
            type="button"
            class="button button-block"
            onClick={() => {
              linkToOpen.value = null;
            }}
          >
            {common('back')}
          </button>
        )}
      </div>
    </main>
  );
}
