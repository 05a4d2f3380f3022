import type { ErrorBody, ErrorCode } from '../protocol/errors.js';

/**
 * What the client itself has to say. `OFFLINE`: the server cannot be reached; a command over a socket was not sent. `TIMEOUT`:
 * sent, but not answered; whether it was carried out is not known here, and the state after the next reconnect shows it.
 */
export type ClientErrorCode = 'OFFLINE' | 'TIMEOUT';

const MESSAGES: Record<ClientErrorCode, string> = {
  OFFLINE: 'The server cannot be reached; try again when there is a connection.',
  TIMEOUT: 'The server did not answer in time; look at the state before you try again.',
};

/** Why a command or a request failed: the server's refusal in the words of its catalogue, or the client's own. */
export class LiveholdError extends Error {
  override readonly name = 'LiveholdError';
  readonly code: ErrorCode | ClientErrorCode;
  readonly details: Record<string, unknown> | undefined;

  constructor(body: ErrorBody | ClientErrorCode) {
    super(typeof body === 'string' ? MESSAGES[body] : body.message);
    this.code = typeof body === 'string' ? body : body.code;
    this.details = typeof body === 'string' ? undefined : body.details;
  }
}

export type Outcome<Data> = { ok: true; data: Data } | { ok: false; error: LiveholdError };

/** A promise's result as a value, for callers to whom a refusal is nothing exceptional. Other errors are thrown on. */
export async function settle<Data>(work: Promise<Data>): Promise<Outcome<Data>> {
  try {
    return { ok: true, data: await work };
  } catch (error) {
    if (error instanceof LiveholdError) return { ok: false, error };
    throw error;
  }
}
