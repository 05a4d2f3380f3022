import { useSignal } from '@preact/signals';
import { common } from '../../shared/messages.js';
import { LanguageButton, ThemeButton } from '../../shared/Preferences.js';
import { hostErrorText } from '../messages/errors.js';
import { shell } from '../messages/shell.js';
import { teamWords as words } from '../messages/team.js';
import { claimLink } from '../state/api.js';
import { linkToOpen, readClaims, signIn, signInProblem } from '../state/session.js';
import { Field } from '../ui/Field.js';

const PROBLEMS = { expired: 'tokenExpired', rejected: 'tokenRejected' } as const;

/** Without a token there is no console: paste one. */
export function SignIn() {
  const text = useSignal('');
  const keep = useSignal(false);
  const problem = useSignal<string | undefined>(undefined);
  const came = signInProblem.value;
  const error = problem.value ?? (came === null ? undefined : shell(PROBLEMS[came]));
  const submit = () => {
    const token = text.value.trim();
    const claims = readClaims(token);
    if (token === '') problem.value = shell('tokenNeeded');
    else if (claims === null) problem.value = shell('tokenMalformed');
    else if (claims.role !== 'host') problem.value = shell('tokenNotHost');
    else signIn(token, keep.value);
  };
  return (
    <main class="sign-in">
      <form
        class="card sign-in-card"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <p class="brand">
          <span class="brand-mark" aria-hidden="true" />
          <span class="brand-name">{common('brand')}</span>
        </p>
        <h1>{shell('signInTitle')}</h1>
        <p class="muted">{shell('signInLead')}</p>
        <Field label={shell('token')} name="token" kind="password" value={text} error={error} />
        <label class="check-line">
          <input
            type="checkbox"
            checked={keep.value}
            onChange={(event) => {
              keep.value = event.currentTarget.checked;
            }}
          />
          <span>{shell('keep')}</span>
        </label>
        <button type="submit" class="button button-primary button-large button-block">
          {shell('signIn')}
        </button>
        <div class="sign-in-tools">
          <LanguageButton />
          <ThemeButton />
        </div>
      </form>
    </main>
  );
}

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
