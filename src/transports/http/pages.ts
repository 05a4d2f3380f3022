import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import compression from 'compression';
import express, { type Response, Router } from 'express';

/** Where the build puts the pages: dist/web, seen from dist/transports/http and from src/transports/http. */
const FOLDERS = ['../../web/', '../../../dist/web/'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

/** Names of built files carry a digest of their content, so they can be kept for good; pages are asked for anew. */
function cacheFor(response: Response, path: string): void {
  const lasting = path.includes('/assets/');
  response.set('Cache-Control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache');
}

/** The pages and what they load: `/`, `/live/:shopId/:liveId`, `/host`, `/docs`. */
export function pages(): Router {
  const router = Router();
  const folder = FOLDERS.find((path) => existsSync(`${path}live.html`));
  if (folder === undefined) return router;
  const page = (name: string) => (_: unknown, response: Response) => {
    cacheFor(response, name);
    response.sendFile(name, { root: folder, cacheControl: false });
  };
  router.use(compression());
  router.get('/', page('index.html'));
  router.get('/live/:shopId/:liveId', page('live.html'));
  router.get('/host', page('host.html'));
  router.get('/docs', page('docs.html'));
  router.use(express.static(folder, { index: false, cacheControl: false, setHeaders: cacheFor }));
  return router;
}
