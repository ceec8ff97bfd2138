// Keeps the pages of a response that a person opened, for when there is no link.
//
// The address /service-worker.js sets self.SHELL and loads this file. Everything comes from
// the network first. A page is kept only where the reply says for whom it was made
// (X-User), in a cache of that person; it is given only while that person is the last
// whom a page named. A page made for nobody, as the one to sign in, ends that.

const { version, urls, assets, offline } = self.SHELL;
const SHELL = `shell-${version}`;
const PERSON = "person";
const MARK = "/.person"; // an address that only the cache knows
const KEPT = /^\/(responses\/[^/]+\/[^/]+\/(sections\/[^/]+\/)?)?$/;
const BROKEN = [502, 503, 504]; // what a proxy says for a server that is away
const ANY = { ignoreSearch: true, ignoreVary: true };

const pagesOf = (person) => `pages-${version}-${person}`;

async function currentPerson() {
  const mark = await caches.match(MARK, { cacheName: PERSON });
  return mark ? mark.text() : null;
}

async function setPerson(person) {
  const names = await caches.keys();
  const others = names.filter((name) => name.startsWith("pages-") && !name.endsWith(`-${person}`));
  if (person === "none") {
    await caches.delete(PERSON);
    return;
  }
  await Promise.all(others.map((name) => caches.delete(name)));
  const marks = await caches.open(PERSON);
  await marks.put(MARK, new Response(person));
}

async function keep(url, page) {
  const person = page.headers.get("X-User");
  if (person === null) return; // not the application: a proxy, an air port's welcome
  if (person !== await currentPerson()) await setPerson(person);
  const { pathname, search } = new URL(url);
  if (person === "none" || !page.ok || page.redirected || search || !KEPT.test(pathname)) return;
  const pages = await caches.open(pagesOf(person));
  await pages.put(pathname, page);
}

async function kept(url) {
  const person = await currentPerson();
  if (!person) return undefined;
  const copy = await caches.match(new URL(url).pathname, { cacheName: pagesOf(person), ...ANY });
  if (!copy) return undefined;
  // The page must know: what was saved since then is not in it.
  const html = await copy.text();
  return new Response(html.replace("<html ", "<html data-copy "), { headers: copy.headers });
}

async function shellOr(request) {
  return (await caches.match(request, { cacheName: SHELL, ...ANY })) ?? Response.error();
}

async function navigate(event) {
  const { request } = event;
  let page;
  try {
    page = await fetch(request);
  } catch {
    return (await kept(request.url)) ?? shellOr(offline);
  }
  if (BROKEN.includes(page.status)) return (await kept(request.url)) ?? page;
  event.waitUntil(keep(request.url, page.clone()));
  return page;
}

self.addEventListener("install", (event) => {
  // Without cookies: the page for no link is nobody's.
  const requests = urls.map((url) => new Request(url, { credentials: "omit" }));
  event.waitUntil(caches.open(SHELL).then((shell) => shell.addAll(requests))
    .then(() => self.skipWaiting()));
});

// The pages that are open already were not seen coming.
async function keepOpenPages() {
  const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  await Promise.allSettled(open.map(async ({ url }) => {
    const { pathname, search } = new URL(url);
    if (search || !KEPT.test(pathname)) return;
    await keep(url, await fetch(pathname, { headers: { Accept: "text/html" } }));
  }));
}

self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys()
    .then((names) => names.filter((name) => name !== PERSON && name !== SHELL &&
      !name.startsWith(`pages-${version}-`)))
    .then((old) => Promise.all(old.map((name) => caches.delete(name))))
    .then(() => self.clients.claim())
    .then(keepOpenPages));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(navigate(event));
  } else if (pathname.startsWith(assets)) {
    event.respondWith(fetch(request).catch(() => shellOr(request)));
  }
});
