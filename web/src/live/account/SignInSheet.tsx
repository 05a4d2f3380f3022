import { effect, type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { defineMessages } from '../../shared/i18n.js';
import { errorText } from '../../shared/messages.js';
import { profile } from '../me.js';
import { say } from '../messages.js';
import { Sheet } from '../Sheet.js';
import { rememberedName, signInAsGuest } from '../session.js';
import { Preferences } from '../sheetParts.js';
import { closeSheet } from '../sheets.js';
import { current } from '../state.js';

/** The words of signing in by name. */
const ask = defineMessages({
  id: {
    signInAndBook: 'Masuk dan lanjut',
    signInText: 'Cukup nama yang penjual bisa sebut di live. Tanpa kata sandi.',
    yourName: 'Namamu',
    nameHint: 'Contoh: Sari Bandung',
    nameMissing: 'Isi namamu dulu.',
  },
  en: {
    signInAndBook: 'Sign in and go on',
    signInText: 'Just a name that the seller can call out in the live. No password.',
    yourName: 'Your name',
    nameHint: 'For example: Sari Bandung',
    nameMissing: 'Fill in your name first.',
  },
});

const NAME_LENGTH = 64;

/** A name is all that a guest needs. What they were about to book is booked as soon as they are in. */
export function SignInSheet({ after }: { after?: (() => void) | undefined }) {
  const { name, problem, busy, submit } = useSignIn(after);
  return (
    <Sheet title={say('signInTitle')}>
      <form
        class="sign-in"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <p class="muted">{ask('signInText')}</p>
        <NameField name={name} problem={problem.value} />
        <button
          type="submit"
          class="button button-primary button-block button-large"
          aria-busy={busy.value}
        >
          {after === undefined ? say('signIn') : ask('signInAndBook')}
        </button>
      </form>
      <Preferences />
    </Sheet>
  );
}

function NameField({ name, problem }: { name: Signal<string>; problem: string | null }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  return (
    <div class="field">
      <label class="field-label" for="guest-name">
        {ask('yourName')}
      </label>
      <input
        ref={input}
        id="guest-name"
        class="input"
        name="name"
        autoComplete="name"
        maxLength={NAME_LENGTH}
        placeholder={ask('nameHint')}
        value={name}
        aria-invalid={problem !== null}
        aria-describedby="guest-name-problem"
        onInput={(event) => {
          name.value = event.currentTarget.value;
        }}
      />
      <p id="guest-name-problem" class="field-error" role="alert">
        {problem}
      </p>
    </div>
  );
}

function useSignIn(after: (() => void) | undefined) {
  const name = useSignal(rememberedName());
  const problem = useSignal<string | null>(null);
  const busy = useSignal(false);
  const submit = async () => {
    if (busy.peek()) return;
    const given = name.peek().trim();
    problem.value = given === '' ? ask('nameMissing') : null;
    if (given === '') return;
    busy.value = true;
    const outcome = await signInAsGuest(given);
    busy.value = false;
    if (!outcome.ok) {
      problem.value = errorText(outcome.error);
      return;
    }
    closeSheet();
    if (after !== undefined) onceSignedIn(after);
  };
  return { name, problem, busy, submit };
}

/** The new connection must have arrived first. If that takes long, the tap is forgotten rather than late. */
const LATE_MS = 10_000;

function onceSignedIn(action: () => void): void {
  const askedAt = performance.now();
  const stop = effect(() => {
    if (!current.value || profile.value === null) return;
    queueMicrotask(() => {
      stop();
      if (performance.now() - askedAt < LATE_MS) action();
    });
  });
}
