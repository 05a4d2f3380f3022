import { computed, signal } from '@preact/signals';

/**
 * The host's token. It arrives in the fragment, which browsers never send to a server, or is pasted into
 * the form. It lives in sessionStorage, so that a reload keeps it and a closed tab forgets it; "keep me
 * signed in" moves it to localStorage.
 */
const KEY = 'livehold.hostToken';

export const token = signal<string | null>(null);
/** Set when the server refused the token: the form then says why it is back. */
export const signInProblem = signal<'expired' | 'rejected' | null>(null);

interface Claims {
  sub: string;
  shop: string;
  role: string;
  staff?: string;
  name?: string;
  exp?: number;
}

/** Reads the token's claims for display only: whether it is genuine is the server's to judge. */
export function readClaims(jwt: string): Claims | null {
  try {
    const payload = jwt.split('.')[1] ?? '';
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (char) =>
      char.charCodeAt(0),
    );
    const claims: Claims = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims.shop === 'string' && typeof claims.sub === 'string' ? claims : null;
  } catch {
    return null;
  }
}

export const claims = computed(() => (token.value === null ? null : readClaims(token.value)));

/** Helpers see what is the owner's alone, and cannot do it. */
export const isOwner = computed(() => claims.value?.staff === undefined);

/** A link that works once, as somebody's phone has scanned it; opened when they say so, not by a preview of it. */
export const linkToOpen = signal<string | null>(null);

/** Takes `#token=…` or `#link=…` out of the address bar at once, so that neither history nor a screen share keeps it. */
export function takeTokenFromFragment(): void {
  const match = /^#token=([^&]+)/.exec(location.hash);
  if (match?.[1] !== undefined) {
    history.replaceState(null, '', `${location.pathname}${location.search}#/cockpit`);
    signIn(decodeURIComponent(match[1]), false);
    return;
  }
  token.value = sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY);
  const link = /^#link=([^&]+)/.exec(location.hash);
  if (link?.[1] === undefined) return;
  history.replaceState(null, '', `${location.pathname}${location.search}#/cockpit`);
  linkToOpen.value = decodeURIComponent(link[1]);
}

export function signIn(jwt: string, keep: boolean): void {
  forget();
  (keep ? localStorage : sessionStorage).setItem(KEY, jwt);
  signInProblem.value = null;
  token.value = jwt;
}

export function signOut(problem: 'expired' | 'rejected' | null = null): void {
  forget();
  signInProblem.value = problem;
  token.value = null;
}

function forget(): void {
  sessionStorage.removeItem(KEY);
  localStorage.removeItem(KEY);
}
