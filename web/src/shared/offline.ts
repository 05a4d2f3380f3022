/** Keeps a page on the device that says when there is no network, once the page itself has all it needs. */
export function keepOfflinePage(): void {
  // Absent where the page did not come over https.
  if (!('serviceWorker' in navigator)) return;
  addEventListener('load', () => {
    navigator.serviceWorker.register('/sw.js').catch(() => {});
  });
}
