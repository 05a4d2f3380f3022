import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
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

/** What keeps pages from being misused says nothing of a script or a style, and weighs more than some of them. */
const OF_PAGES = [
  'Content-Security-Policy',
  'Cross-Origin-Opener-Policy',
  'Origin-Agent-Cluster',
  'Referrer-Policy',
  'X-DNS-Prefetch-Control',
  'X-Download-Options',
  'X-Frame-Options',
  'X-Permitted-Cross-Domain-Policies',
  'X-XSS-Protection',
];

function bare(response: Response): void {
  for (const header of OF_PAGES) response.removeHeader(header);
}

/** Scripts and styles as the build has compressed them, for whoever takes that; the others get them from the folder. */
function compressedAssets(folder: string): RequestHandler {
  const names = new Set(existsSync(folder) ? readdirSync(folder) : []);
  return (request, response, next) => {
    bare(response);
    const name = request.path.slice(1);
    response.vary('Accept-Encoding');
    if (!names.has(`${name}.br`) || request.acceptsEncodings('br') !== 'br') return next();
    cacheFor(response, '/assets/');
    response.type(extname(name)).set('Content-Encoding', 'br');
    response.sendFile(`${name}.br`, { root: folder, cacheControl: false });
  };
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
  router.use('/assets', compressedAssets(`${folder}assets/`));
  router.use(compression());
  router.get('/', page('index.html'));
  router.get('/live/:shopId/:liveId', livePage(`${folder}live.html`, previews, publicUrl));
  router.get('/overlay/:shopId/:liveId', page('overlay.html'));
  router.get('/host', page('host.html'));
  router.get('/docs', page('docs.html'));
  router.use('/icon.svg', (_, response, next) => {
    bare(response);
    next();
  });
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
  const styles = ownStyles(html);
  return async (request, response) => {
    const { shopId, liveId } = request.params;
    const sound = ShopIdSchema.safeParse(shopId).success && IdSchema.safeParse(liveId).success;
    // While Redis is away the page comes all the same, and says so itself.
    const preview = sound ? await previews.of(shopId, liveId).catch(() => undefined) : undefined;
    const base = publicUrl ?? `${request.protocol}://${request.get('host')}`;
    cacheFor(response, 'live.html');
    const policy = String(response.get(POLICY));
    response.set(POLICY, policy.replace("style-src 'self'", `style-src 'self' ${styles}`));
    response.type('html').send(preview ? withPreview(html, preview, base, request) : html);
  };
}

const POLICY = 'Content-Security-Policy';

/** The styles that stand in the page itself, as a policy names them. */
function ownStyles(html: string): string {
  return [...html.matchAll(/<style>([\s\S]*?)<\/style>/g)]
    .map(([, style = '']) => `'sha256-${createHash('sha256').update(style).digest('base64')}'`)
    .join(' ');
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
