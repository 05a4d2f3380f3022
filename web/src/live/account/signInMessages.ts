import { defineMessages } from '../../shared/i18n.js';

/** The words of signing in by name. */
export const ask = defineMessages({
  id: {
    signInAndBook: 'Masuk dan lanjut',
    signInText: 'Cukup nama yang penjual bisa sebut di live. Tanpa kata sandi.',
    yourName: 'Namamu',
    nameHint: 'Contoh: Sari Bandung',
    nameMissing: 'Isi namamu dulu.',
  },
  en: {
    signInAndBook: 'Sign in and go on',
    signInText: 'Just a name that the seller can call out in the live. No password.',
    yourName: 'Your name',
    nameHint: 'For example: Sari Bandung',
    nameMissing: 'Fill in your name first.',
  },
});
