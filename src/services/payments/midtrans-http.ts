/** One call to Midtrans' Core API: Basic authentication, a deadline, and an answer checked to be Midtrans' own. */

import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { GatewayRefused, GatewayUnavailable } from './gateway.js';
import { answerSchema } from './midtrans-schemas.js';

interface MidtransAnswer {
  httpStatus: number;
  /** Midtrans' status code, from the body: the HTTP status is often 200 whatever happened. */
  code: string;
  message: string;
  body: unknown;
}

interface MidtransCall {
  method: 'GET' | 'POST';
  path: string;
  deadline: AbortSignal;
  headers?: Record<string, string>;
  body?: object;
}

/** Midtrans' answers are a few KB; of a longer one no more than this is read. */
const MOST_BYTES = 1_024 * 1_024;

export class MidtransHttp {
  readonly #baseUrl: string;
  /** Private to the language, so that nothing that logs this object prints the key. */
  readonly #authorization: string;

  constructor(baseUrl: string, serverKey: string) {
    this.#baseUrl = baseUrl.replace(/\/+$/, '');
    this.#authorization = `Basic ${Buffer.from(`${serverKey}:`).toString('base64')}`;
  }

  /** @throws GatewayUnavailable no answer by the deadline, or none of Midtrans' own */
  async call({ method, path, deadline, headers, body }: MidtransCall): Promise<MidtransAnswer> {
    try {
      const response = await send(this.#baseUrl + path, body && JSON.stringify(body), {
        method,
        headers: {
          accept: 'application/json',
          'content-type': 'application/json',
          authorization: this.#authorization,
          ...headers,
        },
        signal: deadline,
      });
      return readAnswer(response.statusCode ?? 0, await boundedText(response));
    } catch (error) {
      if (error instanceof GatewayUnavailable) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new GatewayUnavailable(`no answer from Midtrans to ${method} ${path}: ${reason}`, {
        cause: error,
      });
    }
  }
}

/**
 * Not `fetch`: it hides every answer of HTTP 407 as a network error, and 407 is Midtrans' code for an expired payment. Nor
 * `undici`: loaded beside Node's own, it takes the place of what every `fetch` of the process goes through.
 * Redirects are not followed, so the key goes to the configured address and nowhere else.
 */
function send(
  address: string,
  body: string | undefined,
  options: RequestOptions,
): Promise<IncomingMessage> {
  const url = new URL(address);
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    request(url, options, resolve).on('error', reject).end(body);
  });
}

async function boundedText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Leaving the loop ends the connection.
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new Error(`an answer of more than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** What a code that is no success means for the caller. */
export function refusal({ code, message }: MidtransAnswer): GatewayRefused | GatewayUnavailable {
  const reason = `Midtrans ${code}: ${message}`;
  // 2xx where it was not expected is a denial (202); 429 passes, and 5xx and what is not documented may.
  const isFinal = code !== '429' && (code.startsWith('4') || code.startsWith('2'));
  return isFinal ? new GatewayRefused(reason, code) : new GatewayUnavailable(reason);
}

/** Anything that is not Midtrans' own (a proxy's error page, say) proves nothing, whatever its status. */
function readAnswer(httpStatus: number, json: string): MidtransAnswer {
  const body = parseJson(json);
  const answer = answerSchema.safeParse(body);
  if (!answer.success || httpStatus >= 500) {
    throw new GatewayUnavailable(`Midtrans answered HTTP ${httpStatus} without a usable body`);
  }
  const {
    status_code: code,
    status_message = 'no reason given',
    validation_messages = [],
  } = answer.data;
  return { httpStatus, code, message: [status_message, ...validation_messages].join('; '), body };
}

/** Undefined for what is not JSON, which no schema accepts. */
export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
