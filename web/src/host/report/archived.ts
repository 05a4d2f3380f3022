import type { CommandError } from '../../shared/messages.js';
import { hostErrorText } from '../messages/errors.js';
import { report } from '../messages/report.js';

/** Why a report of the archive is not there. */
export function archiveErrorText(error: CommandError): string {
  if (error.details?.archive === 'none') return report('archiveNone');
  return error.details?.archive === undefined ? hostErrorText(error) : report('archiveAway');
}
