import { SignInSheet } from './account/SignInSheet.js';
import { ItemSheet } from './items/ItemSheet.js';
import type { Sheet } from './sheets.js';

/** What anyone may open, also who only watches. */
export function FirstSheets({ open }: { open: Extract<Sheet, { kind: 'sign-in' | 'item' }> }) {
  return open.kind === 'item' ? (
    <ItemSheet itemId={open.itemId} />
  ) : (
    <SignInSheet after={open.after} />
  );
}
