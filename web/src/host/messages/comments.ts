import { defineMessages } from '../../shared/i18n.js';

/** Words of the comments that come from where the live is shown. */
export const comments = defineMessages({
  id: {
    title: 'Komentar',
    lead: 'Yang menyebut barang, sejak konsol dibuka.',
    booked: 'di-keep',
    waiting: 'antre',
    refused: 'ditolak',
    ignored: 'tidak booking',
    copyReply: 'Salin balasan untuk {name}',
    copied: 'Balasan disalin.',
    bookFor: 'Booking untuk {name}',
  },
  en: {
    title: 'Comments',
    lead: 'Those that name an item, since the console was opened.',
    booked: 'booked',
    waiting: 'waiting',
    refused: 'refused',
    ignored: 'no booking',
    copyReply: 'Copy the reply to {name}',
    copied: 'The reply is copied.',
    bookFor: 'Book for {name}',
  },
});
