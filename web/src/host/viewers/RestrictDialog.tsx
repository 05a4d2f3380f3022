import { useSignal } from '@preact/signals';
import type { Viewer } from '../../../../src/protocol/viewer.js';
import { toast } from '../../shared/toast.js';
import { api } from '../api.js';
import { peopleWords as words } from '../messages/people.js';
import { trade } from '../messages/trade.js';
import { ConfirmDialog } from '../ui/ConfirmDialog.js';
import { Switch } from '../ui/Switch.js';

/** Keeps somebody from booking, and on request lets go of what they hold. */
export function RestrictDialog({
  viewer,
  onChange,
  onClose,
}: {
  viewer: Viewer;
  onChange: (viewer: Viewer) => void;
  onClose: () => void;
}) {
  const release = useSignal(false);
  const { name, viewerId } = viewer;
  const restrict = async () => {
    const body = { status: 'restricted', release: release.value } as const;
    const outcome = await api.patchViewer(viewerId, body);
    if (outcome.ok) {
      onChange(outcome.data.viewer);
      toast(trade('restricted', { name }), 'good');
    }
    return outcome;
  };
  return (
    <ConfirmDialog
      title={words('restrictTitle', { name })}
      yes={words('restrictYes')}
      no={words('no')}
      danger
      run={restrict}
      onClose={onClose}
    >
      <p>{words('restrictLead', { name })}</p>
      <Switch
        label={words('release')}
        help={words('releaseHelp')}
        on={release.value}
        onChange={(on) => {
          release.value = on;
        }}
      />
    </ConfirmDialog>
  );
}
