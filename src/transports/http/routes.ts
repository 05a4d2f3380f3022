import type { Request, RequestHandler, Response, Router } from 'express';
import { z } from 'zod';
import { AppError } from '../../protocol/errors.js';
import { type Identity, requireRole, type Tokens } from '../identity.js';
import { issuesOf } from '../issues.js';
import { withTimeLimit } from '../time-limit.js';

/** What a route's function gets: everything parsed and authorised. */
interface Call<Auth extends Identity['role'] | 'none', Params, Query, Body> {
  identity: Auth extends 'none' ? undefined : Identity;
  params: Params;
  query: Query;
  body: Body;
  request: Request;
  response: Response;
}

interface RouteOptions<
  Auth extends Identity['role'] | 'none',
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
> {
  auth: Auth;
  params?: Params;
  query?: Query;
  body?: Body;
  status?: number;
  /** Writes its answer bit by bit, and so may take its time. */
  streams?: boolean;
  /** What it answers is sent as JSON; undefined means that it has answered by itself. */
  run(call: Call<Auth, z.output<Params>, z.output<Query>, z.output<Body>>): Promise<unknown>;
}

const Nothing = z.unknown();

/** One wrapper for every route: authorise → parse → run → answer. Errors go on to the one error handler. */
export function route<
  Auth extends Identity['role'] | 'none',
  Params extends z.ZodType = typeof Nothing,
  Query extends z.ZodType = typeof Nothing,
  Body extends z.ZodType = typeof Nothing,
>(
  router: Router,
  method: 'get' | 'post' | 'patch',
  path: string,
  gate: Gate,
  options: RouteOptions<Auth, Params, Query, Body>,
): void {
  const handler: RequestHandler = async (request, response) => {
    const identity = await gate.admit(request, options.auth);
    const work = options.run({
      identity: identity as Call<Auth, never, never, never>['identity'],
      params: parse(options.params ?? Nothing, request.params, 'params') as z.output<Params>,
      query: parse(options.query ?? Nothing, request.query, 'query') as z.output<Query>,
      body: parse(options.body ?? Nothing, request.body, 'body') as z.output<Body>,
      request,
      response,
    });
    const answer = await (options.streams ? work : withTimeLimit(work));
    if (answer !== undefined) response.status(options.status ?? 200).json(answer);
  };
  router[method](path, handler);
}

function parse(schema: z.ZodType, value: unknown, part: string): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError('VALIDATION', { part, issues: issuesOf(parsed.error) });
}

/** Lets requests in by token and role; a host's shop comes into being with the first request. */
export class Gate {
  private readonly tokens: Tokens;
  private readonly ensureShop: (shopId: string) => Promise<void>;

  constructor(tokens: Tokens, ensureShop: (shopId: string) => Promise<void>) {
    this.tokens = tokens;
    this.ensureShop = ensureShop;
  }

  async admit(request: Request, auth: Identity['role'] | 'none'): Promise<Identity | undefined> {
    if (auth === 'none') return undefined;
    const [scheme, token] = (request.headers.authorization ?? '').split(' ');
    if (scheme?.toLowerCase() !== 'bearer') throw new AppError('UNAUTHENTICATED');
    const identity = requireRole(await this.tokens.verify(token), auth);
    if (auth === 'host') await this.ensureShop(identity.shopId);
    return identity;
  }
}
