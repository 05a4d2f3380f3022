import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import compression from 'compression';
import express, { type Request, type RequestHandler, type Response, Router } from 'express';
import { IdSchema, ShopIdSchema } from '../../protocol/ids.js';
import type { FirstSight } from '../../protocol/snapshot.js';
import type { Previews } from '../../services/previews.js';

/** Where the build puts the pages: dist/web, seen from dist/transports/http and from src/transports/http. */
const FOLDERS = ['../../web/', '../../../dist/web/'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

/** Names of built files carry a digest of their content, so they can be kept for good; pages are asked for again. */
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
    // What never changes is not asked after, nor fetched in parts.
    const lasting = { etag: false, lastModified: false, acceptRanges: false };
    response.sendFile(`${name}.br`, { root: folder, cacheControl: false, ...lasting });
  };
}

const LIVE_PAGE = '/live/:shopId/:liveId';

/** The address of each page, and its file in `web/`. */
export const PAGES = {
  '/': 'index.html',
  [LIVE_PAGE]: 'live.html',
  '/overlay/:shopId/:liveId': 'overlay.html',
  '/host': 'host.html',
  '/docs': 'docs.html',
} as const;

/** The pages and what they load. */
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
  router.get(LIVE_PAGE, livePage(`${folder}${PAGES[LIVE_PAGE]}`, previews, publicUrl));
  for (const [address, file] of Object.entries(PAGES)) {
    if (address !== LIVE_PAGE) router.get(address, page(file));
  }
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

/** The page of a live, with what chats show of a link to it and with what its rows begin with. */
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
    const sight = sound ? await previews.of(shopId, liveId).catch(() => undefined) : undefined;
    const base = publicUrl ?? `${request.protocol}://${request.get('host')}`;
    // Nobody keeps what is on sale now, not even for the way back to the page: it would be offered when it is gone.
    response.set('Cache-Control', sight === undefined ? 'no-cache' : 'no-store');
    const policy = String(response.get(POLICY));
    response.set(POLICY, policy.replace("style-src 'self'", `style-src 'self' ${styles}`));
    response.type('html').send(sight ? withSight(html, sight, base, request) : html);
  };
}

const POLICY = 'Content-Security-Policy';

/** The styles that stand in the page itself, as a policy names them. */
function ownStyles(html: string): string {
  return [...html.matchAll(/<style>([\s\S]*?)<\/style>/g)]
    .map(([, style = '']) => `'sha256-${createHash('sha256').update(style).digest('base64')}'`)
    .join(' ');
}

function withSight(html: string, sight: FirstSight, base: string, request: Request): string {
  const { live, shop } = sight;
  const heading = escaped(`${live.title} · ${shop.name}`);
  const imageUrl = pictureOf(sight);
  const tags = [
    ['og:type', 'website'],
    ['og:site_name', shop.name],
    ['og:title', live.title],
    ['og:description', `Live belanja dari ${shop.name}: booking barangmu selagi masih ada.`],
    ['og:url', base + request.path],
    ...(imageUrl === undefined ? [] : [['og:image', new URL(imageUrl, base).href]]),
  ].map(([name = '', content = '']) => `<meta property="${name}" content="${escaped(content)}" />`);
  // Data and no script, for which the policy has no word; and nothing in it ends the element.
  const data = JSON.stringify(sight).replaceAll('<', '\\u003c');
  const written = `<script type="application/json" id="first-sight">${data}</script>`;
  // Functions, for in a text `$` stands for what was found.
  return html
    .replace(/<title>.*<\/title>/, () => `<title>${heading}</title>\n    ${tags.join('\n    ')}`)
    .replace('<noscript>', () => `${written}\n    <noscript>`);
}

/** Of what is on show, or else of the first thing that has one. */
function pictureOf({ live, items }: FirstSight): string | undefined {
  const pinned = items.find(({ itemId }) => itemId === live.pinnedItemId);
  return (pinned?.imageUrl !== undefined ? pinned : items.find(({ imageUrl }) => imageUrl))
    ?.imageUrl;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
