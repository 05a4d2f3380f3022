import type { Findings } from './findings.js';

/** A command that is safe to repeat, over all of a viewer's devices. */
export interface Request {
  readonly requestId: string;
  /** When it was sent first. */
  readonly sentAt: number;
  /** By index, each time that it was sent. */
  readonly senders: number[];
  /** Sent, and not answered yet. */
  open: number;
  /** The last answer said that nothing is known. */
  uncertain: boolean;
  /** What it made: the id of a booking or of an order. */
  effect: string | undefined;
}

/** A viewer's requests, each with its one effect. Of those that were refused for good nothing is kept. */
export class Requests {
  private readonly requests = new Map<string, Request>();

  sent(requestId: string, device: number, at: number): Request {
    let request = this.requests.get(requestId);
    if (!request) {
      request = {
        requestId,
        sentAt: at,
        senders: [],
        open: 0,
        uncertain: false,
        effect: undefined,
      };
      this.requests.set(requestId, request);
    }
    request.senders.push(device);
    request.open++;
    // Whatever became of it before, the answer to this will say.
    request.uncertain = false;
    return request;
  }

  /** Answers whether this is the first acceptance. */
  accepted(request: Request, effect: string, findings: Findings): boolean {
    request.open--;
    if (request.effect === undefined) {
      request.effect = effect;
      return true;
    }
    findings.checked('requests');
    if (request.effect !== effect) {
      const detail = `${request.requestId} made ${request.effect} and ${effect}`;
      findings.broken('requests', 'two effects', detail);
    }
    return false;
  }

  refused(request: Request, code: string): void {
    request.open--;
    if (code === 'STORE_UNAVAILABLE') request.uncertain = true;
    if (request.effect === undefined && !request.uncertain && request.open === 0)
      this.requests.delete(request.requestId);
  }

  /** Requests that may have had an effect that nobody was told of. */
  get unanswered(): number {
    let count = 0;
    for (const { effect, open, uncertain } of this.requests.values())
      if (effect === undefined && (open > 0 || uncertain)) count++;
    return count;
  }
}
