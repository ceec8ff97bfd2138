// The session ended while the page is open: signing in without leaving it.

import { link, postForm, renew } from "./link.js";
import { person, queue } from "./queue.js";

const PAUSE = 1000; // ms without a key: nobody's typing goes into the box for the password

const dialog = document.getElementById("sign-in");
const form = dialog?.querySelector("form");
const problem = dialog?.querySelector("[role=alert]");
let typedAt = 0;
let before = null;

document.addEventListener("input", () => { typedAt = Date.now(); }, { capture: true });

export function openSignIn() {
  if (!dialog || dialog.open || !link.isEnded) return;
  before = document.activeElement;
  say("");
  dialog.showModal();
  form.elements.password.focus();
}

function openInAPause() {
  const wait = typedAt + PAUSE - Date.now();
  if (wait > 0) setTimeout(openInAPause, wait);
  else openSignIn();
}

function close() {
  if (!dialog?.open) return;
  form.elements.password.value = "";
  dialog.close();
  before?.focus();
}

function say(words) {
  problem.textContent = words;
  problem.hidden = !words;
}

// The errors of allauth's own form, its limits on attempts included.
async function problemOf(reply) {
  if (reply.status === 429) return dialog.dataset.tooMany;
  const body = await reply.json().catch(() => null);
  const spec = body?.form;
  if (!spec) return dialog.dataset.failed;
  const errors = Object.values(spec.fields).flatMap((field) => field.errors);
  return [...spec.errors, ...errors].join(" ") || dialog.dataset.failed;
}

async function signIn() {
  await renew(); // signed in already, perhaps, in another tab
  if (!link.isEnded || link.isOther) return;
  const reply = await postForm(form.action, {
    login: form.elements.login.value,
    password: form.elements.password.value,
  }, { "X-Requested-With": "XMLHttpRequest" }).catch(() => null);
  if (reply === null) say(dialog.dataset.away);
  else if (!reply.ok) say(await problemOf(reply));
  else await renew();
  if (link.isEnded && !problem.hidden) form.elements.password.select();
}

// Nothing of one person stays on the screen of another.
async function stepAside() {
  await queue.write();
  dialog?.close();
  const notice = document.getElementById("other-person");
  for (const part of notice.parentElement.children) part.hidden = part !== notice;
  notice.focus();
}

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  await signIn();
  button.disabled = false;
});
dialog?.querySelector("[data-close]").addEventListener("click", close);
dialog?.addEventListener("cancel", (event) => {
  event.preventDefault();
  close();
});
document.querySelector("#other-person button")?.addEventListener("click", () => {
  window.location.reload();
});

link.addEventListener("ended", openInAPause);
link.addEventListener("renewed", () => {
  close();
  queue.tell("person");
});
link.addEventListener("other", stepAside);

// A page put back by the Back button may be that of somebody who signed out since.
window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted) window.location.reload();
});
const [entry] = performance.getEntriesByType("navigation");
if (person && entry?.type === "back_forward") renew();
