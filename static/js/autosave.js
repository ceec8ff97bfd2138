// Saves changed cells in batches to the one save service, and shows the state of each.
//
// Every cell goes: changed → saving → saved, or invalid, conflict, unsent. Nothing is
// ever dropped: what could not be sent stays in its control and is sent again.

import { parseAddress, readCell } from "./cells.js";
import { showConflict } from "./conflict.js";

const TYPING = 900; // ms without a key before a text is sent
const FORMING = 2500; // the same for what is wrong until it is whole: a year, an address
const FORMED = ["integer", "decimal", "year", "date", "url", "evidence"];
const CHOOSING = 120; // ms after a choice
const FIRST_RETRY = 2000;
const LAST_RETRY = 30000;
const BATCH = 100;
const KEPT_ALIVE = 60000; // bytes that a browser still sends while the page goes away

export const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null) ||
  (Array.isArray(a) && a.length === 0 && b === null) ||
  (Array.isArray(b) && b.length === 0 && a === null);

export class Autosave {
  constructor(form, words) {
    this.form = form;
    this.words = words;
    this.basesField = form.elements._bases;
    this.bases = JSON.parse(this.basesField.defaultValue);
    this.known = new Map(); // what the server holds, as far as this page knows
    this.pending = new Set();
    this.states = new Map();
    this.ways = new Map(); // how a cell's next save comes about, where not by the page
    this.timer = null;
    this.retry = FIRST_RETRY;
    this.batch = BATCH;
    this.flushing = null;
    this.isStopped = false;
    this.isRenewed = false;
    for (const cell of form.querySelectorAll("[data-cell]")) this.adopt(cell);
    form.addEventListener("input", (event) => this.onChange(event, TYPING));
    form.addEventListener("change", (event) => this.onChange(event, CHOOSING));
    form.addEventListener("focusout", (event) => this.onLeave(event));
    window.addEventListener("online", () => this.schedule(0));
    window.addEventListener("beforeunload", (event) => {
      if (this.unsent() + this.refusedCount() > 0) event.preventDefault();
    });
    // Left: before the computer sleeps. Back: perhaps from signing in again.
    document.addEventListener("visibilitychange", () => this.flush());
    window.addEventListener("focus", () => this.flush());
  }

  adopt(cell, value = readCell(cell, true)) {
    const name = cell.dataset.cell;
    if (!(name in this.bases)) this.bases[name] = 0;
    // A value refused or in conflict on the last form post is not what the server holds.
    if (!cell.querySelector(".cell__error, .cell__conflict")) {
      this.known.set(name, value);
    }
  }

