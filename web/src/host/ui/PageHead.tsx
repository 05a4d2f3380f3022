import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { Outcome } from '../../../../src/client/index.js';
import { locale } from '../../shared/i18n.js';
import { toast } from '../../shared/toast.js';
import { hostErrorText } from '../messages/errors.js';
import { trade } from '../messages/trade.js';
import { Icon } from './Icon.js';

export function PageHead({
  title,
  lead,
  children,
}: {
  title: string;
  lead: string;
  children?: ComponentChildren;
}) {
  return (
    <header class="page-head">
      <div>
        <h1>{title}</h1>
        <p class="muted">{lead}</p>
      </div>
      {children !== undefined && <div class="page-tools">{children}</div>}
    </header>
  );
}

type Separator = ',' | ';';

/** Fetches a table and hands it to the browser as a file. */
export function CsvButton({
  name,
  ask,
}: {
  name: string;
  ask: (separator: Separator) => Promise<Outcome<Blob>>;
}) {
  const busy = useSignal(false);
  const download = async () => {
    busy.value = true;
    // Where decimals have a comma, Excel opens a table with semicolons by a double click.
    const outcome = await ask(locale.value === 'id' ? ';' : ',');
    busy.value = false;
    if (outcome.ok) save(outcome.data, name);
    else toast(hostErrorText(outcome.error), 'bad');
  };
  return (
    <button type="button" class="button" disabled={busy.value} onClick={() => void download()}>
      <Icon name="download" size={18} />
      {trade('csv')}
    </button>
  );
}

function save(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser has taken the file over by the next turn.
  setTimeout(() => URL.revokeObjectURL(link.href), 1_000);
}
