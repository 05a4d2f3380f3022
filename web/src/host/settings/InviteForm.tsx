import { useSignal } from '@preact/signals';
import { time } from '../../shared/format.js';
import type { CommandError } from '../../shared/messages.js';
import { QrCode } from '../../shared/QrCode.js';
import { hostErrorText } from '../messages/errors.js';
import { teamWords as words } from '../messages/team.js';
import { api } from '../state/api.js';
import { Dialog } from '../ui/Dialog.js';
import { Field, Labelled } from '../ui/Field.js';
import { Segments } from '../ui/Segments.js';
import { ShareLink } from '../ui/ShareLink.js';

const ROLES = ['helper', 'owner'] as const;
/** Hours: a night, a week, a month. */
const LASTS = [12, 168, 720] as const;

interface Invited {
  name: string;
  url: string;
  endsAt: number;
}

/** Makes a link into the console for somebody, and shows it as a QR code. */
export function InviteForm({ onChange }: { onChange: () => void }) {
  const name = useSignal('');
  const role = useSignal<(typeof ROLES)[number]>('helper');
  const hours = useSignal<number>(LASTS[0]);
  const error = useSignal<CommandError | null>(null);
  const isBusy = useSignal(false);
  const invited = useSignal<Invited | null>(null);
  const invite = async () => {
    isBusy.value = true;
    const body = { name: name.value.trim(), staff: role.value, hours: hours.value };
    const outcome = await api.addStaff(body);
    isBusy.value = false;
    error.value = outcome.ok ? null : outcome.error;
    if (!outcome.ok) return;
    const { member, url } = outcome.data;
    invited.value = { name: member.name, url, endsAt: member.linkEndsAt };
    name.value = '';
    onChange();
  };
  const isBad = error.value?.code === 'VALIDATION';
  return (
    <form
      class="invite"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void invite();
      }}
    >
      <Field
        label={words('name')}
        help={words('nameHelp')}
        error={isBad ? words('badStaffName') : error.value ? hostErrorText(error.value) : undefined}
        name="staffName"
        value={name}
      />
      <Segments
        label={words('role')}
        value={role.value}
        options={ROLES.map((value) => ({ value, label: words(`role_${value}`) }))}
        onChange={(next) => {
          role.value = next;
        }}
      />
      <p class="muted small">{words(`roleHelp_${role.value}`)}</p>
      <Labelled
        label={words('lasts')}
        control={(attributes) => (
          <select
            {...attributes}
            class="input"
            value={hours.value}
            onChange={(event) => {
              hours.value = Number(event.currentTarget.value);
            }}
          >
            {LASTS.map((last) => (
              <option key={last} value={last}>
                {last < 24 ? words('hours', { count: last }) : words('days', { count: last / 24 })}
              </option>
            ))}
          </select>
        )}
      />
      <p class="panel-actions">
        <button
          type="submit"
          class="button button-primary"
          disabled={isBusy.value || name.value.trim() === ''}
        >
          {words('make')}
        </button>
      </p>
      {invited.value !== null && (
        <LinkDialog
          invited={invited.value}
          onClose={() => {
            invited.value = null;
            onChange();
          }}
        />
      )}
    </form>
  );
}

function LinkDialog({ invited, onClose }: { invited: Invited; onClose: () => void }) {
  const { name, url, endsAt } = invited;
  return (
    <Dialog title={words('linkTitle', { name })} onClose={onClose}>
      <div class="dialog-body">
        <p>{words('linkLead', { time: time(endsAt) })}</p>
        <QrCode text={url} label={words('linkTitle', { name })} />
        <ShareLink
          label={words('link')}
          help={words('linkHelp')}
          url={url}
          message={words('linkMessage', { url })}
        />
      </div>
      <div class="dialog-foot">
        <button type="button" class="button button-primary" onClick={onClose}>
          {words('done')}
        </button>
      </div>
    </Dialog>
  );
}