  // Sends what was typed before this script had arrived, or put back by the browser.
  start() {
    for (const [name, value] of this.known) {
      const cell = this.cell(name);
      if (!same(readCell(cell), value)) this.changed(cell);
    }
    document.getElementById("save-bar").hidden = false;
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
    if (this.states.get(name) === "conflict") return;
    if (this.known.has(name) && same(readCell(cell), this.known.get(name))) {
      this.ways.delete(name);
      if (this.pending.delete(name) || this.states.get(name) === "invalid") {
        this.show(name, "", "");
      }
    } else {
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
    this.flushing ??= this.sendAll().finally(() => { this.flushing = null; });
    await this.flushing;
    return this.unsent() === 0;
  }

  async sendAll() {
    while (this.pending.size > 0 && !this.isStopped) {
      const isThrough = await this.send(this.nextBatch());
      if (!isThrough) {
        this.schedule(this.retry);
        this.retry = Math.min(this.retry * 2, LAST_RETRY);
        break;
      }
      this.retry = FIRST_RETRY;
    }
    this.summary();
  }

  // A request names one way for all its changes.
  nextBatch() {
    const way = (name) => this.ways.get(name) ?? "page";
    const [first] = this.pending;
    return [...this.pending].filter((name) => way(name) === way(first)).slice(0, this.batch);
  }

  async send(names) {
    const changes = [];
    for (const name of names) {
      const cell = this.cell(name);
      this.pending.delete(name);
      if (!cell) continue;
      const value = readCell(cell);
      changes.push({ ...parseAddress(name), value, base: this.bases[name] });
      this.show(name, "saving", this.words.saving);
    }
    if (changes.length === 0) return true;
    this.summary();
    let reply, body;
    try {
      const via = this.ways.get(names[0]) ?? "page";
      reply = await this.post(JSON.stringify({ changes, via }));
      if (reply.status === 413) return this.tooLarge(names);
      body = await reply.json();
    } catch { // no link, or an answer that is not the application's: a proxy, a crash
      return this.keep(names);
    }
    if (!reply.ok) return this.refused(reply.status, body, names);
    this.isRenewed = false;
    body.results.forEach((result, i) => this.settle(result, changes[i]));
    this.form.dispatchEvent(new CustomEvent("answerssaved"));
    return true;
  }

  // One answer too long to be sent does not hold back the others.
  tooLarge(names) {
    if (names.length > 1) {
      this.keep(names);
      this.batch = Math.ceil(names.length / 2);
    } else {
      this.show(names[0], "invalid", this.words.tooLong);
      this.batch = BATCH;
    }
    return true;
  }

  post(body) {
    return fetch(this.form.dataset.saveUrl, {
      method: "POST",
      body,
      headers: {
        "Content-Type": "application/json",
        "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value,
      },
      credentials: "same-origin",
      keepalive: new Blob([body]).size < KEPT_ALIVE,
    });
  }

  keep(names) {
    for (const name of names) {
      this.pending.add(name);
      this.show(name, "unsent", this.isStopped ? this.words.stopped : this.words.unsent);
    }
    this.summary();
    return false;
  }

  async refused(status, body, names) {
    const isStale = status === 403 && body.code === "csrf";
    this.isStopped = !isStale && [400, 403, 404, 409].includes(status);
    this.keep(names);
    if (isStale) {
      const fresh = await fetch(this.form.dataset.tokenUrl).then((r) => r.json()).catch(() => null);
      if (fresh) this.form.elements.csrfmiddlewaretoken.value = fresh.token;
      this.isRenewed = !this.isRenewed; // at once, but only once
      return fresh !== null && this.isRenewed;
    }
    if (status === 401) {
      this.banner(this.words.session, this.form.dataset.loginUrl);
    } else if (this.isStopped) {
      this.banner(body.message ?? this.words.closed);
    }
    return false;
  }

  settle(result, sent) {
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
      this.show(name, "saved", this.words.saved.replace("%time%", clock()));
      if (!same(readCell(cell), sent.value)) this.changed(cell);
    } else if (result.status === "invalid") {
      this.show(name, "invalid", result.errors.join(" "));
    } else {
      showConflict(this, cell, name, result.current, sent);
    }
    this.banner("");
  }

  setBase(name, revision) {
    this.bases[name] = revision;
    this.basesField.value = JSON.stringify(this.bases);
  }

  show(name, state, words) {
    const cell = this.cell(name);
    if (!cell) return;
    this.states.set(name, state);
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

  summary() {
    if (this.bannerText) return;
    const bar = document.getElementById("save-bar");
    const place = document.getElementById("save-text");
    const unsent = this.unsent();
    const invalid = this.refusedCount();
    let text = "";
    if (this.count("unsent") > 0) text = this.words.someUnsent.replace("%count%", unsent);
    else if (unsent > 0) text = this.words.saving;
    else if (invalid > 0) text = this.words.someInvalid.replace("%count%", invalid);
    else if (this.count("saved") > 0) text = this.words.allSaved.replace("%time%", clock());
    else text = this.words.asYouGo;
    if (place.textContent !== text) place.textContent = text;
    bar.dataset.saveState = this.count("unsent") ? "unsent" : unsent ? "saving" : invalid ? "invalid" : this.count("saved") ? "saved" : "";
  }

  banner(text, link = "") {
    this.bannerText = text;
    if (!text) return;
    const place = document.getElementById("save-text");
    document.getElementById("save-bar").dataset.saveState = "stopped";
    place.textContent = text;
    if (link) {
      const anchor = document.createElement("a");
      anchor.href = link;
      anchor.target = "_blank";
      anchor.textContent = this.words.signIn;
      place.append(" ", anchor);
    }
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

function clock() {
  return new Date().toLocaleTimeString(document.documentElement.lang,
    { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}
