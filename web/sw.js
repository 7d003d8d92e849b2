// Keeps one whole version of the site, so that the tutorial works without a network once it has been loaded.
// `cargo xtask site` puts in the version and the files with their hashes; `trunk serve` has no service worker.
"use strict";

const VERSION = self.VERSION;
const FILES = self.FILES;

// Several sites may live under one origin: each has its own path.
const PREFIX = `ottla ${self.registration.scope} `;
const NAME = PREFIX + VERSION;

// All files or none: a file of another version has another hash and is refused, and then this version is never used.
self.addEventListener("install", (event) => {
  const requests = FILES.map(([path, integrity]) => new Request(path, { integrity, cache: "no-cache" }));
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(requests)));
});

// It begins when no page of the version before is open any more.
self.addEventListener("activate", (event) => {
  const forget = async () => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith(PREFIX) && name !== NAME);
    await Promise.all(old.map((name) => caches.delete(name)));
  };
  event.waitUntil(forget());
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || !url.href.startsWith(self.registration.scope)) return;
  event.respondWith(request.mode === "navigate" ? page(url) : file(request));
});

async function page(url) {
  const path = url.pathname.slice(new URL(self.registration.scope).pathname.length);
  if (path !== "" && path !== "index.html") return fetch(url.href);
  // A newer version waits, and nobody else looks at this one: the next answer is the newer one's.
  const { waiting } = self.registration;
  if (waiting && (await self.clients.matchAll({ type: "window" })).length < 2) {
    waiting.postMessage("take over");
    return new Response("<link rel=icon href=data:,><script>location.reload()</script>", { headers: { "content-type": "text/html" } });
  }
  return (await cached("index.html")) ?? fetch(url.href);
}

async function file(request) {
  return (await cached(request.url)) ?? fetch(request);
}

async function cached(address) {
  const cache = await caches.open(NAME);
  return cache.match(address, { ignoreSearch: true });
}
