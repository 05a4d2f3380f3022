import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { AppError } from '../protocol/errors.js';
import { type Recipient, type RecipientInput, RecipientSchema } from '../protocol/recipient.js';

/** A recipient as it is kept: without empty fields, the phone as +62… @throws VALIDATION */
export function keptRecipient(input: RecipientInput): Recipient {
  // 00 is how some dial another country; the library knows it only where it is the custom.
  const dialled = input.phone.replace(/^\s*00/, '+');
  const phone = parsePhoneNumberFromString(dialled, { defaultCountry: 'ID', extract: false });
  if (!phone?.isValid()) {
    const issue = { path: 'recipient.phone', message: 'is not a phone number' };
    throw new AppError('VALIDATION', { issues: [issue] });
  }
  const filled = Object.entries(input).filter(([, value]) => value !== '' && value !== undefined);
  return RecipientSchema.parse({ ...Object.fromEntries(filled), phone: phone.number });
}
