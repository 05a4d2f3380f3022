import { randomUUID } from 'node:crypto';
import type { Booking } from '../../src/protocol/booking.js';
import type { ItemView } from '../../src/protocol/item.js';
import type { Live } from '../../src/protocol/live.js';
import type { Order, PaymentMethod } from '../../src/protocol/order.js';
import type { ViewerClient } from '../support/client.js';
import type { Host } from '../support/host.js';

export interface ConsoleStage {
  live: Live;
  shirt: ItemView;
  skirt: ItemView;
}

/** A live that has not started, with two items: a shirt A1 and a skirt B1. */
export async function scheduledLive(
  host: Host,
  stocks: { shirt: number; skirt: number } = { shirt: 10, skirt: 5 },
): Promise<ConsoleStage> {
  const create = async (code: string, name: string, price: number, stock: number) => {
    const item = { sku: `SKU-${code}`, code, name, price, stock };
    return (await host.post<{ item: ItemView }>('/items', item)).item;
  };
  const shirt = await create('A1', 'Kemeja Panjang / S', 85_000, stocks.shirt);
  const skirt = await create('B1', 'Rok Plisket', 75_000, stocks.skirt);
  const { live } = await host.post<{ live: Live }>('/lives', {
    title: 'Live Malam Minggu',
    itemIds: [shirt.itemId, skirt.itemId],
  });
  return { live, shirt, skirt };
}

/** The same, on air. */
export async function startedLive(
  host: Host,
  stocks?: { shirt: number; skirt: number },
): Promise<ConsoleStage> {
  const stage = await scheduledLive(host, stocks);
  const { live } = await host.post<{ live: Live }>(`/lives/${stage.live.liveId}/start`);
  return { ...stage, live };
}

export async function book(
  viewer: ViewerClient,
  { liveId }: Live,
  { itemId }: ItemView,
  quantity: number,
): Promise<Booking> {
  const request = { liveId, itemId, quantity, requestId: randomUUID() };
  return (await viewer.ask('booking:create', request)).booking;
}

/** Checks out what the viewer holds. */
export async function order(viewer: ViewerClient, paymentMethod: PaymentMethod): Promise<Order> {
  const { checkout } = await viewer.ask('checkout:start', {});
  const request = { checkoutId: checkout.checkoutId, paymentMethod, requestId: randomUUID() };
  return (await viewer.ask('order:place', request)).order;
}
