import type { Checkout } from '../../src/protocol/checkout.js';
import type { Order, PaymentMethod } from '../../src/protocol/order.js';
import type { Field } from './field.js';
import type { Timing } from './recorder.js';
import type { Visitor } from './visitor.js';

interface Step {
  field: Field;
  visitor: Visitor;
  turn: number;
}

/** Of ten who book, so many go no further than each step, and what they have left behind runs out. */
const ENDS: ((step: Step) => Promise<void>)[] = [
  forget,
  leaveCheckoutOpen,
  goBack,
  (step) => leaveUnpaid(step, 'bank_transfer'),
  (step) => leaveUnpaid(step, 'qris'),
  cancelOrder,
];
const OUT_OF = 10;

/** What follows upon a booking: most of it is paid by QRIS, the rest ends in one of the other ways. */
export function purchase(field: Field, visitor: Visitor, turn: number): Promise<void> {
  return (ENDS[turn % OUT_OF] ?? pay)({ field, visitor, turn });
}

async function forget({ field }: Step): Promise<void> {
  field.count('forgotten');
}

async function leaveCheckoutOpen(step: Step): Promise<void> {
  await startCheckout(step);
  step.field.count('checkout left open');
}

async function goBack(step: Step): Promise<void> {
  const { checkoutId } = await startCheckout(step);
  await step.visitor.ask('checkout:leave', { checkoutId });
  step.field.count('checkout left');
}

async function leaveUnpaid(step: Step, method: PaymentMethod): Promise<void> {
  await placeOrder(step, method);
  step.field.count('order left unpaid');
}

async function cancelOrder(step: Step): Promise<void> {
  const { orderId } = await placeOrder(step, 'qris');
  await step.visitor.ask('order:cancel', { orderId });
  step.field.count('order cancelled');
}

async function pay(step: Step): Promise<void> {
  const { payment } = await placeOrder(step, 'qris');
  if (!payment) throw new Error('order without payment');
  const url = new URL(`/sandbox/qris/${payment.paymentId}/pay`, step.field.url);
  await timed(step.field, 'pay', async () => {
    const response = await fetch(url, { method: 'POST' });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`pay: HTTP ${response.status}`);
  });
  step.field.count('paid');
}

async function startCheckout({ field, visitor }: Step): Promise<Checkout> {
  return (await timed(field, 'checkout', () => visitor.ask('checkout:start', {}))).checkout;
}

async function placeOrder(step: Step, paymentMethod: PaymentMethod): Promise<Order> {
  const { field, visitor, turn } = step;
  const { checkoutId } = await startCheckout(step);
  const request = { checkoutId, paymentMethod, requestId: `${field.runId}-o${turn}` };
  return (await timed(field, 'order', () => visitor.ask('order:place', request))).order;
}

async function timed<Result>(
  field: Field,
  timing: Timing,
  work: () => Promise<Result>,
): Promise<Result> {
  const start = performance.now();
  const result = await work();
  field.recorder.note(timing, performance.now() - start);
  return result;
}
