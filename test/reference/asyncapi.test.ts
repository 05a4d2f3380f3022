import specification from '@asyncapi/specs/schemas/3.0.0.json' with { type: 'json' };
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import document from '../../docs/api/asyncapi.json' with { type: 'json' };
import packageJson from '../../package.json' with { type: 'json' };
import { asyncApi } from '../../src/reference/asyncapi.js';

/** Every value under `$ref`. */
function refsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) =>
    key === '$ref' && typeof one === 'string' ? [one] : refsIn(one),
  );
}

/** What a reference within the document leads to. */
function found(ref: string): unknown {
  return ref
    .slice('#/'.length)
    .split('/')
    .reduce((at: unknown, key) => (at as Record<string, unknown> | undefined)?.[key], document);
}

describe('docs/api/asyncapi.json', () => {
  it('matches the command and event tables', () => {
    expect(document).toEqual(asyncApi(packageJson.version));
  });

  it('is valid AsyncAPI 3.0, and whatever it refers to is there', () => {
    // The specification's schema brings its own copy of JSON Schema's.
    const ajv = new Ajv({
      strict: false,
      meta: false,
      validateSchema: false,
      validateFormats: false,
    });
    const valid = ajv.validate(specification, document);
    expect(ajv.errors).toBeNull();
    expect(valid).toBe(true);
    const refs = refsIn(document);
    expect(refs.length).toBeGreaterThan(50);
    expect(refs.filter((ref) => found(ref) === undefined)).toEqual([]);
  });
});
