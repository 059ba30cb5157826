/** Makes, renews and removes the copy of the site on this device; nothing is stored before the reader asks. */

const PREFIX = "kept-";
const ABOUT = "/keep/about";
const AT_ONCE = 6;
const box = document.getElementById("keep");
const words = JSON.parse(box.dataset.words);
const status = document.getElementById("keep-status");
const bar = document.getElementById("keep-bar");
const [make, remove] = ["keep-make", "keep-remove"].map((id) => document.getElementById(id));

const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
const say = (name, values = {}) => (status.textContent = fill(words[name], values));

async function copies() {
  return (await caches.keys()).filter((name) => name.startsWith(PREFIX)).sort();
}

/** What the newest complete copy says of itself; null when there is none. */
async function kept() {
  for (const name of (await copies()).reverse()) {
    const about = await (await caches.open(name)).match(ABOUT);
    if (about) return about.json();
  }
  return null;
}

const megabytes = (bytes) => `${(bytes / 1e6).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} MB`;

/** Fetch every file into the cache, a few at once; resolves with their size in bytes. */
async function fetchAll(cache, files) {
  let done = 0;
  let size = 0;
  const waiting = [...files];
  const stop = new AbortController();
  const work = async () => {
    for (let address = waiting.shift(); address; address = waiting.shift()) {
      const answer = await fetch(address, { headers: { Accept: "text/html" }, cache: "no-cache", signal: stop.signal });
      if (!answer.ok) throw new Error(`${answer.status} for ${address}`);
      size += (await answer.clone().blob()).size;
      await cache.put(address, answer);
      if (stop.signal.aborted) return;
      done += 1;
      bar.value = done;
      say("progress", { done, all: files.length });
    }
  };
  bar.max = files.length;
  bar.hidden = false;
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    // One that failed is enough; the others must not go on writing into a copy that is thrown away.
    waiting.length = 0;
    stop.abort();
  }
  return size;
}

async function makeCopy() {
  make.disabled = true;
  const name = `${PREFIX}${Date.now()}`;
  try {
    const { files, ...about } = await (await fetch(box.dataset.files)).json();
    const cache = await caches.open(name);
    const size = await fetchAll(cache, files);
    await cache.put(ABOUT, new Response(JSON.stringify({ ...about, size }), { headers: { "Content-Type": "application/json" } }));
    await navigator.serviceWorker.register(box.dataset.worker);
    await navigator.serviceWorker.ready;
    for (const other of await copies()) if (other !== name) await caches.delete(other);
    await show();
  } catch (error) {
    console.warn("The copy could not be made", error);
    await caches.delete(name);
    say("failed");
  } finally {
    bar.hidden = true;
    make.disabled = false;
  }
}

async function removeCopy() {
  for (const name of await copies()) await caches.delete(name);
  for (const each of await navigator.serviceWorker.getRegistrations()) await each.unregister();
  await show();
  say("removed");
}

/** Say what is kept, and whether there is something newer. */
async function show() {
  const about = await kept();
  remove.hidden = !about;
  make.textContent = about ? make.dataset.renew : make.dataset.keep;
  if (!about) {
    say("nothing");
    return;
  }
  say("kept", { version: about.version, size: megabytes(about.size) });
  const newest = Number(box.dataset.version);
  if (newest > about.version) status.textContent += ` ${fill(words.newer, { version: newest })}`;
}

if (!window.isSecureContext || !("serviceWorker" in navigator)) {
  say("unsafe");
} else {
  make.hidden = false;
  make.addEventListener("click", makeCopy);
  remove.addEventListener("click", removeCopy);
  show();
}
