import { type Logger, pino } from 'pino';

/** JSON lines on standard output; whatever could hold a secret is cut out before it is written. */
export function createLog(level: string): Logger {
  return pino({
    level,
    redact: {
      paths: [
        'token',
        '*.token',
        'authorization',
        '*.authorization',
        'headers.authorization',
        'headers.cookie',
        'secret',
        '*.secret',
        'serverKey',
        '*.serverKey',
        'signature_key',
        '*.signature_key',
      ],
      censor: '[redacted]',
    },
  });
}
