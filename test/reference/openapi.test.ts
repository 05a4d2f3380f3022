import { Validator } from '@seriousme/openapi-schema-validator';
import type { Router } from 'express';
import { describe, expect, it } from 'vitest';
import document from '../../docs/api/openapi.json' with { type: 'json' };
import packageJson from '../../package.json' with { type: 'json' };
import { createApp } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import { HTTP_TABLES, openApi } from '../../src/reference/openapi.js';
import { PAGES } from '../../src/transports/http/pages.js';
import { atEnd } from '../support/at-end.js';
import { serverEnvironment } from '../support/server-environment.js';

/** Pages and what they load: for people, and none of the API. */
const FOR_PEOPLE = [...Object.keys(PAGES), '/photos/:shopId/:name'].map((path) => `GET ${path}`);

/** `METHOD /path` of all that an Express application or router serves. */
function servedBy(router: Router, base = ''): string[] {
  return router.stack.flatMap((layer) => {
    if (layer.route) {
      const { path, stack } = layer.route;
      const methods = new Set(stack.map(({ method }) => method.toUpperCase()));
      return [...methods].map((method) => `${method} ${base}${path}`);
    }
    const within = layer.handle as unknown as Partial<Router>;
    if (!within.stack) return [];
    const { match } = layer as unknown as { match: (path: string) => boolean };
    const isApi = match.call(layer, '/api/v1') && !match.call(layer, '/');
    return servedBy(within as Router, isApi ? `${base}/api/v1` : base);
  });
}

describe('docs/api/openapi.json', () => {
  it('matches the endpoint tables', () => {
    expect(document).toEqual(openApi(packageJson.version));
  });

  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(document);
    expect(errors).toBeUndefined();
    expect({ valid, version: validator.version }).toEqual({ valid: true, version: '3.1' });
  });

  it('has every call that the server serves, and no other', () => {
    const environment = serverEnvironment('redis://127.0.0.1:1', {});
    const app = createApp(readConfig(environment));
    atEnd(() => app.close());
    const documented = HTTP_TABLES.flatMap(({ base, endpoints }) =>
      Object.keys(endpoints).map((key) => key.replace(' ', ` ${base}`)),
    );
    const served = servedBy(app.web.router).filter((one) => !FOR_PEOPLE.includes(one));
    expect(served.sort()).toEqual(documented.sort());
  });
});
