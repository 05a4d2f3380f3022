import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { common } from '../shared/messages.js';
import { SignInSheet } from './account/SignInSheet.js';
import { ItemSheet } from './items/ItemSheet.js';
import { profile } from './me.js';
import { say } from './messages.js';
import { Sheet } from './Sheet.js';
import { sheet } from './sheets.js';

/** What is there before anyone has signed in. */
const IN_PAGE: readonly string[] = ['sign-in', 'item'];

type Loaded = typeof import('./BuyerSheets.js')['BuyerSheets'];

/** Apart from the page: most people watch before they buy. */
const buyerSheets = signal<Loaded | 'loading' | 'failed'>('loading');

async function load(): Promise<void> {
  try {
    buyerSheets.value = (await import('./BuyerSheets.js')).BuyerSheets;
  } catch {
    buyerSheets.value = 'failed';
  }
}

/** The one sheet that is open, if any. */
export function OpenSheet() {
  const open = sheet.value;
  const isNeeded = profile.value !== null || (open !== null && !IN_PAGE.includes(open.kind));
  useEffect(() => {
    if (isNeeded) void load();
  }, [isNeeded]);
  if (open === null) return null;
  if (open.kind === 'sign-in') return <SignInSheet after={open.after} />;
  if (open.kind === 'item') return <ItemSheet itemId={open.itemId} />;
  const Sheets = buyerSheets.value;
  if (typeof Sheets === 'function') return <Sheets open={open} />;
  return (
    <Sheet title={common('loading')}>
      {Sheets === 'failed' && (
        <div class="empty">
          <p>{say('sheetFailed')}</p>
          <button type="button" class="button button-primary" onClick={() => void load()}>
            {common('retry')}
          </button>
        </div>
      )}
    </Sheet>
  );
}
