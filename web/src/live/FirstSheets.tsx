import { SignInSheet } from './account/SignInSheet.js';
import { ItemSheet } from './items/ItemSheet.js';
import { ShareSheet } from './ShareSheet.js';
import type { Sheet } from './sheets.js';

/** What anyone may open, also who only watches. */
export function FirstSheets({
  open,
}: {
  open: Extract<Sheet, { kind: 'sign-in' | 'item' | 'share' }>;
}) {
  switch (open.kind) {
    case 'item':
      return <ItemSheet itemId={open.itemId} />;
    case 'share':
      return <ShareSheet />;
    case 'sign-in':
      return <SignInSheet after={open.after} />;
  }
}
