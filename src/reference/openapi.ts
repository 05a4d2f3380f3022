import type { z } from 'zod';
import type { Endpoint, Endpoints } from '../protocol/endpoint.js';
import { CATALOGUE_ENDPOINTS } from '../protocol/endpoints-catalogue.js';
import { COMMENT_ENDPOINTS } from '../protocol/endpoints-comments.js';
import { ORDER_ENDPOINTS } from '../protocol/endpoints-orders.js';
import { PAYMENT_GATEWAY_ENDPOINTS } from '../protocol/endpoints-payment-gateway.js';
import { PEOPLE_ENDPOINTS } from '../protocol/endpoints-people.js';
import { PHOTO_ENDPOINTS } from '../protocol/endpoints-photos.js';
import { REFUND_ENDPOINTS } from '../protocol/endpoints-refunds.js';
import { REPORT_ENDPOINTS } from '../protocol/endpoints-reports.js';
import { SERVER_ENDPOINTS } from '../protocol/endpoints-server.js';
import { SHOP_ENDPOINTS } from '../protocol/endpoints-shop.js';
import { STAFF_ENDPOINTS } from '../protocol/endpoints-staff.js';
import { WEBHOOK_ENDPOINTS } from '../protocol/endpoints-webhooks.js';
import { ERRORS, ErrorBodySchema, type ErrorCode } from '../protocol/errors.js';
import { type JsonSchema, JsonSchemas } from './json-schemas.js';

/** Everything that is served over HTTP besides the pages, in the order in which it is read. */
export const HTTP_TABLES: readonly { tag: string; base: string; endpoints: Endpoints }[] = [
  { tag: 'Shops and settings', base: '/api/v1', endpoints: SHOP_ENDPOINTS },
  { tag: 'Items and lives', base: '/api/v1', endpoints: CATALOGUE_ENDPOINTS },
  { tag: 'Photos', base: '/api/v1', endpoints: PHOTO_ENDPOINTS },
  { tag: 'Bookings and viewers', base: '/api/v1', endpoints: PEOPLE_ENDPOINTS },
  { tag: 'Comments', base: '/api/v1', endpoints: COMMENT_ENDPOINTS },
  { tag: 'Orders and payments', base: '/api/v1', endpoints: ORDER_ENDPOINTS },
  { tag: 'Payment gateway', base: '/api/v1', endpoints: PAYMENT_GATEWAY_ENDPOINTS },
  { tag: 'Refunds', base: '/api/v1', endpoints: REFUND_ENDPOINTS },
  { tag: 'Reports', base: '/api/v1', endpoints: REPORT_ENDPOINTS },
  { tag: 'Staff', base: '/api/v1', endpoints: STAFF_ENDPOINTS },
  { tag: 'Webhooks', base: '/api/v1', endpoints: WEBHOOK_ENDPOINTS },
  { tag: 'Server', base: '', endpoints: SERVER_ENDPOINTS },
];

const DESCRIPTION = `Calls of the host's console, of a shop's own system, and a few for anyone.

**Tokens.** \`Authorization: Bearer …\` with a JWT that has \`sub\`, \`shop\`, \`role\` (\`host\` or \`viewer\`), and optional \`name\` and \`exp\`. A host acts only in the shop of the token; ids of other shops are \`NOT_FOUND\`.

**Errors.** \`{ error: { code, message, details? } }\` with the fitting status. Go by the code. Under \`VALIDATION\`, \`details.issues\` says what is wrong and where.

**Lists.** \`limit\` and \`cursor\` in, \`{ items, nextCursor }\` out; \`nextCursor: null\` is the end. A page may be shorter than \`limit\` and not the last. A cursor is a place in the list's order, not a row: what follows stays the same when the last row shown leaves that place.

**Units.** Money is whole rupiah. Times are epoch milliseconds of the server's clock.`;

/** The HTTP API as an OpenAPI 3.1 document. @param version of the product */
export function openApi(version: string): Record<string, unknown> {
  const schemas = new JsonSchemas();
  const paths: Record<string, Record<string, object>> = {};
  for (const { tag, base, endpoints } of HTTP_TABLES) {
    for (const [key, endpoint] of Object.entries(endpoints)) {
      const [method = '', route = ''] = key.split(' ');
      const path = base + route.replaceAll(/:(\w+)/g, '{$1}');
      paths[path] ??= {};
      paths[path][method.toLowerCase()] = operation(key, tag, endpoint, schemas);
    }
  }
  schemas.ofOutput(ErrorBodySchema.array());
  return {
    openapi: '3.1.0',
    info: { title: 'Livehold HTTP API', version, description: DESCRIPTION },
    servers: [{ url: 'http://localhost:3000', description: 'What npm start serves' }],
    tags: HTTP_TABLES.map(({ tag }) => ({ name: tag })),
    paths,
    components: {
      schemas: schemas.components,
      responses: Object.fromEntries(errorCodes().map((code) => [code, refusal([code])])),
      securitySchemes: SECURITY,
    },
  };
}

