import type { Recorder } from './recorder.js';
import type { Visitor } from './visitor.js';

/** What actions need to do their part. */
export interface Field {
  url: string;
  itemIds: string[];
  runId: string;
  recorder: Recorder;
  /** Bookings that the server could not say anything about; they are asked again when the run is over. */
  unknown: Unknown[];
  /** Counts an outcome: `accepted`, or the code of a refusal. */
  count(outcome: string): void;
}

export interface Unknown {
  visitor: Visitor;
  itemId: string;
  requestId: string;
}
