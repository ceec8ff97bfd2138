// Saves changed cells in batches to the one save service, and shows the state of each.
//
// Every cell goes: changed → saving → saved, or invalid, conflict, unsent. Nothing is
// ever dropped: what was not saved stays in its control and in the queue of this computer
// (queue.js), from which the next page takes it.

import { parseAddress, readCell, same, writeCell } from "./cells.js";
import { showConflict } from "./conflict.js";
import { link, sendChanges } from "./link.js";
import { queue } from "./queue.js";
import { recover, startFrom } from "./recovery.js";
import { showBanner, showSummary } from "./save-bar.js";
import { clock, since } from "./wording.js";

const TYPING = 900; // ms without a key before a text is sent
const FORMING = 2500; // the same for what is wrong until it is whole: a year, an address
const FORMED = ["integer", "decimal", "year", "date", "url", "evidence"];
const CHOOSING = 120; // ms after a choice
const FIRST_RETRY = 2000;
const LAST_RETRY = 30000;
const BATCH = 100;
const TRIED = 20;

export class Autosave {
  constructor(form, words) {
    this.form = form;
    this.words = words;
    this.response = form.dataset.saveUrl;
    this.page = window.location.pathname;
    this.basesField = form.elements._bases;
    this.bases = JSON.parse(this.basesField.defaultValue);
    this.known = new Map(); // what the server holds, as far as this page knows
    this.pending = new Set();
    this.states = new Map();
    this.ways = new Map(); // how a cell's next save comes about, where not by the page
    this.stamps = new Map(); // of the entries in the queue
    this.sinces = new Map(); // since when a cell is not saved
    this.tried = new Map(); // values sent without an answer: the server may hold one
    this.late = new Set(); // could not be sent when they were typed
    this.timer = null;
    this.retry = FIRST_RETRY;
    this.batch = BATCH;
    this.flushing = null;
    this.isStopped = false;
    this.isRestored = false;
    for (const cell of form.querySelectorAll("[data-cell]")) this.adopt(cell);
    form.addEventListener("input", (event) => this.onChange(event, TYPING));
    form.addEventListener("change", (event) => this.onChange(event, CHOOSING));
    form.addEventListener("focusout", (event) => this.onLeave(event));
    window.addEventListener("online", () => this.schedule(0));
    window.addEventListener("beforeunload", (event) => {
      if (queue.isBroken && this.unsent() + this.refusedCount() > 0) event.preventDefault();
    });
    // Left: before the computer sleeps. Back: perhaps from signing in again.
    document.addEventListener("visibilitychange", () => this.flush());
    window.addEventListener("focus", () => this.flush());
    queue.addEventListener("typed", ({ detail }) => this.typedElsewhere(detail));
    queue.addEventListener("saved", ({ detail }) => this.savedElsewhere(detail));
    link.addEventListener("renewed", () => {
      this.banner("");
      this.flush();
    });
    link.addEventListener("other", () => { this.isStopped = true; });
  }

  adopt(cell, value = readCell(cell, true)) {
    const name = cell.dataset.cell;
    if (!(name in this.bases)) this.bases[name] = 0;
    // A value refused or in conflict on the last form post is not what the server holds.
    if (!cell.querySelector(".cell__error, .cell__conflict")) {
      this.known.set(name, value);
    }
  }

  // Sends what was typed before this script had arrived, or put back by the browser, and
  // what was typed earlier and never sent.
  start() {
    for (const [name, value] of this.known) {
      const cell = this.cell(name);
      if (!same(readCell(cell), value)) this.changed(cell);
    }
    document.getElementById("save-bar").hidden = false;
    this.ready = startFrom(this);
  }

  // What a tab that is gone has left behind.
  async recover() {
    await this.ready;
    await recover(this);
  }

  onChange(event, delay) {
    const cell = event.target.closest("[data-cell]");
    if (!cell) return;
    const isForming = delay === TYPING && FORMED.includes(cell.dataset.kind);
    this.changed(cell, isForming ? FORMING : delay);
  }

  onLeave(event) {
    const cell = event.target.closest("[data-cell]");
    if (!cell || cell.contains(event.relatedTarget)) return;
    if (this.pending.has(cell.dataset.cell)) this.schedule(CHOOSING);
  }

  changed(cell, delay = CHOOSING) {
    const name = cell.dataset.cell;
    const state = this.states.get(name);
    if (state === "conflict") {
      this.note(cell);
      return;
    }
    if (this.known.has(name) && same(readCell(cell), this.known.get(name))) {
      this.ways.delete(name);
      if (this.pending.delete(name) || ["invalid", "elsewhere"].includes(state)) {
        this.show(name, "", "");
      }
    } else {
      this.note(cell);
      this.pending.add(name);
      this.show(name, "waiting", this.isStopped ? this.words.stopped : this.words.waiting);
      if (!isHalfGiven(cell)) this.schedule(delay);
    }
    this.summary();
  }

