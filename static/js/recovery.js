// Puts back into its controls what this person typed on this page and never sent.

import { readCell, same, writeCell } from "./cells.js";
import { queue } from "./queue.js";

const CHOOSING = 120;

export async function startFrom(autosave) {
  await showSaved(autosave);
  await recover(autosave);
  for (const name of autosave.pending) {
    if (!autosave.stamps.has(name)) autosave.note(autosave.cell(name));
  }
  for (const entry of await queue.entries()) {
    if (isHere(autosave, entry) && entry.tab && !autosave.stamps.has(entry.name)) {
      autosave.typedElsewhere(entry);
    }
  }
}

const isHere = (autosave, { response, page }) =>
  response === autosave.response && page === autosave.page;

// A page from the worker is a copy: what was saved since then is not in it.
async function showSaved(autosave) {
  const isCopy = document.documentElement.hasAttribute("data-copy");
  const saved = (await queue.sentOf(autosave.response)) ?? [];
  const here = saved.filter(({ name }) => autosave.cell(name));
  for (const { name, value, revision } of isCopy ? here : []) {
    if (revision <= autosave.bases[name]) continue;
    const cell = autosave.cell(name);
    const isTyped = autosave.pending.has(name);
    autosave.setBase(name, revision);
    autosave.known.set(name, value);
    if (!isTyped) writeCell(cell, value);
    else autosave.changed(cell);
  }
  if (isCopy) autosave.form.dispatchEvent(new CustomEvent("cellswritten"));
  else if (here.length) await queue.dropSent(autosave.response, here.map(({ name }) => name));
}

export async function recover(autosave) {
  const entries = await queue.claim((entry) => isHere(autosave, entry));
  autosave.isRestored = true;
  const lost = entries.filter((entry) => !place(autosave, entry));
  if (lost.length) await queue.release(lost); // asked no more on this page
  if (entries.length === lost.length) return;
  autosave.form.dispatchEvent(new CustomEvent("cellswritten"));
  autosave.summary();
  if (autosave.pending.size) autosave.schedule(CHOOSING);
}

function place(autosave, entry) {
  const { name, value } = entry;
  const cell = autosave.cell(name) ?? autosave.makeCell?.(name);
  if (!cell) return false;
  const before = readCell(cell);
  if (!autosave.pending.has(name)) {
    writeCell(cell, value);
    if (!same(readCell(cell), value)) { // a choice that is no longer offered
      writeCell(cell, before);
      return false;
    }
  }
  // Judged by what it was based on: what a colleague wrote since then was not seen.
  autosave.setBase(name, entry.base);
  autosave.sinces.set(name, entry.since);
  autosave.tried.set(name, entry.tried);
  if (autosave.pending.has(name)) { // typed again on this page already, which counts
    autosave.note(cell);
    return true;
  }
  autosave.stamps.set(name, entry.stamp);
  const isConfirming = cell.hasAttribute("data-unconfirmed");
  if (same(value, autosave.known.get(name)) && !isConfirming) { // it had arrived after all
    autosave.show(name, "", "");
    return true;
  }
  if (entry.state === "invalid") {
    autosave.show(name, "invalid", entry.message);
    return true;
  }
  autosave.pending.add(name);
  autosave.late.add(name);
  autosave.show(name, "unsent", autosave.unsentWords(name));
  return true;
}
