import {
  type Command,
  HOST_COMMANDS,
  LatestArrivalSchema,
  LIVE_COMMANDS,
} from '../protocol/commands.js';
import { ERRORS, ErrorBodySchema, type ErrorCode } from '../protocol/errors.js';
import { HOST_EVENTS, LIVE_EVENTS, type ServerEvent } from '../protocol/events.js';
import { JsonSchemas } from './json-schemas.js';

/** Both namespaces, with what clients may send and the events that they get. */
const NAMESPACES: Record<
  'live' | 'host',
  {
    summary: string;
    commands: Record<string, Command>;
    events: Record<string, ServerEvent>;
  }
> = {
  live: {
    summary: 'Viewers. Without a token a socket may watch, and nothing else.',
    commands: LIVE_COMMANDS,
    events: LIVE_EVENTS,
  },
  host: {
    summary: 'Hosts of a shop, with a host’s token; what changes something goes over HTTP.',
    commands: HOST_COMMANDS,
    events: HOST_EVENTS,
  },
};

const DESCRIPTION = `Socket.IO 4 at path \`/socket.io\`, namespaces \`/live\` (viewers) and \`/host\` (hosts). WebSocket and polling are served.

**Tokens.** In the namespace's CONNECT packet: \`auth: { token }\`, the same JWT as over HTTP. A bad token refuses the connection: \`connect_error\`, whose message is the code and whose data is the error. At its \`exp\` a token stops working on open connections, too: commands answer \`UNAUTHENTICATED\` and private events stop.

**Commands.** Each takes one object and an acknowledgement: \`{ ok: true, data }\` or \`{ ok: false, error }\`. Without an acknowledgement nothing is done. Unknown fields are ignored; unknown events answer \`VALIDATION\`. The server answers within 5 s. A command with a \`requestId\` is safe to repeat after a lost connection. Any command may have \`notAfter\`, in milliseconds of the server's clock: one that arrives later is refused with \`VALIDATION\` and does nothing.

**Events.** Each has one object. What comes to a viewer comes to all of their sockets. After a reconnect, join the live again: the snapshot replaces what was known before, and events with a higher \`revision\` come after it.

**Units.** Money is whole rupiah. Times are epoch milliseconds of the server's clock.`;

/** The sockets' API as an AsyncAPI 3.0 document: commands are received by the server, events are sent by it. */
export function asyncApi(version: string): Record<string, unknown> {
  const schemas = new JsonSchemas();
  const channels: Record<string, object> = {};
  const operations: Record<string, object> = {};
  for (const [name, { summary, commands, events }] of Object.entries(NAMESPACES)) {
    const messages: Record<string, object> = {};
    for (const [event, command] of Object.entries(commands)) {
      const [asked, answered] = [messageId(event), `${messageId(event)}Ack`];
      messages[asked] = askedMessage(event, command, schemas);
      messages[answered] = answeredMessage(event, command, schemas);
      operations[`${name}_${asked}`] = commandOperation(name, asked, answered, command);
    }
    for (const [event, schema] of Object.entries(events)) {
      const id = `${messageId(event)}Event`;
      messages[id] = eventMessage(event, schema, schemas);
      operations[`${name}_${id}`] = eventOperation(name, id, schema);
    }
    channels[name] = { address: `/${name}`, summary, messages };
  }
  return {
    asyncapi: '3.0.0',
    info: { title: 'Livehold sockets', version, description: DESCRIPTION },
    defaultContentType: 'application/json',
    servers: {
      local: {
        host: 'localhost:3000',
        protocol: 'ws',
        pathname: '/socket.io',
        summary: 'What npm start serves, as Socket.IO 4.',
      },
    },
    channels,
    operations,
    components: { schemas: schemas.components },
  };
}

/** `booking:create` → `bookingCreate`. */
function messageId(event: string): string {
  return event.replaceAll(/[:_](\w)/g, (_, letter: string) => letter.toUpperCase());
}

function askedMessage(event: string, command: Command, schemas: JsonSchemas): object {
  const payload = schemas.ofInput(command.payload.extend(LatestArrivalSchema.shape));
  return { name: event, title: event, summary: command.summary, payload };
}

function answeredMessage(event: string, command: Command, schemas: JsonSchemas): object {
  schemas.ofOutput(ErrorBodySchema.array());
  const accepted = {
    type: 'object',
    required: ['ok', 'data'],
    properties: {
      ok: { const: true, description: 'It was accepted.' },
      data: { description: 'What it came to.', ...schemas.ofOutput(command.data) },
    },
  };
  const refused = {
    type: 'object',
    required: ['ok', 'error'],
    properties: {
      ok: { const: false, description: 'It was refused.' },
      error: {
        description: 'Why it was refused.',
        allOf: [
          { $ref: '#/components/schemas/Error' },
          { properties: { code: { enum: codesOf(command), description: 'One of these.' } } },
        ],
      },
    },
  };
  const title = `The acknowledgement of ${event}`;
  return { name: event, title, payload: { oneOf: [accepted, refused] } };
}

function eventMessage(
  event: string,
  { summary, payload }: ServerEvent,
  schemas: JsonSchemas,
): object {
  return { name: event, title: event, summary, payload: schemas.ofOutput(payload) };
}

function commandOperation(
  channel: string,
  asked: string,
  answered: string,
  { role, summary, description, errors = [] }: Command,
): object {
  const who = role === 'anyone' ? 'Anyone, also without a token.' : `With a ${role}’s token.`;
  const refusals = errors.map((code) => `- \`${code}\`: ${ERRORS[code].message}`);
  return {
    action: 'receive',
    channel: { $ref: `#/channels/${channel}` },
    summary,
    description: [who, description, refusals.join('\n')].filter(Boolean).join('\n\n'),
    messages: [{ $ref: `#/channels/${channel}/messages/${asked}` }],
    reply: {
      channel: { $ref: `#/channels/${channel}` },
      messages: [{ $ref: `#/channels/${channel}/messages/${answered}` }],
    },
  };
}

function eventOperation(
  channel: string,
  message: string,
  { to, summary, description }: ServerEvent,
): object {
  return {
    action: 'send',
    channel: { $ref: `#/channels/${channel}` },
    summary,
    description: [`To ${to}.`, description].filter(Boolean).join('\n\n'),
    messages: [{ $ref: `#/channels/${channel}/messages/${message}` }],
  };
}

function codesOf({ role, errors = [] }: Command): ErrorCode[] {
  const codes: ErrorCode[] = [...errors, 'VALIDATION'];
  if (role !== 'anyone') codes.push('UNAUTHENTICATED', 'FORBIDDEN');
  return [...new Set<ErrorCode>([...codes, 'RATE_LIMITED', 'STORE_UNAVAILABLE', 'INTERNAL'])];
}
