// Follows work in the background: moves the bar, and loads the page again when it is over,
// which then begins the download of a file that was waited for here. Without this script
// the page has a link that does so.

const place = document.querySelector("[data-work]");
const file = document.querySelector("[data-download]");
const PAUSE = 1000; // ms between two questions
const KEY = `waited:${location.pathname}`;

async function ask(bar, told) {
  const page = await fetch(place.dataset.work, {
    headers: { Accept: "application/json" },
    redirect: "error",
  });
  if (!page.ok) throw new Error(page.status);
  const { status, done, total, is_over: isOver } = await page.json();
  if (isOver || status !== place.dataset.status) return true;
  if (total) {
    bar.max = total;
    bar.value = done;
    told.textContent = place.dataset.words.replace("{done}", done).replace("{total}", total);
  }
  return false;
}

async function follow() {
  const bar = place.querySelector("progress");
  const told = place.querySelector("[data-told]");
  const isOver = await ask(bar, told).catch(() => false); // a dropped link: ask again
  if (isOver) location.reload();
  else setTimeout(follow, PAUSE);
}

if (place) {
  sessionStorage.setItem(KEY, "yes");
  setTimeout(follow, PAUSE);
} else if (file && sessionStorage.getItem(KEY)) {
  sessionStorage.removeItem(KEY);
  file.click();
}
