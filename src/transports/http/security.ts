import cors from 'cors';
import type { RequestHandler } from 'express';
import helmet from 'helmet';

/**
 * Headers for pages and API. Scripts and styles come from this server alone; pictures and the stream's video may come
 * from any `https:` address that the host has entered.
 */
export function securityHeaders(corsOrigins: string[] | '*'): RequestHandler[] {
  const headers = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'https:', 'data:'],
        fontSrc: ["'self'"],
        frameSrc: ['https:'],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        workerSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'self'"],
      },
    },
    // Plain http on a laptop must keep working; whoever terminates TLS adds it there.
    strictTransportSecurity: false,
    // A video to embed need not send our headers.
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
  });
  return [headers, ...crossOrigin(corsOrigins)];
}

/** Lets pages of the named origins use the API. Tokens travel in a header, never in cookies. */
function crossOrigin(origins: string[] | '*'): RequestHandler[] {
  if (origins !== '*' && origins.length === 0) return [];
  return [
    cors({
      origin: origins,
      methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      allowedHeaders: ['Authorization', 'Content-Type'],
      exposedHeaders: ['Retry-After'],
      maxAge: 600,
    }),
  ];
}
