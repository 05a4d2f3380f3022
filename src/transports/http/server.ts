import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { ArchiveState } from '../../protocol/endpoints-server.js';
import { AppError } from '../../protocol/errors.js';
import type { Payments } from '../../services/payments/payments.js';
import type { StoreHealth } from '../../store/health/index.js';
import type { SharedLimit } from '../../store/shared-limit.js';
import type { Tokens } from '../identity.js';
import type { RateLimit, RateLimits } from '../rate-limit.js';
import { clientAddress } from '../request.js';
import type { Services } from '../services.js';
import { catalogueRoutes } from './catalogue-routes.js';
import { commentRoutes } from './comment-routes.js';
import { healthRoutes } from './health.js';
import { orderRoutes } from './order-routes.js';
import { pages } from './pages.js';
import { noticeRoutes, paymentGatewayRoutes, sandboxRoutes } from './payment-routes.js';
import { claimLinks, peopleRoutes } from './people-routes.js';
import { photoFiles, photoRoutes } from './photo-routes.js';
import { refundRoutes } from './refund-routes.js';
import { reportRoutes } from './report-routes.js';
import { Gate } from './routes.js';
import { securityHeaders } from './security.js';
import { shopRoutes } from './shop-routes.js';
import { staffRoutes } from './staff-routes.js';
import { webhookRoutes } from './webhook-routes.js';

export interface HttpServerOptions {
  health: StoreHealth;
  services: Services;
  tokens: Tokens;
  payments: Payments;
  limits: RateLimits;
  /** In Prometheus's text format. */
  metrics: () => Promise<string>;
  log: Logger;
  allowGuests: boolean;
  publicUrl: string | undefined;
  corsOrigins: string[] | '*';
  trustProxy: number;
  archive: () => ArchiveState | 'none';
  stopping: () => boolean;
}

/** The Express application: health, the API under /api/v1, the pages, one error handler. */
export function createHttpApp(options: HttpServerOptions): Express {
  const { services, tokens, limits } = options;
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', options.trustProxy);
  app.use(['/readyz', '/metrics'], limitedBy(limits.probes, options.trustProxy));
  healthRoutes(app, options.health, options.metrics, options.archive, options.stopping);
  app.use(...securityHeaders(options.corsOrigins));

  app.use(['/api/v1', '/sandbox'], limitedBy(limits.requests, options.trustProxy));
  const api = express.Router();
  noticeRoutes(api, options.payments, options.log);
  const gate = new Gate(tokens, services);
  shopRoutes(api, gate, services, tokens, {
    allowed: options.allowGuests,
    limit: limits.guests,
    trustProxy: options.trustProxy,
  });
  catalogueRoutes(api, gate, services);
  photoRoutes(api, gate, services);
  const claimUrl = claimLinks(tokens, options.publicUrl);
  peopleRoutes(api, gate, services, tokens, options.publicUrl);
  commentRoutes(api, gate, services, claimUrl);
  orderRoutes(api, gate, services);
  refundRoutes(api, gate, services);
  reportRoutes(api, gate, services);
  webhookRoutes(api, gate, services);
  paymentGatewayRoutes(api, gate, options.payments.accounts);
  staffRoutes(api, gate, services, tokens, options.publicUrl);
  api.use(notFound);
  app.use('/api/v1', api);
  sandboxRoutes(app, options.payments);

  photoFiles(app, services, limits, options.trustProxy);
  app.use(pages(services.previews, options.publicUrl));
  app.use(notFound);
  app.use(errorHandler(options.log));
  return app;
}

/** Takes each request from what its address may ask. */
function limitedBy(limit: RateLimit | SharedLimit, proxies: number): RequestHandler {
  return async (request, _response, next) => {
    await limit.take(clientAddress(request, proxies));
    next();
  };
}

const notFound: RequestHandler = () => {
  throw new AppError('NOT_FOUND');
};

/** Every error leaves here, in the catalogue's words; what is unknown goes to the log alone. */
function errorHandler(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const refusal = toAppError(error);
    if (refusal.code === 'INTERNAL')
      log.error({ err: error, path: request.path }, 'request failed');
    const retryAfter = refusal.details?.retryAfterMs;
    if (typeof retryAfter === 'number')
      response.set('Retry-After', String(Math.ceil(retryAfter / 1_000)));
    response.status(statusOf(error) ?? refusal.status).json({ error: refusal.toBody() });
  };
}

/** What Express and its body parser throw for a bad request carries a 4xx status. */
function statusOf(error: unknown): number | undefined {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : Number.NaN;
  return status >= 400 && status < 500 ? status : undefined;
}

function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const status = statusOf(error);
  if (status === 404) return new AppError('NOT_FOUND');
  if (status !== undefined) return new AppError('VALIDATION', { body: (error as Error).message });
  return new AppError('INTERNAL');
}
