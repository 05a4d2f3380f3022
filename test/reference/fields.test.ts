import { describe, expect, it } from 'vitest';
import asyncApi from '../../docs/api/asyncapi.json' with { type: 'json' };
import openApi from '../../docs/api/openapi.json' with { type: 'json' };

/** A JSON Schema, as far as this looks into it. */
interface Shape {
  $ref?: string;
  type?: string;
  description?: string;
  properties?: Record<string, Shape>;
  enum?: unknown[];
  const?: unknown;
  maxLength?: number;
  pattern?: string;
  format?: string;
  anyOf?: Shape[];
  'x-unit'?: string;
}

interface Field {
  /** Where it stands in the document. */
  path: string;
  shape: Shape;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Every field of every object, and every parameter of a path or a query. */
function fieldsOf(node: unknown, path = ''): Field[] {
  if (!isObject(node)) return [];
  const { in: place, name, schema, description } = node;
  const parameter =
    typeof place === 'string' && isObject(schema)
      ? [{ path: `${path}:${name}`, shape: { ...schema, description } as Shape }]
      : [];
  const own = Object.entries(isObject(node.properties) ? node.properties : {}).map(
    ([key, shape]) => ({ path: `${path}.${key}`, shape: shape as Shape }),
  );
  const within = Object.entries(node).flatMap(([key, value]) => fieldsOf(value, `${path}/${key}`));
  return [...parameter, ...own, ...within];
}

const documents = { openApi, asyncApi } as const;
const schemasOf = (name: keyof typeof documents) =>
  documents[name].components.schemas as Record<string, Shape>;

/** A field that is a shape with a name may leave its meaning to it. */
function meaningOf(shape: Shape, schemas: Record<string, Shape>): string | undefined {
  return shape.description ?? schemas[shape.$ref?.split('/').at(-1) ?? '']?.description;
}

const paths = (fields: Field[]) => fields.map(({ path }) => path);

describe.each(['openApi', 'asyncApi'] as const)('every field of %s', (name) => {
  const fields = fieldsOf(documents[name]);

  it('says what it means', () => {
    expect(fields.length).toBeGreaterThan(400);
    const silent = fields.filter(({ shape }) => !meaningOf(shape, schemasOf(name))?.match(/\S/));
    expect(paths(silent)).toEqual([]);
  });

  it('that is a number says of what', () => {
    const numbers = fields.filter(({ shape }) => ['integer', 'number'].includes(shape.type ?? ''));
    expect(numbers.length).toBeGreaterThan(50);
    const silent = numbers.filter(({ shape }) => shape['x-unit'] === undefined);
    expect(paths(silent)).toEqual([]);
  });

  it('that is a text which callers send says how long it may be', () => {
    const asked = fields.filter(
      ({ path }) =>
        /\/requestBody\/|\/parameters\/|\/payload/.test(path) &&
        !/(?:Ack|Event)\/payload/.test(path),
    );
    const texts = asked.flatMap(({ path, shape }) =>
      [shape, ...(shape.anyOf ?? [])].map((one) => ({ path, shape: one })),
    );
    const endless = texts.filter(
      ({ shape: { type, enum: words, const: word, maxLength, pattern } }) =>
        type === 'string' && !words && word === undefined && !maxLength && !pattern,
    );
    expect(asked.length).toBeGreaterThan(20);
    expect(paths(endless)).toEqual([]);
  });
});

it('every call, command and event says what it is for', () => {
  const calls = Object.entries(openApi.paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, { summary?: string }>).map(
      ([method, { summary }]) => [`${method} ${path}`, summary] as const,
    ),
  );
  const operations = Object.entries(asyncApi.operations).map(
    ([id, { summary }]) => [id, summary] as const,
  );
  const silent = [...calls, ...operations].filter(([, summary]) => !summary?.match(/\S \S/));
  expect(silent).toEqual([]);
});

it('every shape with a name says what it is', () => {
  const shapes = [
    ...Object.entries(schemasOf('openApi')),
    ...Object.entries(schemasOf('asyncApi')),
  ];
  expect(shapes.filter(([, { description }]) => !description).map(([id]) => id)).toEqual([]);
});
