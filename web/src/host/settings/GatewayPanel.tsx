import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { PaymentGatewayView } from '../../../../src/protocol/payment-gateway.js';
import { dateTime, rupiah } from '../../shared/format.js';
import { type CommandError, common } from '../../shared/messages.js';
import { toast } from '../../shared/toast.js';
import { hostErrorText } from '../messages/errors.js';
import { gatewayWords as words } from '../messages/settings.js';
import { api, issuesOf } from '../state/api.js';
import { ConfirmDialog } from '../ui/Dialog.js';
import { Field, ReadOnly } from '../ui/Field.js';
import { PanelForm } from './PanelForm.js';

/** Whose account takes the QRIS money; the shop's own key can be set, tested and removed, and is never shown. */
export function GatewayPanel() {
  const account = useSignal<PaymentGatewayView | null>(null);
  const failure = useSignal<CommandError | null>(null);
  useEffect(() => {
    void api.paymentGateway().then((outcome) => {
      if (outcome.ok) account.value = outcome.data.paymentGateway;
      else failure.value = outcome.error;
    });
  }, [account, failure]);
  if (failure.value !== null) return <p class="field-error">{hostErrorText(failure.value)}</p>;
  if (account.value === null) return <p class="muted">{common('loading')}</p>;
  return (
    <section class="settings-panel">
      <h2>{words('title')}</h2>
      <p class="muted">{words('lead')}</p>
      <Account account={account.value} />
      <AccountActions account={account} isOwn={account.value.own} />
      <KeyForm account={account} />
    </section>
  );
}

function Account({ account }: { account: PaymentGatewayView }) {
  const { own, setAt, usable, baseUrl, limits, notificationUrl, provider } = account;
  return (
    <>
      <p data-gateway={own ? 'own' : 'server'}>
        <b>{own ? words('own', { time: dateTime(setAt ?? 0) }) : words(`servers_${provider}`)}</b>{' '}
        {baseUrl !== undefined && words('address', { url: baseUrl })}{' '}
        {words('limit', { amount: rupiah(limits.amount) })}
      </p>
      {!usable && (
        <p class="field-error" role="alert">
          {words('unusable')}
        </p>
      )}
      {notificationUrl !== undefined && (
        <ReadOnly
          label={words('notification')}
          help={words('notificationHelp')}
          wide
          value={notificationUrl}
        />
      )}
    </>
  );
}

function AccountActions({
  account,
  isOwn,
}: {
  account: Signal<PaymentGatewayView | null>;
  isOwn: boolean;
}) {
  const isBusy = useSignal(false);
  const isRemoving = useSignal(false);
  const test = async () => {
    isBusy.value = true;
    const outcome = await api.testPaymentGateway();
    isBusy.value = false;
    if (!outcome.ok) toast(hostErrorText(outcome.error), 'bad');
    else {
      const { result } = outcome.data;
      toast(words(`test_${result}`), result === 'ok' ? 'good' : 'bad');
    }
  };
  const remove = async () => {
    const outcome = await api.removePaymentGateway();
    if (outcome.ok) {
      account.value = outcome.data.paymentGateway;
      toast(words('removed'), 'good');
    }
    return outcome;
  };
  return (
    <p class="panel-actions">
      <button type="button" class="button" disabled={isBusy.value} onClick={() => void test()}>
        {words('test')}
      </button>
      {isOwn && (
        <button
          type="button"
          class="button button-danger"
          onClick={() => {
            isRemoving.value = true;
          }}
        >
          {words('remove')}
        </button>
      )}
      {isRemoving.value && (
        <ConfirmDialog
          title={words('removeTitle')}
          yes={words('removeYes')}
          no={words('no')}
          danger
          run={remove}
          onClose={() => {
            isRemoving.value = false;
          }}
        >
          <p>{words('removeLead')}</p>
        </ConfirmDialog>
      )}
    </p>
  );
}

function KeyForm({ account }: { account: Signal<PaymentGatewayView | null> }) {
  const key = useSignal('');
  const url = useSignal('');
  const submit = async () => {
    const baseUrl = url.value.trim();
    const outcome = await api.setPaymentGateway({
      provider: 'midtrans',
      serverKey: key.value.trim(),
      ...(baseUrl === '' ? {} : { baseUrl }),
    });
    if (!outcome.ok) return outcome.error;
    key.value = '';
    url.value = '';
    account.value = outcome.data.paymentGateway;
    toast(words('saved'), 'good');
    return null;
  };
  return (
    <PanelForm yes={words('save')} isReady={key.value.trim() !== ''} submit={submit}>
      {(refusal) => <KeyFields serverKey={key} url={url} refusal={refusal} />}
    </PanelForm>
  );
}

interface KeyFieldsProps {
  serverKey: Signal<string>;
  url: Signal<string>;
  refusal: CommandError | null;
}

function KeyFields({ serverKey, url, refusal }: KeyFieldsProps) {
  const isKeyBad = refusal !== null && issuesOf(refusal).has('serverKey');
  const isUrlBad =
    refusal !== null && (issuesOf(refusal).has('baseUrl') || 'baseUrl' in (refusal.details ?? {}));
  return (
    <>
      <Field
        label={words('key')}
        help={words('keyHelp')}
        error={isKeyBad ? words('badKey') : undefined}
        name="serverKey"
        kind="password"
        value={serverKey}
      />
      <Field
        label={words('baseUrl')}
        help={words('baseUrlHelp')}
        error={isUrlBad ? words('badUrl') : undefined}
        name="baseUrl"
        kind="url"
        value={url}
      />
      {refusal !== null && !isKeyBad && !isUrlBad && (
        <p class="field-error" role="alert">
          {hostErrorText(refusal)}
        </p>
      )}
    </>
  );
}
