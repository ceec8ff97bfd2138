// Says what is not yet sent, since when, and leads to it.

import { link } from "./link.js";
import { queue } from "./queue.js";
import { inPage, make } from "./elements.js";
import { since } from "./wording.js";

const place = document.getElementById("unsent");
const words = place?.dataset ?? {};
const form = document.getElementById("section-form");
// On the page of a section it stands in the bar that tells the state of saving.
document.getElementById("save-bar")?.append(place);

function isOnThisPage(entry) {
  return form?.dataset.saveUrl === entry.response && window.location.pathname === entry.page;
}

function linesFor(entries) {
  const isOffline = !navigator.onLine || link.isAway;
  const elsewhere = entries.filter((entry) => !isOnThisPage(entry));
  const waiting = elsewhere.filter(({ state }) => state === "waiting");
  const lines = [];
  // The bar of a section tells the number of its own answers itself.
  if (isOffline) lines.push(offlineLine(form ? waiting : entries));
  else if (waiting.length) lines.push(make("p", {}, filled(words.waiting, waiting)));
  if (waiting.length) lines.push(sectionsOf(waiting));
  lines.push(...elsewhere.filter(({ state }) => state !== "waiting").map(refusedLine));
  return lines;
}

const filled = (text, entries) =>
  text.replace("%count%", entries.length).replace("%time%", since(entries[0].since));

function offlineLine(entries) {
  const isCopy = document.documentElement.hasAttribute("data-copy");
  const parts = [navigator.onLine ? words.away : words.offline];
  if (isCopy) parts.push(words.copy);
  if (entries.length) parts.push(filled(words.kept, entries));
  return make("p", {}, parts.join(" "));
}

function sectionsOf(entries) {
  const counts = new Map();
  for (const { page, section } of entries) {
    counts.set(page, { section, count: (counts.get(page)?.count ?? 0) + 1 });
  }
  const links = [...counts].map(([page, { section, count }]) =>
    make("li", {}, make("a", { href: page }, `${section} (${count})`)));
  return make("ul", { className: "unsent__sections" }, ...links);
}

const REASONS = { conflict: "conflict", invalid: "invalid", stopped: "stopped" };

// Leads to the cell, where it is shown and decided.
function refusedLine(entry) {
  const anchor = make("a", { href: inPage(entry.page, entry.name) }, `${entry.section}, ${entry.name}`);
  const reason = entry.message || words[REASONS[entry.state]];
  const line = make("p", {}, anchor, `: ${reason} `);
  if (entry.state === "stopped") line.append(keptText(entry));
  return line;
}

// Where the page takes no more answers, the text can be read and taken from here.
function keptText(entry) {
  const text = typeof entry.value === "string" ? entry.value : JSON.stringify(entry.value);
  const drop = make("button", { type: "button", className: "btn btn-link btn-sm" }, words.drop);
  drop.addEventListener("click", () => {
    queue.forget(entry.response, entry.name);
    queue.write();
  });
  return make("span", { className: "unsent__text" }, `“${text}” `, drop);
}

export async function show() {
  if (!place) return;
  const lines = linesFor(await queue.entries());
  const text = lines.map((line) => line.outerHTML).join("");
  if (text !== place.dataset.shown) {
    place.replaceChildren(...lines);
    place.dataset.shown = text;
  }
  place.hidden = lines.length === 0;
}

queue.addEventListener("change", show);
queue.addEventListener("saved", show);
link.addEventListener("change", show);
