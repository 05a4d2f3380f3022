import type { ErrorBody } from '../../../src/protocol/errors.js';
import type { Outcome } from './command.js';

export interface RequestOptions {
  method?: 'GET' | 'POST' | 'PATCH';
  token?: string | undefined;
  body?: unknown;
  timeoutMs?: number;
}

/** One HTTP call, with the same outcome as a socket command; never throws. `path` is under `/api/v1`. */
export async function request<Data>(
  path: string,
  options: RequestOptions = {},
): Promise<Outcome<Data>> {
  return fetchJson<Data>(`/api/v1${path}`, options);
}

/** The same for an address outside `/api/v1`. */
export async function fetchJson<Data>(
  url: string,
  { method = 'GET', token, body, timeoutMs = 10_000 }: RequestOptions,
): Promise<Outcome<Data>> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeoutMs);
  try {
    const response = await fetch(url, {
      method,
      signal: abort.signal,
      headers: {
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return await outcomeOf<Data>(response);
  } catch {
    const code = abort.signal.aborted ? 'TIMEOUT' : 'OFFLINE';
    return { ok: false, error: { code, message: code } };
  } finally {
    clearTimeout(timer);
  }
}

async function outcomeOf<Data>(response: Response): Promise<Outcome<Data>> {
  const text = await response.text();
  if (response.ok) return { ok: true, data: (text === '' ? {} : JSON.parse(text)) as Data };
  return { ok: false, error: errorOf(text) };
}

/** A proxy in between may answer with a page of its own; that is an error like any other. */
function errorOf(text: string): ErrorBody {
  try {
    const { error } = JSON.parse(text) as { error?: ErrorBody };
    if (error !== undefined) return error;
  } catch {
    // Not JSON.
  }
  return { code: 'INTERNAL', message: 'The server sent an answer that is not JSON.' };
}
