import type { Express } from 'express';
import { Registry } from 'prom-client';
import type { ArchiveState } from '../../protocol/endpoints-server.js';
import type { StoreHealth } from '../../store/health/index.js';

/** `/healthz` says that the process lives, `/readyz` that it can serve: the store can, and it is not stopping. */
export function healthRoutes(
  app: Express,
  health: StoreHealth,
  metrics: () => Promise<string>,
  archive: () => ArchiveState | 'none',
  stopping: () => boolean,
): void {
  const started = performance.now();
  app.get('/healthz', (_request, response) => {
    // Pages of any origin may ask: it says nothing of a shop, and the client asks it whether the server can be reached.
    response.set({ 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'no-store' });
    response.json({ ok: true, upMs: Math.round(performance.now() - started) });
  });
  app.get('/readyz', async (_request, response) => {
    if (stopping()) {
      response.status(503).json({ ok: false, reason: 'stopping' });
      return;
    }
    const found = await health.now();
    response.status(found.ok ? 200 : 503).json({ ...found, archive: archive() });
  });
  let scrape: Promise<string> | undefined;
  app.get('/metrics', async (_request, response) => {
    // Those who ask at the same time get the same: it takes milliseconds to put together.
    scrape ??= metrics().finally(() => {
      scrape = undefined;
    });
    response.type(Registry.PROMETHEUS_CONTENT_TYPE).send(await scrape);
  });
}
