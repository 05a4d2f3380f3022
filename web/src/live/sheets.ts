import { effect, signal } from '@preact/signals';
import { profile } from './me.js';

/** Which bottom sheet is open. One at a time; a step inside a purchase replaces the one before. */
export type Sheet =
  | { kind: 'cart' | 'checkout' | 'orders' | 'account' }
  | { kind: 'share' }
  | { kind: 'order' | 'invoice'; orderId: string }
  | { kind: 'item'; itemId: string }
  | { kind: 'sign-in'; after?: (() => void) | undefined };

export const sheet = signal<Sheet | null>(null);

/*
 * The phone's back button closes the sheet instead of leaving the live: opening one adds a step to the
 * history. Closing leaves the step there for the next sheet, because going back is asynchronous and would
 * close a sheet that is opened meanwhile; who goes back with no sheet open is led over it.
 */
let opener: Element | null = null;

export function openSheet(next: Sheet): void {
  // Now, for what lies under an open sheet loses the focus before the sheet is drawn.
  if (sheet.peek() === null) opener = document.activeElement;
  sheet.value = next;
  if (!isStep(history.state)) history.pushState({ sheet: true }, '');
}

export function closeSheet(): void {
  sheet.value = null;
}

/** Gives the focus back to whatever opened the sheet, or to the items if that is gone, unless something has it by now. */
export function returnFocus(): void {
  if (document.activeElement !== null && document.activeElement !== document.body) return;
  if (opener instanceof HTMLElement && opener !== document.body && opener.isConnected)
    opener.focus();
  else document.getElementById('items')?.focus();
}

export function startSheets(): void {
  if (isStep(history.state)) history.replaceState(null, '');
  comeBackTo(kept());
  effect(() => keep(sheet.value));
  window.addEventListener('popstate', ({ state }) => {
    // A link put into the address of the open page is no going back; the page takes its fragment away itself.
    if (/^#(claim|token)=/.test(location.hash)) return;
    if (sheet.peek() !== null) closeSheet();
    // Nor is a jump within the page.
    else if (location.hash === '' && !isStep(state)) history.back();
  });
}

function isStep(state: unknown): boolean {
  return typeof state === 'object' && state !== null && 'sheet' in state;
}

const KEPT_KEY = 'livehold.sheet';

/** Steps of a purchase. A reload, and a phone that drops the page while its reader is in the bank's app, lead back to them. */
const KEPT: readonly string[] = ['checkout', 'order'];

function comeBackTo(step: Sheet | null): void {
  if (step === null) return;
  const stop = effect(() => {
    if (profile.value === null) return;
    queueMicrotask(() => {
      stop();
      if (sheet.peek() === null) openSheet(step);
    });
  });
}

function keep(step: Sheet | null): void {
  try {
    if (step === null || !KEPT.includes(step.kind)) sessionStorage.removeItem(KEPT_KEY);
    else sessionStorage.setItem(KEPT_KEY, JSON.stringify(step));
  } catch {
    // Storage refused: a reload begins with no sheet.
  }
}

function kept(): Sheet | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT_KEY) ?? 'null') as Sheet | null;
  } catch {
    return null;
  }
}
