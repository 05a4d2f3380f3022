import type { MetricObjectWithValues, MetricValue } from 'prom-client';

/** What one process has counted, as prom-client answers it. */
export type Counts = MetricObjectWithValues<MetricValue<string>>[];

/** Points of a limit that one worker has taken, or given back, by key. */
export interface Taken {
  kind: 'taken';
  limit: string;
  by: [key: string, points: number][];
}

/** A connection to be served by the worker that has its session; the socket comes with the message. */
interface HandOver {
  kind: 'hand-over';
  to: number;
  /** The request as it was read, base64. */
  request: string;
}

export type ToPrimary =
  | { kind: 'hello' }
  | { kind: 'ready' }
  | { kind: 'metrics'; id: number }
  | { kind: 'counts'; id: number; counts: Counts }
  | Taken
  | HandOver;

export type ToWorker =
  | { kind: 'local redis'; url: string }
  | { kind: 'local archive'; url: string }
  | { kind: 'metrics'; id: number; text: string }
  | { kind: 'count'; id: number }
  | Taken
  | HandOver;

/** Of a worker's environment: the folder in which each worker listens for what others pass on to it. */
export const FOLDER_VARIABLE = 'LIVEHOLD_WORKERS_FOLDER';

/** Of a worker's environment, when others serve already. */
export const LATER_VARIABLE = 'LIVEHOLD_WORKER_LATER';

/** Where worker `id` listens for requests of its sessions that another worker has accepted. */
export function socketOf(folder: string, id: number): string {
  return `${folder}/${id}.sock`;
}
