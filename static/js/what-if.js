// Recalculates what would move after each change; the form and its buttons work without.
// Only what stands beside the controls is put in place again, so that the focus stays.

import { link, renew } from "./link.js";

const form = document.querySelector("[data-trial]");
const WAIT = 250; // milliseconds without a further change
const outcome = document.querySelector("[data-part=outcome]");
let waiting;
let running;

function take(page) {
  for (const part of page.querySelectorAll("[data-part]")) {
    const here = document.querySelector(`[data-part="${part.dataset.part}"]`);
    if (here) here.replaceChildren(...part.childNodes);
  }
  for (const given of page.querySelectorAll("[data-given]")) {
    const name = CSS.escape(given.dataset.given);
    const here = form.querySelector(`[data-given="${name}"]`);
    if (here) takeCell(here.parentElement, given.parentElement);
  }
}

function takeCell(here, there) {
  here.className = there.className;
  for (const error of here.querySelectorAll(".trial__error")) error.remove();
  const given = here.querySelector("[data-given]");
  given.before(...there.querySelectorAll(".trial__error"));
  given.replaceChildren(...there.querySelector("[data-given]").childNodes);
  here.closest(".trial").className = there.closest(".trial").className;
}

async function recalculate() {
  running?.abort();
  running = new AbortController();
  const { signal } = running;
  outcome.dataset.stale = "";
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.querySelector("[data-part]")) throw new Error(answer.status);
    take(page);
    delete outcome.dataset.stale;
    if (answer.redirected) history.replaceState(null, "", answer.url);
  } catch (error) {
    if (error.name === "AbortError") return;
    outcome.querySelector("[data-failed]").hidden = false;
    renew(); // if the session ended, the dialog asks to sign in
  }
}

link.addEventListener("renewed", recalculate);
form.addEventListener("change", (event) => {
  if (event.target.name === "find") return;
  if (event.target.name === "add") {
    if (event.target.value) form.requestSubmit();
    return;
  }
  clearTimeout(waiting);
  waiting = setTimeout(recalculate, WAIT);
});
