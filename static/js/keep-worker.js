/**
 * Answers for the site when there is no network, from the copy that the reader asked to keep. With a network
 * it changes nothing and stores nothing. Copies are made and removed by keep.js alone.
 */

const PREFIX = "kept-";
const ABOUT = "/keep/about";
// These need the server: accounts, programs, and counts that only it can make.
const ONLINE_ONLY = /^(\/[a-z]{2})?\/(edit|api|exports|map\/(keys|rows|facets|place))\b/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin || ONLINE_ONLY.test(url.pathname)) return;
  event.respondWith(fetch(event.request).catch((error) => fromCopy(event.request, url, error)));
});

/** The newest copy that is complete, with what it says of itself. */
async function newestCopy() {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX)).sort().reverse();
  for (const name of names) {
    const cache = await caches.open(name);
    const about = await cache.match(ABOUT);
    if (about) return { cache, about: await about.json() };
  }
  return null;
}

async function fromCopy(request, url, error) {
  const copy = await newestCopy();
  if (!copy) throw error;
  const opens = request.mode === "navigate";
  // The map filters by itself, and a card is the same for every filter; other pages with a query are not kept.
  const ignoreSearch = url.pathname === copy.about.home || url.pathname.includes("/incidents/");
  const found = await copy.cache.match(url.pathname + (ignoreSearch ? "" : url.search), { ignoreVary: true });
  if (found) return opens ? withNote(found, copy.about.says) : found;
  if (!opens) throw error;
  const home = await copy.cache.match(copy.about.home, { ignoreVary: true });
  return withNote(home, `${copy.about.says} ${copy.about.missing}`);
}

const escaped = (text) => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

/** A kept page that says on top from when it is. */
async function withNote(page, text) {
  const note = `<p class="kept-note" role="status">${escaped(text)}</p>`;
  const body = (await page.text()).replace(/<body[^>]*>/, (tag) => tag + note);
  const headers = new Headers(page.headers);
  headers.delete("content-encoding");
  headers.delete("content-length");
  return new Response(body, { status: 200, headers });
}
