// A stale save: what stood when the person began, what stands now and what they wrote, side
// by side. Nothing is changed until they choose, and the choice is a revision of its own.

import { inWords, readCell, writeCell } from "./cells.js";
import { wordChanges } from "./diff.js";
import { markedParts } from "./diff-marks.js";

const TEXTS = ["text", "long_text"];

function element(tag, words = "", className = "") {
  const made = document.createElement(tag);
  made.textContent = words;
  if (className) made.className = className;
  return made;
}

export function showConflict(autosave, cell, name, current, sent, note = "") {
  autosave.show(name, "conflict", "");
  new Conflict(autosave, cell, name, current, sent).open(note);
  autosave.form.dispatchEvent(new CustomEvent("conflictopen", { detail: { name } }));
}

class Conflict {
  constructor(autosave, cell, name, current, sent) {
    Object.assign(this, { autosave, cell, name, current, sent, words: autosave.words });
    this.before = autosave.known.get(name) ?? null;
    this.place = cell.querySelector("[data-state]");
  }

  open(note) {
    const said = element("strong", this.headline());
    said.setAttribute("role", "alert");
    this.versions = element("span", "", "conflict__versions");
    this.choices = element("span", "", "conflict__choices");
    this.place.replaceChildren(said, this.versions, this.choices);
    if (note) said.after(element("span", note, "conflict__note"));
    this.showVersions();
    this.showChoices();
    this.cell.addEventListener("input", () => this.rewritten());
    this.cell.addEventListener("change", () => this.rewritten());
    this.askBefore();
    // Not out of a text: its next space would press the button.
    const active = document.activeElement;
    const isWriting = active.matches?.("textarea, input:not([type=radio], [type=checkbox])");
    if (this.cell.contains(active) && !isWriting) this.choices.querySelector("button").focus();
  }

  get isOpen() {
    return this.versions.isConnected;
  }

  get mine() {
    return readCell(this.cell);
  }

  headline() {
    const { at, by } = this.current;
    const language = document.documentElement.lang.replace(/^en$/, "en-GB");
    const time = at ? new Date(at).toLocaleString(language,
      { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }) : "";
    return this.words.conflict.replace("%person%", by).replace("%time%", time);
  }

  // A page opened again, or a queue sent late, was based on what it no longer shows.
  async askBefore() {
    const { base } = this.sent;
    const save = new URL(this.autosave.form.dataset.saveUrl, window.location.href);
    const url = new URL(`revisions/${base}?cell=${encodeURIComponent(this.name)}`, save);
    const told = base === 0 ? { value: null } : await fetch(url, { credentials: "same-origin" })
      .then((reply) => (reply.ok ? reply.json() : null)).catch(() => null);
    if (!told || !this.isOpen) return;
    this.before = told.value;
    this.showVersions();
  }

  // What is written on while the choice is open is what would be kept.
  rewritten() {
    if (!this.isOpen) return;
    this.showVersions();
    this.showChoices();
  }

  showVersions() {
    const { words } = this;
    this.versions.replaceChildren(
      this.version("base", words.before, this.before),
      this.version("theirs", words.theirs, this.current.value, this.before),
      this.version("mine", words.mine, this.mine, this.before),
    );
    for (const text of this.versions.querySelectorAll(".conflict__value")) {
      if (text.scrollHeight > text.clientHeight) text.tabIndex = 0; // to scroll by keyboard
    }
  }

  version(kind, label, value, before = null) {
    const shown = element("span", "", "conflict__version");
    shown.dataset.version = kind;
    const text = element("span", "", "conflict__value");
    text.dir = "auto";
    const isText = TEXTS.includes(this.cell.dataset.kind);
    const parts = isText && before && value && wordChanges(before, value);
    if (parts) text.append(...markedParts(parts, this.words));
    else text.textContent = inWords(this.cell, value) || this.words.nothing;
    shown.append(element("span", label, "conflict__label"), " ", text);
    return shown;
  }

  showChoices() {
    const { words } = this;
    const both = this.both();
    const found = [
      [words.keepTheirs, () => this.keepTheirs()],
      [words.useMine, () => this.keep(this.mine)],
    ];
    if (both !== null) found.push([words.keepBoth, () => this.keep(both)]);
    if (typeof both === "string") found.push([words.editBoth, () => this.edit(both)]);
    const labels = found.map(([label]) => label).join();
    if (this.labels === labels) { // the focus may be on one of them
      this.acts = found.map(([, act]) => act);
      return;
    }
    this.labels = labels;
    this.acts = found.map(([, act]) => act);
    this.choices.replaceChildren(...found.map(([label], at) => {
      const button = element("button", label, "btn btn-sm btn-outline-primary");
      button.type = "button";
      button.addEventListener("click", () => this.acts[at]());
      return button;
    }));
  }

  // Both texts one after the other, or all boxes of both. Null where that has no sense.
  both() {
    const theirs = this.current.value;
    const { mine } = this;
    const { kind } = this.cell.dataset;
    if (TEXTS.includes(kind) && theirs && mine) {
      if (theirs.includes(mine)) return null;
      if (mine.includes(theirs)) return null;
      const isLine = !this.cell.querySelector("textarea");
      return theirs + (isLine ? " / " : "\n\n") + mine;
    }
    if (kind !== "multiple_choice" || !Array.isArray(theirs) || !Array.isArray(mine)) return null;
    const union = [...new Set([...theirs, ...mine])];
    const isMore = union.length > Math.max(theirs.length, mine.length);
    return isMore && !union.some((value) => this.isAlone(value)) ? union : null;
  }

  isAlone(value) {
    const [, question, column = ""] = /^([^[.]+)(?:\[[^\]]*\])?(\..*)?$/.exec(this.name);
    const { exclusive } = JSON.parse(document.getElementById("section-data").textContent);
    return (exclusive[question + column] ?? []).includes(value);
  }

  rebase() {
    this.autosave.setBase(this.name, this.current.revision);
    this.autosave.known.set(this.name, this.current.value);
    this.autosave.show(this.name, "", "");
  }

  write(value) {
    writeCell(this.cell, value);
    this.autosave.form.dispatchEvent(new CustomEvent("cellswritten"));
  }

  settled() {
    this.autosave.summary();
    const detail = { name: this.name };
    this.autosave.form.dispatchEvent(new CustomEvent("conflictsettled", { detail }));
  }

  focus() {
    const control = this.cell.querySelector("input, select, textarea, summary");
    control?.focus();
    return control;
  }

  keepTheirs() {
    this.write(this.current.value);
    this.rebase();
    this.focus();
    this.settled();
  }

  // A choice that does not arrive leaves the conflict open.
  async keep(value) {
    const { autosave, name } = this;
    this.write(value);
    this.rebase();
    this.focus();
    autosave.ways.set(name, "merge");
    autosave.changed(this.cell, 0);
    await autosave.flush();
    if (autosave.pending.delete(name)) {
      showConflict(autosave, this.cell, name, this.current, this.sent, this.words.choiceUnsent);
      autosave.summary();
    } else if (autosave.states.get(name) !== "conflict") {
      this.settled();
    }
  }

  // Saved like anything typed: after a pause, or on leaving the field.
  edit(value) {
    const { autosave, name } = this;
    this.write(value);
    this.rebase();
    autosave.ways.set(name, "merge");
    autosave.pending.add(name);
    autosave.show(name, "waiting", this.words.waiting);
    const control = this.focus();
    control.setSelectionRange?.(control.value.length, control.value.length);
    this.settled();
  }
}
