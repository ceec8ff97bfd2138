// Rules that fire, beside the cells they concern: asked again after answers were saved,
// by this page or by a colleague. Nothing here moves the focus but the link to a note.

import { openAround } from "./elements.js";
import { steady } from "./steady.js";

const PAUSE = 1200; // ms after a save: one question for several
const PATIENCE = 15000;
const OF_RULES = /^rule-/;

export class SectionChecks {
  constructor(place, form) {
    this.place = place;
    this.form = form;
    this.timer = null;
    this.isAsking = false;
    this.isDue = false; // answers changed since the last question
    this.isOver = false; // refused: there is nothing more to ask
    this.waiting = null; // what could not be shown while somebody was in it
    form.addEventListener("answerssaved", () => this.ask());
    form.addEventListener("focusout", () => setTimeout(() => this.showWaiting()));
    form.addEventListener("click", (event) => this.toNote(event));
    document.addEventListener("visibilitychange", () => this.resume());
    window.addEventListener("online", () => this.resume());
    window.addEventListener("hashchange", openTarget);
    openTarget();
    if (document.documentElement.hasAttribute("data-copy")) this.ask();
  }

  ask() {
    this.isDue = true;
    this.resume();
  }

  resume() {
    if (!this.isDue || this.isOver || this.isAsking || this.timer !== null) return;
    this.timer = setTimeout(() => this.turn(), PAUSE);
  }

  async turn() {
    this.timer = null;
    if (document.hidden || !navigator.onLine) return; // until there is a reason to resume
    this.isAsking = true;
    this.isDue = false;
    const isAnswered = await this.fetch();
    this.isAsking = false;
    if (isAnswered) this.resume();
    else this.isDue = true; // with the next save
  }

  async fetch() {
    try {
      const reply = await fetch(this.place.dataset.url, {
        headers: { "Content-Type": "application/json" }, // refusals as JSON, not as pages
        credentials: "same-origin",
        cache: "no-store",
        redirect: "error",
        signal: AbortSignal.timeout(PATIENCE),
      });
      this.isOver = [403, 404].includes(reply.status);
      if (!reply.ok) return false;
      this.show(await reply.json());
      return true;
    } catch { // no link, or an answer that is not the application's
      return false;
    }
  }

  showWaiting() {
    if (this.waiting) this.show(this.waiting);
  }

  show(body) {
    this.waiting = null;
    steady(() => {
      this.showMessages(body);
      this.mark(body.cells);
      this.count(body.summary);
    });
    this.say(body.said);
  }

  showMessages(body) {
    for (const name of Object.keys(body.places)) this.placeFor(name);
    for (const place of this.form.querySelectorAll("[data-rules-at]")) {
      const html = body.places[place.dataset.rulesAt] ?? "";
      if (place.contains(document.activeElement) && differs(place, html)) this.waiting = body;
      else put(place, html);
    }
  }

  // Under the row of a matrix there is a place only where something is said.
  placeFor(name) {
    if (this.form.querySelector(`[data-rules-at="${CSS.escape(name)}"]`)) return;
    const [, question, code] = /^([^[]+)\[(.+)\]$/.exec(name) ?? [];
    const row = this.form.querySelector(
      `[data-matrix="${CSS.escape(question ?? "")}"] [data-row="${CSS.escape(code ?? "")}"]`);
    if (!row) return;
    const line = document.createElement("tr");
    line.className = "matrix__rules";
    const cell = line.insertCell();
    cell.colSpan = row.cells.length;
    const place = document.createElement("div");
    place.className = "rules-at";
    place.dataset.rulesAt = name;
    cell.append(place);
    row.after(line);
  }

  mark(cells) {
    for (const cell of this.form.querySelectorAll("[data-mark]")) {
      if (!cells[cell.dataset.cell]) describe(cell, "", "");
    }
    for (const [name, { level, ids }] of Object.entries(cells)) {
      const cell = this.form.querySelector(`[data-cell="${CSS.escape(name)}"]`);
      if (cell) describe(cell, level, ids);
    }
  }

  count(html) {
    const place = this.place.querySelector("[data-count]");
    if (place.contains(document.activeElement) && differs(place, html)) return;
    const isOpen = place.querySelector("details")?.open ?? false;
    if (!put(place, html)) return;
    const details = place.querySelector("details");
    if (details) details.open = isOpen;
  }

  say(text) {
    const place = this.place.querySelector("[data-said]");
    if (place.dataset.said === text) return;
    place.dataset.said = text;
    place.textContent = text;
  }

  toNote(event) {
    const anchor = event.target.closest("a[data-note]");
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!anchor || !isPlain) return;
    const note = targetOf(anchor.hash);
    const field = note?.querySelector("textarea");
    if (!field) return;
    event.preventDefault();
    openAround(note);
    field.focus();
  }
}

function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template;
}

// Apart from spaces, and from what the reader has opened.
const plain = (html) => html.replaceAll(' open=""', "").replace(/\s+/g, " ").trim();
const differs = (place, html) => plain(parse(html).innerHTML) !== plain(place.innerHTML);

// True if something else stands there now. An empty place under a row goes away.
function put(place, html) {
  if (!differs(place, html)) return false;
  place.replaceChildren(parse(html).content);
  if (!html) place.closest(".matrix__rules")?.remove();
  return true;
}

// Its control names the messages after whatever else describes it.
function describe(cell, level, ids) {
  if (level) cell.dataset.mark = level;
  else delete cell.dataset.mark;
  for (const control of controlsOf(cell)) {
    const others = (control.getAttribute("aria-describedby") ?? "").split(/\s+/)
      .filter((id) => id && !OF_RULES.test(id));
    const all = [...others, ids].filter(Boolean).join(" ");
    if (all) control.setAttribute("aria-describedby", all);
    else control.removeAttribute("aria-describedby");
  }
}

function controlsOf(cell) {
  const group = cell.querySelector("fieldset.field, .multi__summary");
  return group ? [group] : cell.querySelectorAll(`[name="${CSS.escape(cell.dataset.cell)}"]`);
}

function targetOf(hash) {
  try {
    return document.getElementById(decodeURIComponent(hash.slice(1)));
  } catch { // not an address of ours
    return null;
  }
}

// A link from another section leads to a note that may be closed.
function openTarget() {
  const target = targetOf(window.location.hash);
  if (!target?.closest("details:not([open])")) return;
  openAround(target);
  target.scrollIntoView({ block: "center" });
}
