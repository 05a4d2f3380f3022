import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { StaffMember } from '../../../../src/protocol/staff.js';
import { dateTime } from '../../shared/format.js';
import type { CommandError } from '../../shared/messages.js';
import { toast } from '../../shared/toast.js';
import { hostErrorText } from '../messages/errors.js';
import { teamWords as words } from '../messages/team.js';
import { api } from '../state/api.js';
import { claims } from '../state/session.js';
import { loadShopName, shopName } from '../state/shop.js';
import { ConfirmDialog } from '../ui/Dialog.js';
import { Field } from '../ui/Field.js';
import { InviteForm } from './InviteForm.js';

/** The shop's name, and who else may use its console. */
export function TeamPanel() {
  useEffect(() => void loadShopName(), []);
  return (
    <section class="settings-panel">
      <ShopName key={shopName.value} />
      <Team />
    </section>
  );
}

function ShopName() {
  const name = useSignal(shopName.peek());
  const error = useSignal<CommandError | null>(null);
  const rename = async () => {
    const outcome = await api.renameShop(name.value.trim());
    error.value = outcome.ok ? null : outcome.error;
    if (!outcome.ok) return;
    shopName.value = outcome.data.shop.name;
    toast(words('renamed'), 'good');
  };
  const isBad = error.value?.code === 'VALIDATION';
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void rename();
      }}
    >
      <h2>{words('shopTitle')}</h2>
      <Field
        label={words('shopName')}
        help={words('shopHelp')}
        error={isBad ? words('badName') : error.value ? hostErrorText(error.value) : undefined}
        name="shopName"
        value={name}
      />
      <p class="panel-actions">
        <button type="submit" class="button" disabled={name.value.trim() === shopName.value}>
          {words('rename')}
        </button>
      </p>
    </form>
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
