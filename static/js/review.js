// Keys of the page of review: from question to question, to its comments, to what was asked.

const WRITING = "input, textarea, select, [contenteditable]";

const items = [...document.querySelectorAll("[data-item]")];
const current = () => document.activeElement.closest("[data-item]");

// Without a question in focus, the one that stands first in view.
function place() {
  const here = current();
  if (here) return items.indexOf(here);
  const first = items.findIndex((item) => item.getBoundingClientRect().bottom > 0);
  return first === -1 ? items.length : first - 0.5;
}

function go(step) {
  const at = step > 0 ? Math.floor(place() + 1) : Math.ceil(place() - 1);
  const item = items[Math.max(0, Math.min(items.length - 1, at))];
  if (!item) return;
  item.focus({ preventScroll: true });
  item.scrollIntoView({ block: "start" });
}

// What is fetched when it opens is not there yet: its box gets the focus when it comes.
function focusWithin(box) {
  const control = () => box.querySelector("textarea");
  if (control()) {
    control().focus();
    return;
  }
  box.querySelector("summary, a, button")?.focus();
  const observer = new MutationObserver(() => {
    if (!control()) return;
    observer.disconnect();
    if (box.contains(document.activeElement)) control().focus();
  });
  observer.observe(box, { childList: true, subtree: true });
}

function comment() {
  const item = current() ?? items[Math.max(0, Math.ceil(place()))];
  const box = item?.querySelector("[data-comments], .comments");
  if (!box) return;
  if (box.matches("details")) box.open = true;
  else box.querySelector("details:not([open])")?.setAttribute("open", "");
  focusWithin(box);
}

function toggle(details) {
  if (!details) return;
  details.open = !details.open;
  details.querySelector("summary").focus();
}

const KEYS = {
  j: () => go(1),
  n: () => go(1),
  k: () => go(-1),
  p: () => go(-1),
  c: comment,
  e: () => toggle(current()?.querySelector("[data-more]")),
  "?": () => toggle(document.querySelector("[data-keys]")),
};

document.addEventListener("keydown", (event) => {
  const act = KEYS[event.key];
  const isOther = event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
  if (!act || isOther || event.target.matches(WRITING)) return;
  event.preventDefault();
  act();
});
