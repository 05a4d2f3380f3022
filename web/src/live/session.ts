import { computed, signal } from '@preact/signals';
import { Api, type Outcome, settle } from '../../../src/client/index.js';
import { errorText } from '../shared/messages.js';
import { toast } from '../shared/toast.js';
import { profile } from './me.js';
import { say } from './messages.js';
import { closeSheet } from './sheets.js';
import { arrival, connection, shopId } from './state.js';

/** Who the viewer is in this shop: a guest by name, or the merchant's own token. Watching needs neither. */

const TOKEN_KEY = `livehold.token.${shopId}`;
const NAME_KEY = 'livehold.guestName';

export const token = signal<string | undefined>(tokenFromFragment() ?? storedToken());

/** Whether this server has signed the viewer in, and not the shop's own system. */
export const hasOwnToken = computed(() => {
  try {
    const body = (token.value?.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    return (JSON.parse(atob(body)) as { own?: boolean }).own === true;
  } catch {
    return false;
  }
});

/** Somebody who has been here before: who they are, and what they have, comes with the connection. */
export const isReturning = computed(
  () =>
    token.value !== undefined &&
    profile.value === null &&
    arrival.value === 'joining' &&
    connection.value !== 'offline',
);

/** Opened by a link from the viewer's other device: signs in, unless somebody else is; then they are asked. */
export function startSession(): void {
  followOtherTabs();
  arrive();
  // The link put into the address of a page that is open already.
  window.addEventListener('hashchange', arrive);
}

function arrive(): void {
  const code = fromFragment('claim');
  if (code === undefined) return;
  if (token.peek() === undefined) void openLink(code);
  else {
    const action = { label: say('claimSwitch'), run: () => void openLink(code) };
    toast(say('claimOther'), 'info', { action, shownMs: 60_000 });
  }
}

async function openLink(code: string): Promise<void> {
  const outcome = await settle(new Api().call('POST /me/link/open', { body: { code } }));
  if (!outcome.ok) {
    const isSpent = ['UNAUTHENTICATED', 'VALIDATION'].includes(outcome.error.code);
    toast(isSpent ? say('claimFailed') : errorText(outcome.error), 'bad', { shownMs: 10_000 });
    return;
  }
  keep(outcome.data.token);
  toast(say('claimed'), 'good');
}

/** What the guest called themselves last time, in any shop of this server. */
export function rememberedName(): string {
  return read(NAME_KEY) ?? '';
}

export async function signInAsGuest(name: string): Promise<Outcome<{ token: string }>> {
  const guest = { params: { shopId }, body: { name } };
  const outcome = await settle(new Api().call('POST /shops/:shopId/guests', guest));
  if (outcome.ok) {
    write(NAME_KEY, name);
    keep(outcome.data.token);
  }
  return outcome;
}

export function signOut(): void {
  write(TOKEN_KEY, null);
  token.value = undefined;
}

/** Who signs in or out in one tab does so in all of them. */
function followOtherTabs(): void {
  window.addEventListener('storage', ({ key }) => {
    // A null key: all of the storage was emptied.
    if (key !== TOKEN_KEY && key !== null) return;
    const next = storedToken();
    if (next === token.peek()) return;
    // What it shows is somebody else's, or nobody's.
    closeSheet();
    token.value = next;
  });
}

/** The server will not have this token any more: go on watching without one. */
export function endSession(): void {
  if (token.peek() === undefined) return;
  toast(say('sessionEnded'), 'bad', { shownMs: 10_000 });
  // Not within whoever is reading the token just now.
  queueMicrotask(signOut);
}

/** A merchant's app opens the page with `#token=…`; the address bar must not keep it. */
function tokenFromFragment(): string | undefined {
  const given = fromFragment('token');
  if (given !== undefined) write(TOKEN_KEY, given);
  return given;
}

function fromFragment(name: string): string | undefined {
  const given = new URLSearchParams(location.hash.slice(1)).get(name);
  if (given === null || given === '') return undefined;
  history.replaceState(history.state, '', location.pathname + location.search);
  return given;
}

function keep(given: string): void {
  write(TOKEN_KEY, given);
  token.value = given;
}

function storedToken(): string | undefined {
  const stored = read(TOKEN_KEY);
  return stored ?? undefined;
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Storage refused: the session lasts as long as the page.
  }
}