const SECURITY = {
  host: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'A token with role host: the seller, or the shop’s own system.',
  },
  viewer: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'A token with role viewer: a customer of the shop.',
  },
};

function operation(key: string, tag: string, endpoint: Endpoint, schemas: JsonSchemas): object {
  const { auth, owner, summary, params, query, body, bytes } = endpoint;
  const notes = [endpoint.description, owner && 'Not for a host’s helper.'].filter(Boolean);
  return {
    operationId: operationId(key),
    tags: [tag],
    summary,
    ...(notes.length === 0 ? {} : { description: notes.join(' ') }),
    security: auth === 'none' ? [] : [{ [auth]: [] }],
    ...(params || query
      ? {
          parameters: [
            ...parameters('path', params, schemas),
            ...parameters('query', query, schemas),
          ],
        }
      : {}),
    ...(body ? { requestBody: { required: true, content: json(schemas.ofInput(body)) } } : {}),
    ...(bytes ? { requestBody: { required: true, content: fileOf(bytes) } } : {}),
    responses: { ...refusals(endpoint), ...success(endpoint, schemas) },
  };
}

/** `GET /items/:id` → `getItemsById`. */
function operationId(key: string): string {
  const words = key
    .replaceAll(/:(\w+)/g, 'by-$1')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return words
    .map((word, i) => (i === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('');
}

function parameters(
  place: 'path' | 'query',
  schema: z.ZodObject | undefined,
  schemas: JsonSchemas,
): object[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemas.ofInput(schema);
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...type } = property as JsonSchema;
    return {
      name,
      in: place,
      required: required.includes(name),
      ...(description === undefined ? {} : { description }),
      schema: type,
    };
  });
}

function json(schema: JsonSchema): object {
  return { 'application/json': { schema } };
}

/** OpenAPI 3.1 says of a file by an empty schema that it is one. */
function fileOf({ contentTypes, most }: NonNullable<Endpoint['bytes']>): object {
  return Object.fromEntries(contentTypes.map((type) => [type, { schema: { maxLength: most } }]));
}

function success(endpoint: Endpoint, schemas: JsonSchemas): object {
  const { status = 200, unlessWell, contentType = 'application/json', answer } = endpoint;
  const content = { [contentType]: { schema: schemas.ofOutput(answer) } };
  return {
    [status]: { description: status === 201 ? 'Made.' : 'Done.', content },
    ...(unlessWell === undefined ? {} : { [unlessWell]: { description: 'Not well.', content } }),
  };
}

/** What any call may be refused with, by what it takes, and what this one adds. */
function codesOf({ auth, params, query, body, bytes, errors = [] }: Endpoint): ErrorCode[] {
  const codes: ErrorCode[] = [...errors, 'RATE_LIMITED', 'STORE_UNAVAILABLE', 'INTERNAL'];
  if (params || query || body || bytes) codes.push('VALIDATION');
  if (auth !== 'none') codes.push('UNAUTHENTICATED', 'AUTH_UNAVAILABLE', 'FORBIDDEN');
  return [...new Set(codes)];
}

function errorCodes(): ErrorCode[] {
  return Object.keys(ERRORS) as ErrorCode[];
}

/** A response for each status, with the codes that come under it. */
function refusals(endpoint: Endpoint): object {
  const codes = codesOf(endpoint);
  const statuses = [...new Set(codes.map((code) => ERRORS[code].status))].sort();
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      responseOf(codes.filter((code) => ERRORS[code].status === status)),
    ]),
  );
}

function responseOf(codes: ErrorCode[]): object {
  const [only, ...others] = codes;
  return others.length === 0 ? { $ref: `#/components/responses/${only}` } : refusal(codes);
}

function refusal(codes: ErrorCode[]): object {
  const schema = {
    type: 'object',
    required: ['error'],
    properties: {
      error: {
        $ref: '#/components/schemas/Error',
        properties: { code: { enum: codes, description: 'One of these.' } },
      },
    },
  };
  return {
    description: codes.map((code) => `\`${code}\`: ${ERRORS[code].message}`).join('\n\n'),
    content: { 'application/json': { schema } },
  };
}
