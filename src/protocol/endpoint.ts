import { z } from 'zod';
import type { ErrorCode } from './errors.js';
import { IdSchema } from './ids.js';

/**
 * One HTTP call: who may make it, what it takes and what it answers. The tables of them (`endpoints-*.ts`), by
 * `METHOD /path`, are what the server serves and what the API reference is made from.
 */
export interface Endpoint {
  auth: 'host' | 'viewer' | 'none';
  /** Of a host's call that is no `GET`: it changes nothing, or keeps a record of its own. Others are kept (`GET /changes`). */
  unrecorded?: true;
  /** Not for a host's helper (`staff` in the token). */
  owner?: true;
  /** One sentence: what the call is for. */
  summary: string;
  /** What the shapes do not say. */
  description?: string;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** How long the body may be, bytes [64 KB]. */
  bodyLimit?: number;
  /** Takes a file as its body, as it is: of which types, and how long at most. */
  bytes?: { contentTypes: readonly string[]; most: number };
  answer: z.ZodType;
  /** When it is not 200. */
  status?: 201;
  /** The status of the same answer when all is not well. */
  unlessWell?: 503;
  /** When it is not JSON. */
  contentType?: 'text/csv' | 'text/plain' | 'application/x-ndjson';
  /** Writes its answer bit by bit, and so may take its time. */
  streams?: true;
  /** Works in many small steps, and may take longer than a command may. */
  slow?: true;
  /** Refusals of its own, beside those of every call of its kind. */
  errors?: readonly ErrorCode[];
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type Endpoints = Record<`${Method} /${string}`, Endpoint>;

/** What a caller gives: the parameters of the path, the fields of the query (null leaves one out), the body. */
export type CallInput<E> = (E extends { params: infer Params extends z.ZodType }
  ? { params: z.input<Params> }
  : unknown) &
  (E extends { query: infer Query extends z.ZodType }
    ? { query?: { [Field in keyof z.output<Query>]?: z.output<Query>[Field] | null } }
    : unknown) &
  (E extends { body: infer Body extends z.ZodType } ? { body: z.input<Body> } : unknown) &
  (E extends { bytes: object } ? { body: Blob } : unknown);

/** What a caller gets. */
export type CallAnswer<E> = E extends { answer: infer Answer extends z.ZodType }
  ? z.output<Answer>
  : never;

export const IdParams = z.object({ id: IdSchema.describe('Of what the path names before it.') });

export function pageOf<Row extends z.ZodType>(row: Row) {
  return z.object({
    items: z.array(row).describe('The rows of this page.'),
    nextCursor: z
      .string()
      .nullable()
      .describe('`cursor` of the next page; null when this was the last.'),
  });
}
