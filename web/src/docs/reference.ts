/** What the page shows, read from the OpenAPI and the AsyncAPI document. */

/** A JSON Schema, as far as ours use it. */
export interface Shape {
  $ref?: string;
  type?: string | string[];
  description?: string;
  properties?: Record<string, Shape>;
  required?: string[];
  additionalProperties?: boolean | Shape;
  items?: Shape;
  anyOf?: Shape[];
  oneOf?: Shape[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
  'x-unit'?: string;
}

/** One call, command or event. */
export interface Entry {
  id: string;
  /** `GET`, `command`, `event`. */
  kind: string;
  name: string;
  summary: string;
  description: string;
  /** What goes in and what comes out. */
  parts: { title: string; shape: Shape }[];
  /** Refusals, by status. */
  refusals: { status: string; text: string }[];
}

interface Group {
  title: string;
  entries: Entry[];
}

export interface Chapter {
  title: string;
  intro: string;
  /** Where the document is, for tools. */
  source: string;
  groups: Group[];
  shapes: Record<string, Shape>;
}

interface Message {
  name: string;
  payload: Shape;
}

interface Parameter {
  name: string;
  in: string;
  required: boolean;
  description?: string;
  schema: Shape;
}

type Content = Record<string, { schema: Shape }>;

interface HttpOperation {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  security: object[];
  parameters?: Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, { $ref?: string; description: string; content?: Content }>;
}

interface OpenApi {
  info: { title: string; description: string };
  tags: { name: string }[];
  paths: Record<string, Record<string, HttpOperation>>;
  components: {
    schemas: Record<string, Shape>;
    responses: Record<string, { description: string }>;
  };
}

interface SocketOperation {
  action: 'send' | 'receive';
  summary: string;
  description: string;
  messages: { $ref: string }[];
  reply?: { messages: { $ref: string }[] };
}

interface AsyncApi {
  info: { title: string; description: string };
  channels: Record<string, { address: string; summary: string; messages: Record<string, Message> }>;
  operations: Record<string, SocketOperation>;
  components: { schemas: Record<string, Shape> };
}

export async function loadChapters(): Promise<Chapter[]> {
  const [openApi, asyncApi] = await Promise.all([
    load<OpenApi>('/docs/openapi.json'),
    load<AsyncApi>('/docs/asyncapi.json'),
  ]);
  return [httpChapter(openApi), socketChapter(asyncApi)];
}

async function load<Document>(address: string): Promise<Document> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return (await response.json()) as Document;
}

/** The last part of a reference: the name of what it refers to. */
export function nameOf(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1);
}

function httpChapter(document: OpenApi): Chapter {
  const entries = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      tag: operation.tags[0],
      entry: httpEntry(document, method.toUpperCase(), path, operation),
    })),
  );
  return {
    title: document.info.title,
    intro: document.info.description,
    source: '/docs/openapi.json',
    groups: document.tags.map(({ name }) => ({
      title: name,
      entries: entries.filter(({ tag }) => tag === name).map(({ entry }) => entry),
    })),
    shapes: document.components.schemas,
  };
}

function httpEntry(document: OpenApi, kind: string, path: string, operation: HttpOperation): Entry {
  const { operationId, summary, description = '', security, parameters = [] } = operation;
  const role = security.flatMap((one) => Object.keys(one))[0];
  const who = role === undefined ? 'Anyone, without a token.' : `With a ${role}’s token.`;
  const answers = Object.entries(operation.responses);
  const [status, success] = answers.find(([code]) => code.startsWith('2')) ?? [];
  return {
    id: operationId,
    kind,
    name: path,
    summary,
    description: description === '' ? who : `${who}\n\n${description}`,
    parts: [
      ...shapeOfParameters('In the path', parameters, 'path'),
      ...shapeOfParameters('In the query', parameters, 'query'),
      ...bodies('Body', operation.requestBody?.content),
      ...bodies(`Answer ${status}`, success?.content),
    ],
    refusals: answers
      .filter(([code]) => !code.startsWith('2'))
      .map(([code, { $ref, description: text }]) => ({
        status: code,
        text: $ref ? (document.components.responses[nameOf($ref)]?.description ?? '') : text,
      })),
  };
}

function shapeOfParameters(title: string, all: Parameter[], place: string): Entry['parts'] {
  const parameters = all.filter((parameter) => parameter.in === place);
  if (parameters.length === 0) return [];
  const properties = Object.fromEntries(
    parameters.map(({ name, description, schema }) => [
      name,
      description === undefined ? schema : { ...schema, description },
    ]),
  );
  const required = parameters.filter((one) => one.required).map(({ name }) => name);
  return [{ title, shape: { type: 'object', properties, required } }];
}

function bodies(title: string, content: Content = {}): Entry['parts'] {
  return Object.entries(content).map(([type, { schema }]) => ({
    title: type === 'application/json' ? title : `${title}, ${type}`,
    shape: schema,
  }));
}

function socketChapter(document: AsyncApi): Chapter {
  const operations = Object.entries(document.operations);
  return {
    title: document.info.title,
    intro: document.info.description,
    source: '/docs/asyncapi.json',
    groups: Object.entries(document.channels).map(([name, { address, summary, messages }]) => ({
      title: `${address}: ${summary}`,
      entries: operations
        .filter(([id]) => id.startsWith(`${name}_`))
        .map(([id, operation]) => socketEntry(id, operation, messages)),
    })),
    shapes: document.components.schemas,
  };
}

function socketEntry(
  id: string,
  { action, summary, description, messages: sent, reply }: SocketOperation,
  messages: Record<string, Message>,
): Entry {
  const message = (refs: { $ref: string }[] = []) => messages[nameOf(refs[0]?.$ref ?? '')];
  const [main, ack] = [message(sent), message(reply?.messages)];
  return {
    id,
    kind: action === 'receive' ? 'command' : 'event',
    name: main?.name ?? '',
    summary,
    description,
    parts: [
      ...(main ? [{ title: 'Payload', shape: main.payload }] : []),
      ...(ack ? [{ title: 'Acknowledgement', shape: dataOf(ack.payload) }] : []),
    ],
    refusals: [],
  };
}

/** Of an acknowledgement's two forms, the one that says yes: what a refusal looks like is the same for all. */
function dataOf({ oneOf = [] }: Shape): Shape {
  return oneOf[0] ?? {};
}
