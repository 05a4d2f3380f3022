import { shell } from '../messages/shell.js';
import { singleKeysOn } from '../state/prefs.js';
import { Dialog } from '../ui/Dialog.js';
import { helpOpen } from '../ui/keyboard.js';
import { Switch } from '../ui/Switch.js';

const LIST = [
  { keys: ['␣'], does: 'keyNext' },
  { keys: ['↑', '↓', 'J', 'K'], does: 'keyMove' },
  { keys: ['1', '…', '9'], does: 'keyNumber' },
  { keys: ['P'], does: 'keyPin' },
  { keys: ['O'], does: 'keyOpenClose' },
  { keys: ['R'], does: 'keyRestock' },
  { keys: ['H'], does: 'keyPrice' },
  { keys: ['B'], does: 'keyBookFor' },
  { keys: ['N'], does: 'keyAdd' },
  { keys: ['Z'], does: 'keyUndo' },
  { keys: ['M'], does: 'keySound' },
  { keys: ['?'], does: 'keyHelp' },
] as const;

/** What the keys do, and the switch that turns the single ones off. */
export function ShortcutsDialog() {
  if (!helpOpen.value) return null;
  const close = () => {
    helpOpen.value = false;
  };
  return (
    <Dialog title={shell('shortcuts')} onClose={close}>
      <div class="dialog-body">
        <Switch
          label={shell('singleKeys')}
          help={shell('singleKeysHelp')}
          on={singleKeysOn.value}
          onChange={(on) => {
            singleKeysOn.value = on;
          }}
        />
        <p class="muted small">{shell('shortcutsLead')}</p>
        <dl class={`shortcuts${singleKeysOn.value ? '' : ' shortcuts-off'}`}>
          {LIST.map((line) => (
            <Line key={line.does} keys={line.keys} does={shell(line.does)} />
          ))}
        </dl>
        <dl class="shortcuts">
          <Line keys={['Alt', '1', '…', '6']} does={shell('keyPages')} />
          <Line keys={['Esc']} does={shell('keyEscape')} />
        </dl>
      </div>
    </Dialog>
  );
}

function Line({ keys, does }: { keys: readonly string[]; does: string }) {
  return (
    <div class="shortcut">
      <dt>
        {keys.map((key) => (
          <kbd key={key} class="key">
            {key}
          </kbd>
        ))}
      </dt>
      <dd>{does}</dd>
    </div>
  );
}
