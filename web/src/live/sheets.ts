import { signal } from '@preact/signals';

/** Which bottom sheet is open. One at a time; a step inside a purchase replaces the one before. */
export type Sheet =
  | { kind: 'cart' | 'checkout' | 'orders' | 'account' }
  | { kind: 'order'; orderId: string }
  | { kind: 'sign-in'; after?: (() => void) | undefined };

export const sheet = signal<Sheet | null>(null);

/*
 * The phone's back button closes the sheet instead of leaving the live: opening one adds a step to the
 * history, and closing takes it away. Going back is asynchronous, so a sheet that opens meanwhile adds its
 * step only when that has happened.
 */
let goingBack = false;
let opener: Element | null = null;

export function openSheet(next: Sheet): void {
  const first = sheet.peek() === null;
  // Now, for what lies under an open sheet loses the focus before the sheet is drawn.
  if (first) opener = document.activeElement;
  sheet.value = next;
  if (first && !goingBack) addStep();
}

export function closeSheet(): void {
  if (sheet.peek() === null) return;
  sheet.value = null;
  if (isStep(history.state)) {
    goingBack = true;
    history.back();
  }
}

/** Gives the focus back to whatever opened the sheet, or to the items if that is gone. */
export function returnFocus(): void {
  if (opener instanceof HTMLElement && opener !== document.body && opener.isConnected)
    opener.focus();
  else document.getElementById('items')?.focus();
}

export function startSheets(): void {
  if (isStep(history.state)) history.replaceState(null, '');
  window.addEventListener('popstate', () => {
    if (!goingBack) {
      sheet.value = null;
      return;
    }
    goingBack = false;
    if (sheet.peek() !== null) addStep();
  });
}

function addStep(): void {
  history.pushState({ sheet: true }, '');
}

function isStep(state: unknown): boolean {
  return typeof state === 'object' && state !== null && 'sheet' in state;
}
