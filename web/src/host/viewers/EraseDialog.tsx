import type { Viewer } from '../../../../src/protocol/viewer.js';
import { toast } from '../../shared/toast.js';
import { api } from '../api.js';
import { peopleWords as words } from '../messages/people.js';
import { ConfirmDialog } from '../ui/ConfirmDialog.js';

/** Erases a person who asks for it: of what they bought the sums stay, and nobody's name. */
export function EraseDialog({
  viewer,
  onErased,
  onClose,
}: {
  viewer: Viewer;
  onErased: () => void;
  onClose: () => void;
}) {
  const { name, viewerId } = viewer;
  const erase = async () => {
    const outcome = await api.eraseViewer(viewerId);
    if (outcome.ok) {
      toast(words('erased', { name }), 'good');
      onErased();
    }
    return outcome;
  };
  return (
    <ConfirmDialog
      title={words('eraseTitle', { name })}
      yes={words('eraseYes')}
      no={words('no')}
      danger
      run={erase}
      onClose={onClose}
    >
      <p>{words('eraseLead')}</p>
      <p class="muted">{words('eraseKept')}</p>
    </ConfirmDialog>
  );
}
