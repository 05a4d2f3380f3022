import { DEMO_SHOP, openDemoShop } from '../services/demo-shop.js';
import type { Tokens } from './identity.js';
import type { Services } from './services.js';

/** What `npm start` prints: where the demo live is, and a link that signs the host in. */
export async function welcome(services: Services, tokens: Tokens, url: string): Promise<string> {
  const live = await openDemoShop(services.shops, services.catalogue);
  const hostToken = tokens.sign({ id: 'demo-host', shopId: DEMO_SHOP, role: 'host' }, '7d');
  const viewerPage = live ? `${url}/live/${DEMO_SHOP}/${live.liveId}` : `${url}/`;
  return [
    '',
    '  Livehold is up.',
    '',
    `  Viewer page    ${viewerPage}`,
    `  Host console   ${url}/host#token=${hostToken}`,
    `  API            ${url}/api/v1    (health: ${url}/healthz)`,
    '',
    '  Open the viewer page in two windows and book; watch the console. Ctrl-C stops everything.',
    '',
  ].join('\n');
}
