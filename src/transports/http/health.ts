import type { Express } from 'express';
import type { Metrics } from '../../metrics.js';
import { checkStore } from '../../store/health.js';
import type { Store } from '../../store/store.js';

/** `/healthz` says that the process lives, `/readyz` that it can serve: Redis answers and it is not stopping. */
export function healthRoutes(
  app: Express,
  store: Store,
  metrics: Metrics,
  stopping: () => boolean,
): void {
  app.get('/healthz', (_request, response) => {
    response.json({ ok: true });
  });
  app.get('/readyz', async (_request, response) => {
    if (stopping()) {
      response.status(503).json({ ok: false, reason: 'stopping' });
      return;
    }
    const { ok, warnings } = await checkStore(store);
    response
      .status(ok ? 200 : 503)
      .json({ ok, ...(ok ? {} : { reason: 'Redis does not answer' }), warnings });
  });
  app.get('/metrics', async (_request, response) => {
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
}
