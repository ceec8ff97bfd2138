// Saves changed cells in batches to the one save service, and shows the state of each.
//
// Every cell goes: changed → saving → saved, or invalid, conflict, unsent. Nothing is
// ever dropped: what could not be sent stays in its control and is sent again.

import { inWords, parseAddress, readCell, writeCell } from "./cells.js";

const TYPING = 900; // ms without a key before a text is sent
const CHOOSING = 120; // ms after a choice
const FIRST_RETRY = 2000;
const LAST_RETRY = 30000;
const BATCH = 100;

const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null) ||
  (Array.isArray(a) && a.length === 0 && b === null) ||
  (Array.isArray(b) && b.length === 0 && a === null);

export class Autosave {
  constructor(form, words) {
    this.form = form;
    this.words = words;
    this.basesField = form.elements._bases;
    this.bases = JSON.parse(this.basesField.value);
    this.known = new Map(); // what the server holds, as far as this page knows
    this.pending = new Set();
    this.states = new Map();
    this.timer = null;
    this.retry = FIRST_RETRY;
    this.isSending = false;
    this.isStopped = false;
    for (const cell of form.querySelectorAll("[data-cell]")) this.adopt(cell);
    form.addEventListener("input", (event) => this.onChange(event, TYPING));
    form.addEventListener("change", (event) => this.onChange(event, CHOOSING));
    window.addEventListener("online", () => this.schedule(0));
    window.addEventListener("beforeunload", (event) => {
      if (this.unsent() > 0) event.preventDefault();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.flush();
    });
  }

  adopt(cell) {
    const name = cell.dataset.cell;
    if (!(name in this.bases)) this.bases[name] = 0;
    // A value refused or in conflict on the last form post is not what the server holds.
    if (!cell.querySelector(".cell__error, .cell__conflict")) {
      this.known.set(name, readCell(cell));
    }
  }

  onChange(event, delay) {
    const cell = event.target.closest("[data-cell]");
    if (cell) this.changed(cell, delay);
  }

  changed(cell, delay = CHOOSING) {
    const name = cell.dataset.cell;
    if (this.states.get(name) === "conflict") return;
    if (this.known.has(name) && same(readCell(cell), this.known.get(name))) {
      if (this.pending.delete(name) || this.states.get(name) === "invalid") {
        this.show(name, "", "");
      }
    } else {
      this.pending.add(name);
      this.show(name, "waiting", this.words.waiting);
      this.schedule(delay);
    }
    this.summary();
  }

