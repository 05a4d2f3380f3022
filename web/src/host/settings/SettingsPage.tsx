import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Settings } from '../../../../src/protocol/settings.js';
import { type CommandError, common } from '../../shared/messages.js';
import { hostErrorText } from '../messages/errors.js';
import { settings as words } from '../messages/settings.js';
import { api } from '../state/api.js';
import { PageHead } from '../ui/PageHead.js';
import { SettingsEditor } from './SettingsEditor.js';

export function SettingsPage() {
  const settings = useSignal<Settings | null>(null);
  const failure = useSignal<CommandError | null>(null);
  useEffect(() => {
    void api.settings().then((outcome) => {
      if (outcome.ok) settings.value = outcome.data.settings;
      else failure.value = outcome.error;
    });
  }, [settings, failure]);
  return (
    <>
      <PageHead title={words('title')} lead={words('lead')} />
      {failure.value !== null && (
        <p class="field-error" role="alert">
          {hostErrorText(failure.value)}
        </p>
      )}
      {settings.value === null ? (
        failure.value === null && <p class="muted">{common('loading')}</p>
      ) : (
        <SettingsEditor
          settings={settings.value}
          onSaved={(saved) => {
            settings.value = saved;
          }}
        />
      )}
    </>
  );
}
