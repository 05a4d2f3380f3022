import type { Findings } from './findings.js';

/**
 * One accepted booking as its client knows it: place in line, revision of the item in the answer, when it was asked for
 * and answered, units, and until when they were the client's by its own account. Times are ms of the clients' clock.
 */
export type Row = [
  sequence: number,
  revision: number,
  sentAt: number,
  answeredAt: number,
  quantity: number,
  heldUntil: number,
];

/** Places in line are given once each. @param unanswered bookings that may have taken a place unheard; undefined = any number */
export function judgePlaces(
  itemId: string,
  places: number[],
  unanswered: number | undefined,
  findings: Findings,
): void {
  const given = new Set(places);
  const last = places.reduce((most, place) => Math.max(most, place), 0);
  findings.checked('places', places.length);
  if (given.size < places.length)
    findings.broken(
      'places',
      'place given twice',
      `${itemId}: ${places.length - given.size} times`,
    );
  const gaps = last - given.size;
  if (unanswered !== undefined && gaps > unanswered)
    findings.broken('places', 'gap', `${itemId}: ${gaps} of ${last} places are nobody's`);
}

/** Whoever was answered before another asked comes before that one: in the line, and by the item's revision. */
export function judgeRealTime(itemId: string, rows: Row[], findings: Findings): void {
  findings.checked('realTime', rows.length);
  for (const [column, name] of [
    [0, 'place'],
    [1, 'revision'],
  ] as const) {
    const sorted = [...rows].sort((a, b) => a[column] - b[column]);
    /** The first answer to anyone at or after this one in the line. */
    let answered = Number.POSITIVE_INFINITY;
    for (let i = sorted.length - 1; i >= 0; ) {
      const value = sorted[i]?.[column];
      let asked = 0;
      for (; i >= 0 && sorted[i]?.[column] === value; i--) {
        answered = Math.min(answered, sorted[i]?.[3] ?? answered);
        asked = Math.max(asked, sorted[i]?.[2] ?? 0);
      }
      if (answered >= asked) continue;
      const detail = `${itemId} ${value} was asked for ${(asked - answered).toFixed(1)} ms after a later one was answered`;
      findings.broken('realTime', name, detail);
    }
  }
}

/** Units that clients held at one moment, by their own account, are never more than there were. @param most of the item */
export function judgeHeld(itemId: string, rows: Row[], most: number, findings: Findings): void {
  const changes = rows
    .filter(([, , , answeredAt, , heldUntil]) => heldUntil > answeredAt)
    .flatMap(([, , , answeredAt, quantity, heldUntil]) => [
      { at: answeredAt, quantity },
      { at: heldUntil, quantity: -quantity },
    ])
    .sort((a, b) => a.at - b.at || a.quantity - b.quantity);
  let held = 0;
  let top = 0;
  for (const { quantity } of changes) {
    held += quantity;
    top = Math.max(top, held);
  }
  findings.checked('oversold', rows.length);
  if (top > most)
    findings.broken('oversold', 'more than there was', `${itemId}: ${top} at once, of ${most}`);
}
