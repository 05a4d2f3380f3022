import { signal } from '@preact/signals';
import type { OrderPlace, PaymentMethod } from '../../../../src/protocol/order.js';
import type { Recipient, RecipientInput } from '../../../../src/protocol/recipient.js';
import { RECIPIENT_LIMITS } from '../../../../src/protocol/recipient-limits.js';
import { profile, recipient as remembered } from '../me.js';
import { shopId } from '../place.js';

/** What is filled in at the checkout. It stays on this phone until the order is placed: a lapse or a reload loses nothing. */

export type Field = keyof typeof RECIPIENT_LIMITS;
export const FIELDS = Object.keys(RECIPIENT_LIMITS) as Field[];
export type Fields = Record<Field, string>;

export interface Draft {
  delivery: NonNullable<OrderPlace['delivery']>;
  method: PaymentMethod;
  to: Fields;
  /** For the seller. */
  note: string;
}

export const draft = signal<Draft>(emptyDraft(null));

/** Takes up what this viewer has filled in before, else who got their last parcel. */
export function openDraft(): void {
  draft.value = stored() ?? emptyDraft(remembered.peek());
}

export function edit(part: Partial<Draft>): void {
  draft.value = { ...draft.peek(), ...part };
  write(JSON.stringify(draft.peek()));
}

export function editRecipient(field: Field, text: string): void {
  edit({ to: { ...draft.peek().to, [field]: text } });
}

/** The order is placed: what it went to is remembered by the server. */
export function dropDraft(): void {
  write(null);
}

/** As it is sent: without what is empty; undefined when nothing is filled in. */
export function filledIn(to: Fields): RecipientInput | undefined {
  const filled = FIELDS.flatMap((field) => {
    const text = to[field].trim();
    return text === '' ? [] : [[field, text] as const];
  });
  return filled.length === 0
    ? undefined
    : (Object.fromEntries(filled) as unknown as RecipientInput);
}

function emptyDraft(from: Recipient | null): Draft {
  const to = Object.fromEntries(FIELDS.map((field) => [field, from?.[field] ?? ''])) as Fields;
  return { delivery: 'ship', method: 'qris', to, note: '' };
}

function key(): string {
  return `livehold.draft.${shopId}.${profile.peek()?.viewerId ?? ''}`;
}

function stored(): Draft | null {
  try {
    const text = localStorage.getItem(key());
    if (text === null) return null;
    const kept = JSON.parse(text) as Draft;
    const empty = emptyDraft(null);
    return { ...empty, ...kept, to: { ...empty.to, ...kept.to } };
  } catch {
    return null;
  }
}

function write(text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(key());
    else localStorage.setItem(key(), text);
  } catch {
    // Storage refused: it lasts as long as the page.
  }
}
