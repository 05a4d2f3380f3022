import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { StaffMember } from '../../../../src/protocol/staff.js';
import { dateTime, time } from '../../shared/format.js';
import type { CommandError } from '../../shared/messages.js';
import { QrCode } from '../../shared/QrCode.js';
import { toast } from '../../shared/toast.js';
import { hostErrorText } from '../messages/errors.js';
import { teamWords as words } from '../messages/team.js';
import { api } from '../state/api.js';
import { claims } from '../state/session.js';
import { knownShopName, loadShopName } from '../state/shop.js';
import { ConfirmDialog } from '../ui/Dialog.js';
import { Field, Labelled, Segments } from '../ui/Field.js';
import { ShareLink } from '../ui/ShareLink.js';
import { PanelForm, ShownOnce } from './PanelForm.js';

/** The shop's name, and who else may use its console. */
export function TeamPanel() {
  useEffect(() => void loadShopName(), []);
  return (
    <section class="settings-panel">
      {/* What is typed before the name is known would be lost to it. */}
      {knownShopName.value !== null && <ShopName key={knownShopName.value} />}
      <Team />
    </section>
  );
}

function ShopName() {
  const name = useSignal(knownShopName.peek() ?? '');
  const rename = async () => {
    const outcome = await api.renameShop(name.value.trim());
    if (!outcome.ok) return outcome.error;
    knownShopName.value = outcome.data.shop.name;
    toast(words('renamed'), 'good');
    return null;
  };
  return (
    <>
      <h2>{words('shopTitle')}</h2>
      <PanelForm
        quiet
        yes={words('rename')}
        isReady={name.value.trim() !== (knownShopName.value ?? '')}
        submit={rename}
      >
        {(refusal) => (
          <Field
            label={words('shopName')}
            help={words('shopHelp')}
            error={nameError(refusal, words('badName'))}
            name="shopName"
            value={name}
          />
        )}
      </PanelForm>
    </>
  );
}

function Team() {
  const members = useSignal<readonly StaffMember[] | null>(null);
  const removing = useSignal<StaffMember | null>(null);
  const error = useSignal<CommandError | null>(null);
  const load = () =>
    void api.staff().then((outcome) => {
      if (outcome.ok) members.value = outcome.data.items;
      else error.value = outcome.error;
    });
  // biome-ignore lint/correctness/useExhaustiveDependencies: once
  useEffect(load, []);
  const remove = async (member: StaffMember) => {
    const outcome = await api.removeStaff(member.staffId);
    if (outcome.ok) {
      members.value = (members.peek() ?? []).filter((one) => one.staffId !== member.staffId);
      toast(words('removed', { name: member.name }), 'good');
    }
    return outcome;
  };
  const leaving = removing.value;
  return (
    <>
      <h2>{words('title')}</h2>
      <p class="muted">{words('lead')}</p>
      <InviteForm onChange={load} />
      {error.value !== null && <p class="field-error">{hostErrorText(error.value)}</p>}
      {members.value?.length === 0 && <p class="muted">{words('none')}</p>}
      <ul class="team">
        {(members.value ?? []).map((member) => (
          <li key={member.staffId} class="team-line" data-staff={member.staffId}>
            <div class="line-what">
              <b>{member.name}</b> <span class="badge">{words(`role_${member.staff}`)}</span>
              {member.staffId === claims.value?.sub && ` (${words('you')})`}
              <p class="muted small">{stateOf(member)}</p>
            </div>
            <button
              type="button"
              class="button button-danger"
              aria-label={words('removeOf', { name: member.name })}
              onClick={() => {
                removing.value = member;
              }}
            >
              {words('remove')}
            </button>
          </li>
        ))}
      </ul>
      {leaving !== null && (
        <ConfirmDialog
          title={words('removeTitle', { name: leaving.name })}
          yes={words('removeYes')}
          no={words('no')}
          danger
          run={() => remove(leaving)}
          onClose={() => {
            removing.value = null;
          }}
        >
          <p>{words('removeLead', { name: leaving.name })}</p>
        </ConfirmDialog>
      )}
    </>
  );
}

function stateOf({ signedInAt, endsAt, linkEndsAt, by, byName }: StaffMember): string {
  const state =
    signedInAt === undefined
      ? words('invited', { time: dateTime(linkEndsAt) })
      : words('inside', { time: dateTime(signedInAt), until: dateTime(endsAt ?? signedInAt) });
  return `${state} · ${words('by', { name: byName ?? by })}`;
}

const ROLES = ['helper', 'owner'] as const;
/** Hours: a night, a week, a month. */
const LASTS = [12, 168, 720] as const;

interface Invited {
  name: string;
  url: string;
  endsAt: number;
}

/** Makes a link into the console for somebody, and shows it as a QR code. */
function InviteForm({ onChange }: { onChange: () => void }) {
  const name = useSignal('');
  const role = useSignal<(typeof ROLES)[number]>('helper');
  const hours = useSignal<number>(LASTS[0]);
  const invited = useSignal<Invited | null>(null);
  const invite = async () => {
    const body = { name: name.value.trim(), staff: role.value, hours: hours.value };
    const outcome = await api.addStaff(body);
    if (!outcome.ok) return outcome.error;
    const { member, url } = outcome.data;
    invited.value = { name: member.name, url, endsAt: member.linkEndsAt };
    name.value = '';
    onChange();
    return null;
  };
  return (
    <>
      <PanelForm adds yes={words('make')} isReady={name.value.trim() !== ''} submit={invite}>
        {(refusal) => (
          <>
            <Field
              label={words('name')}
              help={words('nameHelp')}
              error={nameError(refusal, words('badStaffName'))}
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
            <HoursSelect hours={hours} />
          </>
        )}
      </PanelForm>
      {invited.value !== null && (
        <LinkDialog
          {...invited.value}
          onClose={() => {
            invited.value = null;
            onChange();
          }}
        />
      )}
    </>
  );
}

function nameError(refusal: CommandError | null, badName: string): string | undefined {
  if (refusal === null) return undefined;
  return refusal.code === 'VALIDATION' ? badName : hostErrorText(refusal);
}

/** For how long the link lets somebody in. */
function HoursSelect({ hours }: { hours: Signal<number> }) {
  return (
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
  );
}

function LinkDialog({ name, url, endsAt, onClose }: Invited & { onClose: () => void }) {
  const title = words('linkTitle', { name });
  return (
    <ShownOnce title={title} done={words('done')} onClose={onClose}>
      <p>{words('linkLead', { time: time(endsAt) })}</p>
      <QrCode text={url} label={title} />
      <ShareLink
        label={words('link')}
        help={words('linkHelp')}
        url={url}
        message={words('linkMessage', { url })}
      />
    </ShownOnce>
  );
}
