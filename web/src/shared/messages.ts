import { defineMessages } from './i18n.js';

export { type CommandError, errorText } from './errorText.js';

/** Words that every page uses. */
export const common = defineMessages({
  id: {
    brand: 'Livehold',
    switchLanguage: 'Switch to English',
    themeDark: 'Pakai tema gelap',
    themeLight: 'Pakai tema terang',
    close: 'Tutup',
    cancel: 'Batal',
    back: 'Kembali',
    retry: 'Coba lagi',
    loading: 'Memuat…',
    connecting: 'Menyambung…',
    online: 'Tersambung',
    offline: 'Terputus',
    dismiss: 'Tutup pesan',
    copy: 'Salin',
    copied: 'Tersalin',
    notifications: 'Pemberitahuan',
    timeLeft: 'Sisa waktu {time}',
    lastMinute: 'Kurang dari satu menit lagi: {what}',
  },
  en: {
    brand: 'Livehold',
    switchLanguage: 'Ganti ke Bahasa Indonesia',
    themeDark: 'Use the dark theme',
    themeLight: 'Use the light theme',
    close: 'Close',
    cancel: 'Cancel',
    back: 'Back',
    retry: 'Try again',
    loading: 'Loading…',
    connecting: 'Connecting…',
    online: 'Connected',
    offline: 'Disconnected',
    dismiss: 'Dismiss',
    copy: 'Copy',
    copied: 'Copied',
    notifications: 'Notifications',
    timeLeft: '{time} left',
    lastMinute: 'Less than a minute left: {what}',
  },
});
