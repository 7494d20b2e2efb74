// Keeps help pages that were read and the files they need; shows them, marked, when there is no connection.
// Served at /service-worker.js. Signing in or out and acting for another desk empty what was kept of pages.
const FILES = "files-1";
const PAGES = "pages-1";
const MOST_PAGES = 60;
const MOST_FILES = 120;
const FORGET_ON = ["/accounts/logout/", "/accounts/login/", "/desks/switch/"];
const isHelp = (path) => path.startsWith("/help/") && !/^\/help\/(search|feed|feedback)\//.test(path) && !path.endsWith(".pdf");

const keepOfflinePage = async () => {
  const cache = await caches.open(FILES);
  const answer = await fetch("/offline/", { cache: "reload", credentials: "omit" });
  const files = [...(await answer.clone().text()).matchAll(/(?:href|src)="(\/static\/[^"#]+)/g)].map((match) => match[1]);
  await cache.put("/offline/", answer);
  await cache.addAll([...new Set(files)]);
};

const trim = async (cache, most) => {
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - most)).map((key) => cache.delete(key)));
};

const marked = async (answer) => {
  const html = (await answer.text()).replace("<html ", "<html data-offline ");
  return new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": answer.headers.get("Content-Security-Policy") ?? "" } });
};

const readPage = async (request) => {
  const cache = await caches.open(PAGES);
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected && isHelp(new URL(request.url).pathname)) {
      await cache.delete(request.url);
      await cache.put(request.url, answer.clone());
      await trim(cache, MOST_PAGES);
    }
    return answer;
  } catch {
    const kept = await cache.match(request.url);
    return kept ? marked(kept) : (await caches.match("/offline/")) ?? Response.error();
  }
};

const readFile = async (request) => {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) {
    const cache = await caches.open(FILES);
    await cache.put(request, answer.clone());
    await trim(cache, MOST_FILES);
  }
  return answer;
};

self.addEventListener("install", (event) => event.waitUntil(keepOfflinePage().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== location.origin) return;
  if (event.request.method === "POST" && FORGET_ON.includes(url.pathname)) event.waitUntil(caches.delete(PAGES));
  if (event.request.method !== "GET") return;
  if (event.request.mode === "navigate" && !url.pathname.startsWith("/admin/")) event.respondWith(readPage(event.request));
  else if (/^\/static\/.+\.[0-9a-f]{12}\.\w+$/.test(url.pathname)) event.respondWith(readFile(event.request));
});
