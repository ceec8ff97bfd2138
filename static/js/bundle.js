// Follows work in the background: moves the bar, and loads the page again when it is over.
// Without this script the page has a link that does so.

const place = document.querySelector("[data-work]");
const PAUSE = 1500; // ms between two questions

async function ask(bar, told) {
  const page = await fetch(place.dataset.work, {
    headers: { Accept: "application/json" },
    redirect: "error",
  });
  if (!page.ok) throw new Error(page.status);
  const { status, done, total, is_over: isOver } = await page.json();
  if (isOver || status !== place.dataset.status) return true;
  bar.max = total;
  bar.value = done;
  told.textContent = place.dataset.words.replace("{done}", done).replace("{total}", total);
  return false;
}

async function follow() {
  const bar = place.querySelector("progress");
  const told = place.querySelector("[data-told]");
  const isOver = await ask(bar, told).catch(() => false); // a dropped link: ask again
  if (isOver) location.reload();
  else setTimeout(follow, PAUSE);
}

if (place) setTimeout(follow, PAUSE);
