import { useSignal } from '@preact/signals';
import type { Order } from '../../../../src/protocol/order.js';
import { CancelCost } from '../CancelCost.js';
import { cancelOrder } from '../purchase.js';
import { buy } from '../purchaseMessages.js';
import { Refusal } from '../Refusal.js';
import { current } from '../state.js';
import { useStep } from '../useStep.js';
import { pay } from './messages.js';

export function CancelOrder({ order }: { order: Order }) {
  const asking = useSignal(false);
  const step = useStep(cancelOrder);
  if (!asking.value) {
    return (
      <button
        type="button"
        class="button button-quiet button-block"
        disabled={!current.value}
        onClick={() => {
          asking.value = true;
        }}
      >
        {pay('cancelOrder')}
      </button>
    );
  }
  return (
    <div class="confirm">
      <h3>{pay('cancelOrderQuestion')}</h3>
      <CancelCost units={order.lines.reduce((sum, line) => sum + line.quantity, 0)} />
      <Refusal error={step.error.value} />
      <div class="confirm-buttons">
        <button
          type="button"
          class="button"
          onClick={() => {
            asking.value = false;
          }}
        >
          {buy('keep')}
        </button>
        <button
          type="button"
          class="button button-danger"
          disabled={step.busy.value}
          aria-busy={step.busy.value}
          onClick={() => step.run(order)}
        >
          {pay('confirmCancelOrder')}
        </button>
      </div>
    </div>
  );
}
