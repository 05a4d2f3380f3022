import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import compression from 'compression';
import express, { type Request, type RequestHandler, type Response, Router } from 'express';
import { IdSchema, ShopIdSchema } from '../../protocol/ids.js';
import type { Preview, Previews } from '../../services/previews.js';

/** Where the build puts the pages: dist/web, seen from dist/transports/http and from src/transports/http. */
const FOLDERS = ['../../web/', '../../../dist/web/'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

/** Names of built files carry a digest of their content, so they can be kept for good; pages are asked for anew. */
function cacheFor(response: Response, path: string): void {
  const lasting = path.includes('/assets/');
  response.set('Cache-Control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache');
}

/** The pages and what they load: `/`, `/live/:shopId/:liveId`, `/overlay/:shopId/:liveId`, `/host`, `/docs`. */
export function pages(previews: Previews, publicUrl: string | undefined): Router {
  const router = Router();
  const folder = FOLDERS.find((path) => existsSync(`${path}live.html`));
  if (folder === undefined) return router;
  const page = (name: string) => (_: unknown, response: Response) => {
    cacheFor(response, name);
    response.sendFile(name, { root: folder, cacheControl: false });
  };
  router.use(compression());
  router.get('/', page('index.html'));
  router.get('/live/:shopId/:liveId', livePage(`${folder}live.html`, previews, publicUrl));
  router.get('/overlay/:shopId/:liveId', page('overlay.html'));
  router.get('/host', page('host.html'));
  router.get('/docs', page('docs.html'));
  router.use(express.static(folder, { index: false, cacheControl: false, setHeaders: cacheFor }));
  router.use((request, response, next) => {
    // A person looks at it, not a program; those who take anything are programs.
    const reads = ['GET', 'HEAD'].includes(request.method);
    if (!reads || request.accepts(['json', 'html']) !== 'html') return next();
    response.status(404);
    page('404.html')(request, response);
  });
  return router;
}

/** The page of a live, with what chats show of a link to it. */
function livePage(
  file: string,
  previews: Previews,
  publicUrl: string | undefined,
): RequestHandler<{ shopId: string; liveId: string }> {
  const html = readFileSync(file, 'utf8');
  return async (request, response) => {
    const { shopId, liveId } = request.params;
    const sound = ShopIdSchema.safeParse(shopId).success && IdSchema.safeParse(liveId).success;
    // While Redis is away the page comes all the same, and says so itself.
    const preview = sound ? await previews.of(shopId, liveId).catch(() => undefined) : undefined;
    const base = publicUrl ?? `${request.protocol}://${request.get('host')}`;
    cacheFor(response, 'live.html');
    response.type('html').send(preview ? withPreview(html, preview, base, request) : html);
  };
}

function withPreview(html: string, preview: Preview, base: string, request: Request): string {
  const { title, shopName, imageUrl } = preview;
  const heading = escaped(`${title} · ${shopName}`);
  const tags = [
    ['og:type', 'website'],
    ['og:site_name', shopName],
    ['og:title', title],
    ['og:description', `Live belanja dari ${shopName}: booking barangmu selagi masih ada.`],
    ['og:url', base + request.path],
    ...(imageUrl === undefined ? [] : [['og:image', new URL(imageUrl, base).href]]),
  ].map(([name = '', content = '']) => `<meta property="${name}" content="${escaped(content)}" />`);
  // A function, for in a text `$` stands for what was found.
  return html.replace(
    /<title>.*<\/title>/,
    () => `<title>${heading}</title>\n    ${tags.join('\n    ')}`,
  );
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
