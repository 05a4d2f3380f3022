import { type Logger, pino } from 'pino';

/** For whoever reads along on a terminal; loaded there alone. */
const terminal = process.stdout.isTTY
  ? (await import('pino-pretty')).default({
      sync: true,
      singleLine: true,
      ignore: 'pid,hostname',
      translateTime: 'SYS:HH:MM:ss.l',
    })
  : undefined;

/**
 * JSON lines on standard output, or words for people where that is a terminal; whatever could hold a secret is cut out
 * before it is written.
 */
export function createLog(level: string): Logger {
  const options = {
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
  };
  return terminal ? pino(options, terminal) : pino(options);
}
