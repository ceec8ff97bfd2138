// Lists the pages that the service worker kept for the person who is signed in.

async function keptPages() {
  const mark = await caches.match("/.person", { cacheName: "person" });
  if (!mark) return [];
  const person = await mark.text();
  const names = (await caches.keys())
    .filter((name) => name.startsWith("pages-") && name.endsWith(`-${person}`));
  const found = new Map();
  for (const name of names) {
    const pages = await caches.open(name);
    for (const request of await pages.keys()) {
      const html = await (await pages.match(request, { ignoreVary: true })).text();
      const { title } = new DOMParser().parseFromString(html, "text/html");
      found.set(new URL(request.url).pathname, title);
    }
  }
  return [...found].sort();
}

const place = document.getElementById("kept-pages");
if ("caches" in window) {
  const pages = await keptPages();
  const list = document.createElement("ul");
  place.querySelector("[data-list]").append(list);
  for (const [path, title] of pages) {
    const link = document.createElement("a");
    link.href = path;
    link.textContent = title;
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
  place.hidden = pages.length === 0;
}
window.addEventListener("online", () => window.location.reload());