  schedule(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), delay);
  }

  cell(name) {
    return this.form.querySelector(`[data-cell="${CSS.escape(name)}"]`);
  }

  // Sends what is pending; resolves to true when nothing is left unsent.
  async flush() {
    clearTimeout(this.timer);
    if (this.isSending) await this.isSending;
    while (this.pending.size > 0 && !this.isStopped) {
      this.isSending = this.send([...this.pending].slice(0, BATCH));
      const isThrough = await this.isSending;
      this.isSending = false;
      if (!isThrough) {
        this.schedule(this.retry);
        this.retry = Math.min(this.retry * 2, LAST_RETRY);
        break;
      }
      this.retry = FIRST_RETRY;
    }
    this.summary();
    return this.unsent() === 0;
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
    let reply;
    try {
      reply = await this.post(JSON.stringify({ changes }));
    } catch {
      return this.keep(names);
    }
    if (!reply.ok) return this.refused(reply, names);
    const { results } = await reply.json();
    results.forEach((result, i) => this.settle(result, changes[i]));
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
      keepalive: body.length < 60000,
    });
  }

  keep(names) {
    for (const name of names) {
      this.pending.add(name);
      this.show(name, "unsent", this.words.unsent);
    }
    this.summary();
    return false;
  }

  async refused(reply, names) {
    let body = {};
    try {
      body = await reply.json();
    } catch { /* not JSON: a proxy or a crash; try again */ }
    this.keep(names);
    if (reply.status === 403 && body.code === "csrf") {
      const fresh = await fetch(this.form.dataset.tokenUrl).then((r) => r.json()).catch(() => null);
      if (fresh) this.form.elements.csrfmiddlewaretoken.value = fresh.token;
      return false;
    }
    if (reply.status === 401) {
      this.banner(this.words.session, this.form.dataset.loginUrl);
      return false;
    }
    if ([400, 403, 404, 409].includes(reply.status)) {
      this.isStopped = true;
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
    if (result.status === "saved") {
      this.setBase(name, result.revision);
      this.known.set(name, sent.value);
      this.show(name, "saved", this.words.saved.replace("%time%", clock()));
      if (!same(readCell(cell), sent.value)) this.changed(cell);
    } else if (result.status === "invalid") {
      this.show(name, "invalid", result.errors.join(" "));
    } else {
      this.conflict(cell, name, result.current, sent.value);
    }
    this.banner("");
  }

  setBase(name, revision) {
    this.bases[name] = revision;
    this.basesField.value = JSON.stringify(this.bases);
  }

  // Both values are shown; nothing is changed until the person chooses.
  conflict(cell, name, current, mine) {
    this.show(name, "conflict", "");
    const place = cell.querySelector("[data-state]");
    const text = (tag, words, className = "") => {
      const element = document.createElement(tag);
      element.textContent = words;
      if (className) element.className = className;
      return element;
    };
    const at = current.at ? new Date(current.at).toLocaleString(document.documentElement.lang,
      { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }) : "";
    const choose = (label, act) => {
      const button = text("button", label, "btn btn-sm btn-outline-primary");
      button.type = "button";
      button.addEventListener("click", () => {
        this.setBase(name, current.revision);
        this.known.set(name, current.value);
        this.show(name, "", "");
        act();
        this.summary();
        cell.querySelector("input, select, textarea, summary")?.focus();
      });
      return button;
    };
    const words = this.words;
    const describe = (value) => inWords(cell, value) || words.nothing;
    place.replaceChildren(
      text("strong", words.conflict.replace("%person%", current.by).replace("%time%", at)),
      text("span", `${words.theirs} ${describe(current.value)}`, "conflict__value"),
      text("span", `${words.mine} ${describe(mine)}`, "conflict__value"),
      choose(words.keepTheirs, () => {
        writeCell(cell, current.value);
        this.form.dispatchEvent(new CustomEvent("cellswritten"));
      }),
      choose(words.useMine, () => this.changed(cell, 0)),
    );
    place.setAttribute("role", "alert");
  }

  show(name, state, words) {
    const cell = this.cell(name);
    if (!cell) return;
    this.states.set(name, state);
    cell.dataset.saveState = state;
    const place = cell.querySelector("[data-state]");
    place.removeAttribute("role");
    place.textContent = words;
    for (const old of cell.querySelectorAll(".cell__error, .cell__conflict")) old.remove();
    const isInvalid = state === "invalid";
    for (const control of cell.querySelectorAll("input, select, textarea")) {
      control.toggleAttribute("aria-invalid", isInvalid);
      if (isInvalid) control.setAttribute("aria-invalid", "true");
    }
    if (isInvalid) place.setAttribute("role", "alert");
  }

  unsent() {
    return [...this.states.values()].filter((s) => ["waiting", "saving", "unsent"].includes(s)).length;
  }

  count(state) {
    return [...this.states.values()].filter((s) => s === state).length;
  }

  summary() {
    const bar = document.getElementById("save-bar");
    const place = document.getElementById("save-text");
    const unsent = this.unsent();
    const invalid = this.count("invalid") + this.count("conflict");
    let text = "";
    if (this.count("unsent") > 0) text = this.words.someUnsent.replace("%count%", unsent);
    else if (unsent > 0) text = this.words.saving;
    else if (invalid > 0) text = this.words.someInvalid.replace("%count%", invalid);
    else if (this.count("saved") > 0) text = this.words.allSaved.replace("%time%", clock());
    else text = this.words.asYouGo;
    if (place.textContent !== text && !this.bannerText) place.textContent = text;
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

function clock() {
  return new Date().toLocaleTimeString(document.documentElement.lang,
    { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}
