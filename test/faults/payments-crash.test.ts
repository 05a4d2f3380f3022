import { describe, expect, it } from 'vitest';
import type { Page } from '../../src/protocol/http.js';
import type { Order } from '../../src/protocol/order.js';
import type { Refund } from '../../src/protocol/refund.js';
import { untilAuditOk } from '../support/audit.js';
import { type CrashScene, dieAtEveryPoint, type Flow } from '../support/crash-scene.js';
import {
  ledgerOf,
  noticesOf,
  paymentIdOf,
  refundsOf,
  stockOf,
  untilOrder,
} from '../support/orders.js';

/** Generous: some forty servers are started and killed. */
const PATIENCE_MS = 300_000;

/** Paid once, sold once, rewarded once, and every word about it has an outcome. */
async function expectPaidOnce(scene: CrashScene, late = false) {
  const { seller, stage, orderId, paymentId } = scene;
  const order = await untilOrder(seller, orderId, 'paid');
  expect(order.payment).toMatchObject({ status: 'paid' });
  expect((await seller.get<Page<Order>>('/orders')).items).toHaveLength(1);
  expect(await stockOf(seller, stage.itemId)).toEqual({
    available: 3,
    booked: 0,
    allocated: 0,
    sold: 2,
  });
  const rewards = (await ledgerOf(seller, 'ani')).filter((e) => e.reason === 'order_paid');
  expect(rewards).toMatchObject([{ delta: 2, refId: orderId }]);
  const taken = (await noticesOf(seller, paymentId)).filter((n) => n.outcome !== 'ignored');
  expect(taken).toMatchObject([
    { outcome: 'paid', reason: late ? 'late_but_in_stock' : 'in_time' },
  ]);
  await expectNextInvoice(scene);
}

/** Numbers run on from the first order's without a gap, and none is given twice. */
async function expectNextInvoice({ seller, ani, orderId }: CrashScene) {
  const next = await ani.buy({ quantity: 1, method: 'bank_transfer' });
  await seller.post(`/orders/${next.orderId}/confirm-payment`);
  const { items } = await seller.get<Page<Order>>('/orders');
  const numbers = items.map(({ orderId: id, invoiceNumber }) => [id, invoiceNumber?.slice(-6)]);
  expect(Object.fromEntries(numbers)).toEqual({ [orderId]: '000001', [next.orderId]: '000002' });
  await untilAuditOk(seller);
}

async function expectEndedOnce({ seller, stage, orderId }: CrashScene, reason: string) {
  expect(await stockOf(seller, stage.itemId)).toMatchObject({
    available: 5,
    allocated: 0,
    sold: 0,
  });
  const causes = (await ledgerOf(seller, 'ani')).filter((e) => e.refId === orderId);
  expect(causes.map((entry) => entry.reason)).toEqual([reason]);
  await untilAuditOk(seller);
}

/** From order:place to the settlement's notice, which the gateway repeats. */
const buying: Flow = {
  recovery: 'retries',
  async prepare(scene) {
    await scene.ani.book(2);
    scene.checkoutId = (await scene.ani.checkout()).checkoutId;
    scene.midtrans.notifier.dropping = true;
  },
  async act(scene) {
    await place(scene);
    await scene.pay('noticed');
    await scene.ani.told(scene.orderId, 'paid');
    await scene.midtrans.notifier.idle();
  },
  async recover(scene) {
    // The client has had no answer, or does not know; it repeats the command.
    await place(scene);
    await scene.pay('noticed');
    await untilOrder(scene.seller, scene.orderId, 'paid');
    await scene.untilNoNoticeIsOpen();
    await expectPaidOnce(scene);
  },
};

/** A settlement whose notice comes once and never again: the gateway is asked. */
const settling: Flow = {
  recovery: 'asking',
  prepare: (scene) => scene.order(),
  async act(scene) {
    await scene.pay('noticed');
    await scene.ani.told(scene.orderId, 'paid');
    await scene.midtrans.notifier.idle();
  },
  async recover(scene) {
    await scene.askNow();
    await untilOrder(scene.seller, scene.orderId, 'paid');
    await scene.untilNoNoticeIsOpen();
    await expectPaidOnce(scene);
  },
};

async function place(scene: CrashScene): Promise<void> {
  const order = await scene.ani.place(scene.checkoutId, 'qris', 'r1');
  scene.orderId = order.orderId;
  scene.paymentId = paymentIdOf(order);
}

/** The deadline of an order that nobody has paid; late money comes after all of it. */
const expiring: Flow = {
  recovery: 'retries',
  prepare: (scene) => scene.order(),
  async act(scene) {
    await scene.beDue();
    await scene.ani.told(scene.orderId, 'expired');
  },
  async recover(scene) {
    await scene.askNow();
    await untilOrder(scene.seller, scene.orderId, 'expired');
    expect(scene.midtrans.asked(scene.paymentId)).toContain('cancel');
    await expectEndedOnce(scene, 'order_expired');
    await scene.pay('noticed');
    await untilOrder(scene.seller, scene.orderId, 'paid');
    await scene.untilNoNoticeIsOpen();
    await expectPaidOnce(scene, true);
  },
};

