// Signing out sends first, warns of what cannot be sent, and leaves nothing behind.

import { make } from "./elements.js";
import { postForm } from "./link.js";
import { page, sendAll } from "./outbox.js";
import { person, queue } from "./queue.js";

const LISTED = 10;
const dialog = document.getElementById("sign-out");

async function clearCopies() {
  if (!("caches" in window)) return;
  await caches.delete("person");
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.endsWith(`-${person}`)).map((n) => caches.delete(n)));
}

async function signOut(form) {
  const reply = await postForm(form.action, {}).catch(() => null);
  const isDone = reply !== null && (reply.ok || reply.type === "opaqueredirect");
  if (!isDone) {
    ask(form, [], dialog.dataset.away);
    return;
  }
  page.stop?.();
  await queue.end();
  sessionStorage.clear(); // comments begun in this tab
  await clearCopies();
  window.location.assign("/");
}

function ask(form, entries, words) {
  dialog.querySelector("[data-words]").textContent = words.replace("%count%", entries.length);
  const names = entries.slice(0, LISTED).map(({ section, name }) => make("li", {}, `${section}, ${name}`));
  dialog.querySelector("[data-names]").replaceChildren(...(names.length ? [make("ul", {}, ...names)] : []));
  const confirm = dialog.querySelector("[data-confirm]");
  confirm.hidden = entries.length === 0;
  confirm.onclick = () => {
    dialog.close();
    signOut(form);
  };
  if (!dialog.open) dialog.showModal();
}

for (const form of document.querySelectorAll("[data-sign-out]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await sendAll();
    const entries = await queue.entries();
    if (entries.length) ask(form, entries, dialog.dataset.unsent);
    else await signOut(form);
  });
}
dialog?.querySelector("[data-close]").addEventListener("click", () => dialog.close());

// Signed out in another tab.
queue.addEventListener("signedout", () => {
  page.stop?.();
  queue.isEnded = true;
  window.location.assign("/");
});
