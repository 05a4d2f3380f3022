import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import type { z } from 'zod';
import type { Endpoint, Method } from '../../protocol/endpoint.js';
import { AppError } from '../../protocol/errors.js';
import type { Changes } from '../../services/changes.js';
import type { Shops } from '../../services/shops.js';
import { type Identity, requireOwner, requireRole, type Tokens } from '../identity.js';
import { issuesOf } from '../request.js';
import type { Services } from '../services.js';
import { withTimeLimit } from '../underway.js';
import { recorded } from './recording.js';

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** What an endpoint's function gets: everything parsed and authorised. */
interface Call<E extends Endpoint> {
  identity: E['auth'] extends 'none' ? undefined : Identity;
  params: Parsed<E['params']>;
  query: Parsed<E['query']>;
  body: E extends { bytes: object } ? Buffer : Parsed<E['body']>;
  request: Request;
  response: Response;
}

/** What it answers is sent as JSON; one that streams has answered by itself. */
type Handlers<Table extends Record<string, Endpoint>> = {
  [Key in keyof Table]: (
    call: Call<Table[Key]>,
  ) => Promise<Table[Key] extends { streams: true } ? undefined : z.input<Table[Key]['answer']>>;
};

/**
 * The one way to serve endpoints: authorise → parse → run → answer. Errors go on to the one error handler.
 *
 * @param handlers one for each endpoint of the table, by its `METHOD /path`
 */
export function serve<Table extends Record<string, Endpoint>>(
  router: Router,
  gate: Gate,
  table: Table,
  handlers: Handlers<Table>,
): void {
  for (const [key, endpoint] of Object.entries<Endpoint>(table)) {
    const [method, path] = key.split(' ') as [Method, string];
    // Sound, for `Handlers` has tied each function to its endpoint.
    const run = handlers[key as keyof Table] as unknown as Run;
    router[METHODS[method]](path, handlerOf(gate, key, endpoint, run));
  }
}

const METHODS = {
  GET: 'get',
  POST: 'post',
  PUT: 'put',
  PATCH: 'patch',
  DELETE: 'delete',
} as const satisfies Record<Method, string>;

type Run = (call: {
  identity: Identity | undefined;
  params: unknown;
  query: unknown;
  body: unknown;
  request: Request;
  response: Response;
}) => Promise<unknown>;

/** A live with 500 items is some 20 KB. */
const BODY_LIMIT = 64 * 1_024;

/** Reads what a call takes, and no more of it than that. */
function readerOf({ body, bodyLimit = BODY_LIMIT, bytes }: Endpoint): RequestHandler | undefined {
  // Of a file it is the content that says what it is.
  if (bytes) return express.raw({ type: () => true, limit: bytes.most });
  return body && express.json({ limit: bodyLimit });
}

function handlerOf(gate: Gate, key: string, endpoint: Endpoint, run: Run): RequestHandler {
  const reader = readerOf(endpoint);
  const isChange = endpoint.auth === 'host' && !key.startsWith('GET ') && !endpoint.unrecorded;
  return async (request, response) => {
    const identity = await gate.admit(request, endpoint);
    if (reader) await readBody(reader, request, response);
    const params = parse(endpoint.params, request.params, 'params');
    const query = parse(endpoint.query, request.query, 'query');
    const body = endpoint.bytes ? file(request.body) : parse(endpoint.body, request.body, 'body');
    const runIt = () => run({ identity, params, query, body, request, response });
    const what = { call: key, params, body };
    const work = isChange && identity ? recorded(gate.changes, identity, what, runIt) : runIt();
    const answer = await (endpoint.streams || endpoint.slow ? work : withTimeLimit(work));
    if (!endpoint.streams) response.status(endpoint.status ?? 200).json(answer);
  };
}

/** Only of those who may make the call. */
function readBody(reader: RequestHandler, request: Request, response: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    reader(request, response, (error?: unknown) => (error ? reject(error) : resolve()));
  });
}

function parse(schema: z.ZodType | undefined, value: unknown, part: string): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError('VALIDATION', { part, issues: issuesOf(parsed.error) });
}

/** Not a file are nothing at all, and what was taken for JSON on the way. */
function file(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body;
  throw new AppError('VALIDATION', { body: 'must be a file' });
}

/** Lets requests in by token and role; a host's shop comes into being with the first request. */
export class Gate {
  private readonly tokens: Tokens;
  private readonly shops: Shops;
  readonly changes: Changes;

  constructor(tokens: Tokens, { shops, changes }: Services) {
    this.tokens = tokens;
    this.shops = shops;
    this.changes = changes;
  }

  async admit(request: Request, { auth, owner }: Endpoint): Promise<Identity | undefined> {
    if (auth === 'none') return undefined;
    const [scheme, token] = (request.headers.authorization ?? '').split(' ');
    if (scheme?.toLowerCase() !== 'bearer') throw new AppError('UNAUTHENTICATED');
    const identity = requireRole(await this.tokens.verify(token), auth);
    if (owner) requireOwner(identity);
    if (auth === 'host') await this.shops.ensure(identity.shopId);
    return identity;
  }
}
