import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { newRequestId } from '../../../../src/client/index.js';
import type { Viewer } from '../../../../src/protocol/viewer.js';
import { toast } from '../../shared/toast.js';
import { peopleWords as words } from '../messages/people.js';
import { trade } from '../messages/trade.js';
import { api } from '../state/api.js';
import { ConfirmDialog, Dialog, SubmitForm } from '../ui/Dialog.js';
import { Field, Switch } from '../ui/Field.js';
import { readWhole } from '../ui/numbers.js';

const MOST_POINTS = 1_000;
const MOST_LETTERS = 200;

/** The host gives points back, or takes some, and says why. */
export function CorrectDialog({
  viewer,
  onChange,
  onClose,
}: {
  viewer: Viewer;
  onChange: (viewer: Viewer) => void;
  onClose: () => void;
}) {
  const points = useSignal('');
  const why = useSignal('');
  const isTried = useSignal(false);
  const { name, reputation, viewerId } = viewer;
  const delta = readWhole(points.value.replace('−', '-'));
  const reason = why.value.trim();
  const isGood = delta !== null && delta !== 0 && Math.abs(delta) <= MOST_POINTS;
  const isSaid = reason !== '' && reason.length <= MOST_LETTERS;
  // The same points for the same reason are one correction, however often they are sent.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another correction is another request
  const requestId = useMemo(newRequestId, [delta, reason]);
  const submit = async () => {
    isTried.value = true;
    if (!isGood || !isSaid) return null;
    const outcome = await api.correctReputation(viewerId, { delta, reason, requestId });
    if (!outcome.ok) return outcome.error;
    onChange(outcome.data.viewer);
    toast(words('corrected', { name, now: outcome.data.viewer.reputation }), 'good');
    onClose();
    return null;
  };
  return (
    <Dialog title={words('correctTitle', { name })} onClose={onClose}>
      <SubmitForm yes={words('apply')} no={words('no')} submit={submit} onClose={onClose}>
        <Field
          label={words('points')}
          help={words('pointsHelp', { now: reputation })}
          error={isTried.value && !isGood ? words('badPoints') : undefined}
          name="delta"
          kind="signed"
          value={points}
          focusFirst
        />
        <Field
          label={words('why')}
          help={words('whyHelp', { name })}
          error={isTried.value && !isSaid ? words('badWhy') : undefined}
          name="reason"
          value={why}
        />
      </SubmitForm>
    </Dialog>
  );
}

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
