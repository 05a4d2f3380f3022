import type { ErrorBody } from '../protocol/errors.js';
import type { Page } from '../protocol/http.js';
import { elapsed, moment } from './clock.js';
import { isUnknown, pauseBetweenAttempts } from './command.js';
import { LiveholdError } from './errors.js';
import { fetchToken, type Token } from './token.js';

export interface HttpOptions {
  /** Address of the server. In a page it may be left out: the server that served the page. */
  url?: string | undefined;
  token?: Token | undefined;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface RequestOptions {
  body?: unknown;
  query?: object | undefined;
  /** How long one attempt waits for its answer, ms [10000]. */
  timeoutMs?: number;
}

/** Which page of a list. */
export interface PageOf {
  cursor?: string | null;
  /** At most 200 [50]. */
  limit?: number;
}

const TIMEOUT_MS = 10_000;
/** How long a request with a request id is tried again while its outcome is unknown, ms. */
const PATIENCE_MS = 15_000;

/** Requests to one server with one token. */
export class Http {
  private readonly url: string;
  private readonly token: Token | undefined;

  constructor({ url = '', token }: HttpOptions = {}) {
    this.url = url.replace(/\/$/, '');
    this.token = token;
  }

  /**
   * Any call under `/api/v1`; answers its JSON. A body with a `requestId` is sent again while its outcome is unknown.
   * @throws LiveholdError
   */
  async request<Answer>(
    method: Method,
    path: string,
    options: RequestOptions = {},
  ): Promise<Answer> {
    const begun = moment();
    for (;;) {
      try {
        return await this.exchange(method, `/api/v1${path}`, options, parse<Answer>);
      } catch (error) {
        const again =
          hasRequestId(options.body) && isUnknown(error) && elapsed(begun) < PATIENCE_MS;
        if (!again) throw error;
      }
      await pauseBetweenAttempts();
    }
  }

  /** One exchange with any path of the server; `read` gets the answer if it is a good one. @throws LiveholdError */
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
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    try {
      const response = await fetch(`${this.url}${path}${search(query)}`, {
        method,
        headers,
        signal: abort.signal,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
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

async function parse<Answer>(response: Response): Promise<Answer> {
  const text = await response.text();
  return (text === '' ? {} : JSON.parse(text)) as Answer;
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
  readPage: (page: { cursor: string | null; limit: number }) => Promise<Page<Row>>,
  { most, until = () => false }: { most: number; until?: (row: Row) => boolean },
): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Row> = await readPage({ cursor, limit: 200 });
    rows.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && rows.length < most && !rows.some(until));
  return rows;
}
