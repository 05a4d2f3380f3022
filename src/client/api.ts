import type { CallAnswer, CallInput, Method } from '../protocol/endpoint.js';
import type { CATALOGUE_ENDPOINTS } from '../protocol/endpoints-catalogue.js';
import type { COMMENT_ENDPOINTS } from '../protocol/endpoints-comments.js';
import type { ORDER_ENDPOINTS } from '../protocol/endpoints-orders.js';
import type { PAYMENT_GATEWAY_ENDPOINTS } from '../protocol/endpoints-payment-gateway.js';
import type { PEOPLE_ENDPOINTS } from '../protocol/endpoints-people.js';
import type { PHOTO_ENDPOINTS } from '../protocol/endpoints-photos.js';
import type { REFUND_ENDPOINTS } from '../protocol/endpoints-refunds.js';
import type { REPORT_ENDPOINTS } from '../protocol/endpoints-reports.js';
import type { SHOP_ENDPOINTS } from '../protocol/endpoints-shop.js';
import type { STAFF_ENDPOINTS } from '../protocol/endpoints-staff.js';
import type { WEBHOOK_ENDPOINTS } from '../protocol/endpoints-webhooks.js';
import type { ErrorBody } from '../protocol/errors.js';
import type { Page } from '../protocol/http.js';
import { elapsed, moment } from './clock.js';
import { isUnknown, pauseBetweenAttempts } from './command.js';
import { LiveholdError } from './errors.js';
import { fetchToken, type Token } from './token.js';

type Table = typeof SHOP_ENDPOINTS &
  typeof CATALOGUE_ENDPOINTS &
  typeof PHOTO_ENDPOINTS &
  typeof PEOPLE_ENDPOINTS &
  typeof COMMENT_ENDPOINTS &
  typeof ORDER_ENDPOINTS &
  typeof REFUND_ENDPOINTS &
  typeof REPORT_ENDPOINTS &
  typeof WEBHOOK_ENDPOINTS &
  typeof PAYMENT_GATEWAY_ENDPOINTS &
  typeof STAFF_ENDPOINTS;

/** Every call of the HTTP API, as `METHOD /path`. */
export type Endpoint = keyof Table & string;

export type AnswerOf<E extends Endpoint> = CallAnswer<Table[E]>;

/** The argument may be left out where nothing in it has to be there. */
type Argument<In> = unknown extends In
  ? [options?: CallOptions]
  : Partial<In> extends In
    ? [input?: In & CallOptions]
    : [input: In & CallOptions];

export interface ApiOptions {
  /** Address of the server. In a page it may be left out: the server that served the page. */
  url?: string | undefined;
  token?: Token | undefined;
}

export interface CallOptions {
  /** How long one attempt waits for its answer, ms [10000]. */
  timeoutMs?: number;
}

export interface RequestOptions extends CallOptions {
  query?: object | undefined;
  body?: unknown;
}

/** Which page of a list; the first without a cursor. */
export interface PageOf {
  cursor?: string | null;
  /** At most 200 [50]. */
  limit?: number;
}

const TIMEOUT_MS = 10_000;
/** How long a call with a request id is tried again while its outcome is unknown, ms. */
const PATIENCE_MS = 15_000;

/** The HTTP API of one server with one token. All methods throw `LiveholdError`. */
export class Api {
  private readonly url: string;
  private readonly token: Token | undefined;

  constructor({ url = '', token }: ApiOptions = {}) {
    this.url = url.replace(/\/$/, '');
    this.token = token;
  }

  /**
   * A call by its name in the API reference, `api.call('PATCH /items/:id', { params: { id }, body: { open: false } })`. One
   * with a `requestId` in its body is sent again while its outcome is unknown.
   */
  call<E extends Endpoint>(
    endpoint: E,
    ...[input = {}]: Argument<CallInput<Table[E]>>
  ): Promise<AnswerOf<E>> {
    const { params = {}, ...options } = input as {
      params?: Record<string, string>;
    } & RequestOptions;
    const [method, path = ''] = endpoint.split(' ') as [Method, string];
    const filled = path.replace(/:(\w+)/g, (_, name) => encodeURIComponent(params[name] ?? ''));
    return this.request(method, `/api/v1${filled}`, options);
  }

  /** Any call to any path of the server; answers its JSON, or its text when it is none. */
  async request<Answer>(
    method: Method,
    path: string,
    options: RequestOptions = {},
  ): Promise<Answer> {
    const begun = moment();
    for (;;) {
      try {
        return await this.exchange(method, path, options, readAnswer<Answer>);
      } catch (error) {
        const again =
          hasRequestId(options.body) && isUnknown(error) && elapsed(begun) < PATIENCE_MS;
        if (!again) throw error;
      }
      await pauseBetweenAttempts();
    }
  }

  /** The same without repeats, and with an answer that `read` makes of a good response: a file, a stream. */
  async exchange<Answer>(
    method: Method,
    path: string,
    { body, query = {}, timeoutMs = TIMEOUT_MS }: RequestOptions,
    read: (response: Response) => Promise<Answer>,
  ): Promise<Answer> {
    const token = await fetchToken(this.token);
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), timeoutMs);
    const headers: Record<string, string> = {};
    if (token !== undefined) headers.Authorization = `Bearer ${token}`;
    const isFile = body instanceof Blob;
    // That of a file is its own.
    if (body !== undefined && !isFile) headers['Content-Type'] = 'application/json';
    try {
      const response = await fetch(`${this.url}${path}${search(query)}`, {
        method,
        headers,
        signal: abort.signal,
        ...(body === undefined ? {} : { body: isFile ? body : JSON.stringify(body) }),
      });
      if (!response.ok) throw new LiveholdError(refusalIn(await response.text()));
      return await read(response);
    } catch (error) {
      if (error instanceof LiveholdError) throw error;
      throw new LiveholdError(abort.signal.aborted ? 'TIMEOUT' : 'OFFLINE');
    } finally {
      clearTimeout(timer);
    }
  }
}

async function readAnswer<Answer>(response: Response): Promise<Answer> {
  const isJson = response.headers.get('Content-Type')?.includes('json');
  return (await (isJson ? response.json() : response.text())) as Answer;
}

/** A proxy in between may answer with a page of its own; that is an error like any other. */
function refusalIn(text: string): ErrorBody {
  try {
    const { error } = JSON.parse(text) as { error?: ErrorBody };
    if (error !== undefined) return error;
  } catch {
    // Not JSON.
  }
  return { code: 'INTERNAL', message: 'The server sent an answer that is not JSON.' };
}

function hasRequestId(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'requestId' in body;
}

/** Fields without a value are left out. */
function search(query: object): string {
  const fields = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') fields.set(name, String(value));
  }
  const text = fields.toString();
  return text === '' ? '' : `?${text}`;
}

/** Every row of a list, page by page, up to `most` of them or to the page with one that `until` accepts. */
export async function everyRow<Row>(
  readPage: (page: PageOf) => Promise<Page<Row>>,
  { most, until = () => false }: { most: number; until?: (row: Row) => boolean },
): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Row> = await readPage({ limit: 200, cursor });
    rows.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && rows.length < most && !rows.some(until));
  return rows;
}