  // Sends a carried-over value as it stands: that confirms it.
  confirm(cell) {
    this.known.delete(cell.dataset.cell);
    this.changed(cell);
  }

  // Keeps what the cell holds on this computer, from now until it is saved.
  note(cell) {
    const name = cell.dataset.cell;
    if (!this.sinces.has(name)) this.sinces.set(name, Date.now());
    this.late.delete(name);
    if (!this.isRestored) return; // what was typed earlier is not read yet: it comes first
    this.stamps.set(name, queue.note({
      response: this.response,
      page: this.page,
      section: this.form.dataset.title,
      name,
      value: readCell(cell),
      base: this.bases[name],
      known: this.known.get(name) ?? null,
      since: this.sinces.get(name),
      tried: this.tried.get(name) ?? [],
    }));
  }

  schedule(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), delay);
  }

  cell(name) {
    return this.form.querySelector(`[data-cell="${CSS.escape(name)}"]`);
  }

  // Sends what is pending, one batch after the other: two at once could each be based on
  // the revision that the other makes. Resolves to true when nothing is left unsent.
  async flush() {
    clearTimeout(this.timer);
    const isLeaving = document.visibilityState === "hidden";
    if (!isLeaving) await this.ready;
    this.flushing ??= this.sendAll(isLeaving).finally(() => { this.flushing = null; });
    await this.flushing;
    return this.unsent() === 0;
  }

  // In turn with other tabs; a page that goes away cannot wait for its turn.
  sendAll(isLeaving) {
    if (!isLeaving) return queue.inTurn(() => this.sendPending(false));
    const sending = this.sendPending(true);
    queue.inTurn(() => sending);
    return sending;
  }

  async sendPending(isLeaving) {
    while (this.pending.size > 0 && !this.isStopped) {
      // What was saved in another tab, or typed before the page was loaded.
      const bases = isLeaving ? new Map() : await queue.bases(this.response);
      const isThrough = await this.send(this.nextNames(), bases);
      if (!isThrough) {
        if (!this.isStopped) this.keep([...this.pending]);
        if (!link.isEnded) this.schedule(this.retry);
        this.retry = Math.min(this.retry * 2, LAST_RETRY);
        break;
      }
      this.retry = FIRST_RETRY;
    }
    this.summary();
  }

  // How a cell's save comes about: a choice in a conflict, later, or as it was typed.
  way(name) {
    return this.ways.get(name) ?? (this.late.has(name) ? "queue" : "page");
  }

  // A request names one way for all its changes.
  nextNames() {
    for (const name of this.pending) if (!this.cell(name)) this.pending.delete(name);
    const [first] = this.pending;
    return [...this.pending].filter((name) => this.way(name) === this.way(first))
      .slice(0, this.batch);
  }

  async send(names, bases) {
    const changes = [];
    const stamps = [];
    const via = names.length > 0 ? this.way(names[0]) : "page";
    for (const name of names) {
      const cell = this.cell(name);
      this.pending.delete(name);
      const base = Math.max(this.bases[name], bases.get(name) ?? 0);
      changes.push({ ...parseAddress(name), value: readCell(cell), base });
      stamps.push(this.stamps.get(name));
      this.show(name, "saving", this.words.saving);
    }
    if (changes.length === 0) return true;
    this.summary();
    const outcome = await sendChanges(this.response, changes, via);
    if (outcome.isTooLarge) return this.tooLarge(names);
    if (outcome.isAway) this.rememberTried(names, changes);
    if (!outcome.results) return this.refused(outcome, names);
    outcome.results.forEach((result, i) => this.settle(result, changes[i], stamps[i]));
    this.form.dispatchEvent(new CustomEvent("answerssaved"));
    return true;
  }

  rememberTried(names, changes) {
    names.forEach((name, i) => {
      const tried = [...(this.tried.get(name) ?? []), changes[i].value].slice(-TRIED);
      this.tried.set(name, tried);
      queue.refuse(this.response, name, this.stamps.get(name), { tried });
    });
  }

  // One answer too long to be sent does not hold back the others.
  tooLarge(names) {
    if (names.length > 1) {
      this.keep(names);
      this.batch = Math.ceil(names.length / 2);
    } else {
      const [name] = names;
      const fields = { state: "invalid", message: this.words.tooLong };
      this.show(name, "invalid", this.words.tooLong);
      queue.refuse(this.response, name, this.stamps.get(name), fields);
      this.batch = BATCH;
    }
    return true;
  }

  keep(names) {
    for (const name of names) {
      this.pending.add(name);
      this.late.add(name);
      this.show(name, "unsent", this.unsentWords(name));
    }
    this.summary();
    return false;
  }

  unsentWords(name) {
    if (this.isStopped) return this.words.stopped;
    if (queue.isBroken) return this.words.unsent;
    return this.words.keptSince.replace("%time%", since(this.sinces.get(name)));
  }

  refused({ isStopped = false, message }, names) {
    this.isStopped = isStopped;
    this.keep(names);
    if (isStopped) this.banner(message || this.words.closed);
    else if (link.isEnded) this.banner(this.words.session, this.words.signIn);
    return false;
  }

  settle(result, sent, stamp) {
    const name = result.row || result.column
      ? `${result.question}${result.row ? `[${result.row}]` : ""}${result.column ? `.${result.column}` : ""}`
      : result.question;
    const cell = this.cell(name);
    if (!cell) return;
    if (result.status !== "invalid") cell.removeAttribute("data-unconfirmed");
    if (result.status === "saved") {
      this.setBase(name, result.revision);
      this.known.set(name, sent.value);
      this.ways.delete(name);
      this.sinces.delete(name);
      this.tried.delete(name);
      this.late.delete(name);
      this.show(name, "saved", this.words.saved.replace("%time%", clock()));
      queue.settle(this.response, name, stamp, { value: sent.value, revision: result.revision });
      if (!same(readCell(cell), sent.value)) this.changed(cell);
    } else if (result.status === "invalid") {
      const message = result.errors.join(" ");
      this.show(name, "invalid", message);
      queue.refuse(this.response, name, stamp, { state: "invalid", message });
    } else if (this.tried.get(name)?.some((value) => same(value, result.current.value))) {
      this.setBase(name, result.current.revision); // one's own, whose reply was lost
      this.known.set(name, result.current.value);
      this.changed(cell);
    } else {
      queue.refuse(this.response, name, stamp, { state: "conflict" });
      showConflict(this, cell, name, result.current, sent);
    }
    this.banner("");
  }

  // The same person types in another tab, which sends it.
  typedElsewhere({ response, name, value }) {
    const cell = response === this.response && this.cell(name);
    if (!cell || this.states.get(name) === "conflict") return;
    this.pending.delete(name);
    this.write(cell, value);
    this.show(name, "elsewhere", this.words.elsewhere);
    this.summary();
  }

  savedElsewhere({ response, name, value, revision }) {
    const cell = response === this.response && this.cell(name);
    if (!cell || revision < this.bases[name]) return;
    this.setBase(name, revision);
    this.known.set(name, value);
    if (this.pending.has(name) || this.states.get(name) === "saving") return;
    this.write(cell, value);
    this.sinces.delete(name);
    this.show(name, "saved", this.words.saved.replace("%time%", clock()));
    this.summary();
  }

  // Never where somebody is typing.
  write(cell, value) {
    if (document.hasFocus() && cell.contains(document.activeElement)) return;
    if (same(readCell(cell), value)) return;
    writeCell(cell, value);
    this.form.dispatchEvent(new CustomEvent("cellswritten"));
  }

  setBase(name, revision) {
    this.bases[name] = revision;
    this.basesField.value = JSON.stringify(this.bases);
  }

  show(name, state, words) {
    const cell = this.cell(name);
    if (!cell) return;
    this.states.set(name, state);
    if (state === "") {
      this.sinces.delete(name);
      queue.forget(this.response, name);
    }
    cell.dataset.saveState = state;
    if (["invalid", "conflict"].includes(state)) reveal(cell);
    const place = cell.querySelector("[data-state]");
    place.removeAttribute("role");
    place.textContent = words;
    for (const old of cell.querySelectorAll(".cell__error, .cell__conflict")) old.remove();
    const isInvalid = state === "invalid";
    for (const control of cell.querySelectorAll("input, select, textarea")) {
      const isMeant = isInvalid && !/~(dk|na)$/.test(control.name);
      if (isMeant) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    }
    if (isInvalid) place.setAttribute("role", "alert");
  }

  unsent() {
    return [...this.states.values()].filter((s) => ["waiting", "saving", "unsent"].includes(s)).length;
  }

  count(state) {
    return [...this.states.values()].filter((s) => s === state).length;
  }

  refusedCount() {
    return this.count("invalid") + this.count("conflict");
  }

  // A banner stays until it is taken away.
  summary() {
    if (!this.bannerText) showSummary(this);
  }

  banner(text, action = "") {
    this.bannerText = text;
    if (text) showBanner(text, action);
  }
}

// A document with only a title or only an address, while it is being written.
function isHalfGiven(cell) {
  return cell.dataset.kind === "evidence" && cell.contains(document.activeElement) &&
    readCell(cell).some((item) => !item.title || !item.url);
}

// What needs a decision is not left in a closed part of the page or a removed entry.
function reveal(cell) {
  const entry = cell.closest("[data-item]");
  if (entry) entry.hidden = false;
  const detail = cell.closest("details:not(.multi)");
  if (detail) detail.open = true;
}
