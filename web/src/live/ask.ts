import type { LiveCommands } from '../../../src/protocol/events.js';
import {
  type CommandOptions,
  command,
  type DataOf,
  OFFLINE,
  type Outcome,
  type PayloadOf,
} from '../shared/command.js';
import { endSession } from './session.js';
import { socket } from './state.js';

/** A viewer's command over the page's connection. A token that has run out meanwhile ends the session. */
export async function ask<E extends keyof LiveCommands>(
  event: E,
  payload: PayloadOf<LiveCommands[E]>,
  options?: CommandOptions,
): Promise<Outcome<DataOf<LiveCommands[E]>>> {
  const connected = socket.peek();
  if (connected === null) return OFFLINE;
  const outcome = await command(connected, event, payload, options);
  if (!outcome.ok && outcome.error.code === 'UNAUTHENTICATED') endSession();
  return outcome;
}
