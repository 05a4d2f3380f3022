import { computed, signal } from '@preact/signals';
import type { OrderPlace, PaymentMethod } from '../../../../src/protocol/order.js';
import type { Recipient, RecipientInput } from '../../../../src/protocol/recipient.js';
import { ORDER_NOTE_LIMIT, RECIPIENT_LIMITS } from '../../../../src/protocol/recipient-limits.js';
import type { CommandError } from '../../shared/messages.js';
import { profile, recipient as remembered } from '../me.js';
import { rules, shopId } from '../state.js';

/** What is filled in at the checkout. It stays on this phone until the order is placed: a lapse or a reload loses nothing. */

export type Field = keyof typeof RECIPIENT_LIMITS;
export const FIELDS = Object.keys(RECIPIENT_LIMITS) as Field[];
export type Fields = Record<Field, string>;

interface Draft {
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

/** What an order lacks, beside the field that lacks it. The server judges; here the buyer sees it before it is asked. */

export type Place = Field | 'orderNote';
/** As they stand on the screen. */
const PLACES: readonly Place[] = [...FIELDS, 'orderNote'];
export type Flaw = 'missing' | 'tooLong' | 'phoneCharacters' | 'phoneShort' | 'notValid';
type Flaws = Partial<Record<Place, Flaw>>;

/** Shown since the last attempt; each goes as soon as its field is edited. */
export const flaws = signal<Flaws>({});
/** The place that an attempt leads to, the first with a flaw; null once the reader is there. */
export const leadTo = signal<Place | null>(null);
/** What the server has asked for: the shop may have become stricter since the page was opened. */
const askedFor = signal<readonly Field[]>([]);

const CONTACT: readonly Field[] = ['name', 'phone'];

/** The fields that this order must have. */
export const demanded = computed<ReadonlySet<Field>>(() => {
  const wanted = rules.value?.recipient ?? 'optional';
  const shipped = draft.value.delivery === 'ship';
  const byShop = wanted === 'optional' ? [] : CONTACT;
  const address: readonly Field[] = wanted === 'address' && shipped ? ['address'] : [];
  const asked = askedFor.value.filter((field) => shipped || CONTACT.includes(field));
  return new Set([...byShop, ...address, ...asked]);
});

/** True when nothing stands in the way of sending. */
export function checkDraft(): boolean {
  return show(flawsOf(draft.peek(), demanded.peek())) === 0;
}

function show(found: Flaws): number {
  flaws.value = found;
  leadTo.value = PLACES.find((place) => found[place] !== undefined) ?? null;
  return Object.keys(found).length;
}

export function flawsOf({ to, delivery, note }: Draft, needed: ReadonlySet<Field>): Flaws {
  const found: Flaws = {};
  // Whoever begins to fill it in needs a name and a phone on it.
  const needs = filledIn(to) === undefined ? needed : new Set([...needed, ...CONTACT]);
  for (const field of delivery === 'ship' ? FIELDS : CONTACT) {
    const flaw = flawOf(field, to[field].trim(), needs.has(field));
    if (flaw !== undefined) found[field] = flaw;
  }
  if (note.trim().length > ORDER_NOTE_LIMIT) found.orderNote = 'tooLong';
  return found;
}

function flawOf(field: Field, text: string, isNeeded: boolean): Flaw | undefined {
  if (text === '') return isNeeded ? 'missing' : undefined;
  if (text.length > RECIPIENT_LIMITS[field]) return 'tooLong';
  return field === 'phone' ? phoneFlaw(text) : undefined;
}

/** Only what is surely wrong; which numbers there are the server knows. */
function phoneFlaw(text: string): Flaw | undefined {
  if (/[^\d\s()+./-]/.test(text)) return 'phoneCharacters';
  return text.replace(/\D/g, '').length < 6 ? 'phoneShort' : undefined;
}

/** Puts a refusal beside the fields that it is about. False when it is about something else. */
export function takeRefusal({ code, details }: CommandError): boolean {
  const found: Flaws = {};
  if (code === 'RECIPIENT_REQUIRED') {
    const missing = (details?.missing ?? CONTACT) as readonly Field[];
    askedFor.value = missing;
    for (const field of missing) found[field] = 'missing';
  }
  const issues = (code === 'VALIDATION' && (details?.issues as { path: string }[])) || [];
  for (const { path } of issues) {
    const field = path.replace('recipient.', '') as Field;
    if (path === 'note') found.orderNote = 'notValid';
    else if (FIELDS.includes(field)) found[field] = 'notValid';
  }
  return show(found) > 0;
}

export function forgetFlaw(place: Place): void {
  const { [place]: _, ...others } = flaws.peek();
  flaws.value = others;
}
