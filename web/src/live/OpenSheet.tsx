import { type Signal, signal, useSignalEffect } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { common } from '../shared/messages.js';
import { profile } from './me.js';
import { say } from './messages.js';
import { Sheet } from './Sheet.js';
import { type Sheet as Open, sheet } from './sheets.js';
import { current } from './state.js';

type Sheets = ComponentType<{ open: Open }>;
type Loaded = Sheets | 'loading' | 'failed';

/** Sheets apart from the page: what is under the thumb comes first, and most people watch before they buy. */
class Part {
  readonly loaded: Signal<Loaded> = signal<Loaded>('loading');

  constructor(private readonly fetch: () => Promise<Sheets>) {}

  async load(): Promise<void> {
    if (typeof this.loaded.peek() === 'function') return;
    try {
      const sheets = await this.fetch();
      this.loaded.value = sheets;
    } catch {
      this.loaded.value = 'failed';
    }
  }
}

const first = new Part(async () => (await import('./FirstSheets.js')).FirstSheets as Sheets);
const buyers = new Part(async () => (await import('./BuyerSheets.js')).BuyerSheets as Sheets);

function partOf(open: Open): Part {
  return ['sign-in', 'item', 'share'].includes(open.kind) ? first : buyers;
}

/** The one sheet that is open, if any. */
export function OpenSheet() {
  const open = sheet.value;
  const part = open === null ? null : partOf(open);
  useEffect(() => void part?.load(), [part]);
  // Once the page can be used, what a tap may ask for next.
  useSignalEffect(() => {
    if (!current.value) return;
    void first.load();
    if (profile.value !== null) void buyers.load();
  });
  if (open === null || part === null) return null;
  const Sheets = part.loaded.value;
  if (typeof Sheets === 'function') return <Sheets open={open} />;
  return (
    <Sheet title={common('loading')}>
      {Sheets === 'failed' && (
        <div class="empty">
          <p>{say('sheetFailed')}</p>
          <button type="button" class="button button-primary" onClick={() => void part.load()}>
            {common('retry')}
          </button>
        </div>
      )}
    </Sheet>
  );
}