/** The deadline of an order that was paid without a word of it: closing finds out. */
const closingTooLate: Flow = {
  recovery: 'asking',
  async prepare(scene) {
    await scene.order();
    await scene.pay('unnoticed');
  },
  async act(scene) {
    await scene.beDue();
    await scene.ani.told(scene.orderId, 'paid');
  },
  async recover(scene) {
    await scene.askNow();
    await expectPaidOnce(scene);
  },
};

/** The viewer's cancel, repeated by a client that had no answer. */
const cancelling: Flow = {
  recovery: 'retries',
  prepare: (scene) => scene.order(),
  async act(scene) {
    await scene.ani.client.ask('order:cancel', { orderId: scene.orderId });
  },
  async recover(scene) {
    const ack = await scene.ani.client.emit('order:cancel', { orderId: scene.orderId });
    if (!ack.ok) expect(ack.error).toMatchObject({ details: { status: 'cancelled' } });
    await untilOrder(scene.seller, scene.orderId, 'cancelled');
    await expectEndedOnce(scene, 'order_cancelled');
    await scene.pay('noticed');
    await untilOrder(scene.seller, scene.orderId, 'paid');
    await scene.untilNoNoticeIsOpen();
    await expectPaidOnce(scene, true);
  },
};

/** From the QR to a transfer, with the QR paid after all. */
const switching: Flow = {
  recovery: 'retries',
  prepare: (scene) => scene.order(),
  act: (scene) => switchToTransfer(scene),
  async recover(scene) {
    await switchToTransfer(scene);
    await scene.pay('noticed');
    await untilOrder(scene.seller, scene.orderId, 'paid');
    await scene.untilNoNoticeIsOpen();
    await expectPaidOnce(scene);
  },
};

async function switchToTransfer({ ani, orderId }: CrashScene): Promise<void> {
  const request = { orderId, paymentMethod: 'bank_transfer' } as const;
  const { order } = await ani.client.ask('order:pay', request);
  expect(order.payment).toMatchObject({ method: 'bank_transfer', status: 'pending' });
}

/** The host's word that a transfer is there, repeated by a console that had no answer. */
const confirming: Flow = {
  recovery: 'retries',
  prepare: (scene) => transfer(scene),
  act: (scene) => scene.seller.post(`/orders/${scene.orderId}/confirm-payment`),
  async recover(scene) {
    await scene.seller.post(`/orders/${scene.orderId}/confirm-payment`);
    await expectPaidOnce(scene);
  },
};

/** The host gives a paid order up and pays it back; both are repeated with their request ids. */
const refunding: Flow = {
  recovery: 'retries',
  async prepare(scene) {
    await transfer(scene);
    await scene.seller.post(`/orders/${scene.orderId}/confirm-payment`);
  },
  act: (scene) => refund(scene),
  async recover(scene) {
    await refund(scene);
    const { seller, stage, orderId } = scene;
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 5, sold: 0 });
    expect(await refundsOf(seller)).toMatchObject([{ orderId, status: 'done', amount: 20_000 }]);
    await expectNextInvoice(scene);
  },
};

async function transfer(scene: CrashScene): Promise<void> {
  const order = await scene.ani.buy({ quantity: 2, method: 'bank_transfer' });
  scene.orderId = order.orderId;
  scene.paymentId = paymentIdOf(order);
}

async function refund({ seller, orderId }: CrashScene): Promise<void> {
  await seller.post(`/orders/${orderId}/refund`, { restock: true, requestId: 'give up' });
  const [{ refundId }] = (await refundsOf(seller)) as [Refund];
  await seller.post(`/refunds/${refundId}/done`, { requestId: 'paid back' });
}

describe('kill -9 before the first and after every write and request to the gateway', () => {
  it.each([
    ['buying', buying, 7],
    ['a settlement', settling, 3],
    ['an order’s expiry', expiring, 3],
    ['closing what was paid without a word', closingTooLate, 4],
    ['the viewer’s cancel', cancelling, 2],
    ['a switch to transfer', switching, 2],
    ['the host’s word of a transfer', confirming, 1],
    ['a refund', refunding, 2],
  ])(
    'of %s: no payment is lost, none counts twice',
    async (name, flow, atLeast) => {
      const started = performance.now();
      const steps = await dieAtEveryPoint(flow);
      const seconds = ((performance.now() - started) / 1_000).toFixed(1);
      console.info(
        `${name}: died at ${steps.length + 1} points in ${seconds} s: ${steps.join(', ')}`,
      );
      expect(steps.length).toBeGreaterThanOrEqual(atLeast);
    },
    PATIENCE_MS,
  );
});
