// Keeps one page, which says that there is no network, and nothing else: what a live shows must never be old.
const KEPT = 'offline-1';
const FILES = ['/offline.html', '/plain.css', '/icon.svg'];

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(FILES)));
});

self.addEventListener('activate', (event) => {
  const old = (names) => names.filter((name) => name !== KEPT);
  event.waitUntil(
    caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const isOurs = FILES.includes(new URL(request.url).pathname);
  if (request.mode === 'navigate')
    event.respondWith(fetch(request).catch(() => caches.match('/offline.html')));
  else if (isOurs) event.respondWith(fetch(request).catch(() => caches.match(request)));
});
