import { z } from 'zod';
import { nameComponents } from './components.js';

export type JsonSchema = z.core.JSONSchema.JSONSchema;

/** JSON Schemas of one document: the named ones as components, any other where it is used. */
export class JsonSchemas {
  readonly components: Record<string, JsonSchema> = {};

  constructor() {
    nameComponents();
  }

  /** What a caller sends: fields with a default may be left out. */
  ofInput(schema: z.ZodType): JsonSchema {
    return this.convert(schema, 'input');
  }

  /** What a caller gets. Fields may be added one day, so a reader takes others than these, too. */
  ofOutput(schema: z.ZodType): JsonSchema {
    return this.convert(schema, 'output');
  }

  private convert(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const {
      $defs = {},
      $schema: _,
      ...json
    } = z.toJSONSchema(schema, {
      io,
      override: ({ jsonSchema }) => tidy(jsonSchema, io),
    });
    for (const [id, component] of Object.entries($defs)) this.add(id, component);
    return withComponentRefs(json);
  }

  private add(id: string, component: JsonSchema): void {
    const { id: __, ...json } = withComponentRefs(component) as JsonSchema & { id?: string };
    const known = this.components[id];
    if (known && JSON.stringify(known) !== JSON.stringify(json))
      throw new Error(`two schemas are called ${id}, or ${id} is sent and got in different forms`);
    this.components[id] = json;
  }
}

function tidy(json: JsonSchema, io: 'input' | 'output'): void {
  if (io === 'output' && json.additionalProperties === false) delete json.additionalProperties;
  // That a whole number is one that JavaScript can hold says nothing to a reader.
  if (json.maximum === Number.MAX_SAFE_INTEGER) delete json.maximum;
  if (json.minimum === Number.MIN_SAFE_INTEGER) delete json.minimum;
}

/** Schemas that stand in a document of their own refer to `#/$defs/…`; in ours they are components. */
function withComponentRefs(json: JsonSchema): JsonSchema {
  return JSON.parse(
    JSON.stringify(json).replaceAll('"#/$defs/', '"#/components/schemas/'),
  ) as JsonSchema;
}
