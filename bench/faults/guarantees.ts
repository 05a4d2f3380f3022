/** What Livehold promises, in the order in which docs/reliability.md explains it. */
export const GUARANTEES = [
  'stock',
  'once',
  'deadlines',
  'reputation',
  'money',
  'kept',
  'seen',
  'answers',
  'memory',
  'sound',
  'told',
  'archived',
  'delivered',
] as const;
export type Guarantee = (typeof GUARANTEES)[number];

/** A guarantee that was broken, and what was seen. */
export interface Finding {
  guarantee: Guarantee;
  detail: string;
}
