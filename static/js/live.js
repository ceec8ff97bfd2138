// Changes of others on an open section: what nobody is writing in is brought up to date;
// what somebody is writing in is left alone, with a line beside it.

import { forget } from "./carried.js";
import { readCell, same, writeCell } from "./cells.js";
import { askLive, Poll } from "./poll.js";
import { sayGoodbye, showPresent } from "./presence.js";
import { steady } from "./steady.js";

const MARKED = 30000; // ms for which a changed cell says who changed it
const QUIET = 20000; // ms between two announcements to screen readers
const OWN_WORK = ["waiting", "saving", "unsent", "invalid", "conflict"];

const nameOf = ({ question, row, column }) =>
  `${question}${row ? `[${row}]` : ""}${column ? `.${column}` : ""}`;

const clock = (at) => new Date(at).toLocaleTimeString(document.documentElement.lang,
  { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

export class Live {
  // `entries` adds and counts the entries of repeating groups: section.js knows how.
  constructor(place, autosave, entries) {
    this.place = place;
    this.autosave = autosave;
    this.entries = entries;
    this.form = autosave.form;
    this.cursor = place.dataset.cursor;
    this.held = new Map(); // changes that wait until their cell is left
    this.news = new Map(); // who changed how much since the last announcement
    this.told = -Infinity;
    this.teller = null;
    this.form.addEventListener("focusout", () => setTimeout(() => this.retry()));
    this.form.addEventListener("conflictsettled", () => this.retry());
    this.poll = new Poll(() => askLive(place, this.cursor, (body) => this.take(body)),
      Number(place.dataset.pollMs));
    sayGoodbye(place);
  }

  take({ cursor, changes, present }) {
    this.cursor = cursor;
    showPresent(this.place, present);
    const found = [...this.held.values(), ...changes];
    this.held.clear();
    if (found.length > 0) this.apply(found);
  }

  retry() {
    if (this.held.size === 0) return;
    const found = [...this.held.values()];
    this.held.clear();
    this.apply(found);
  }

  apply(changes) {
    const written = [];
    steady(() => {
      for (const change of changes) {
        const cell = this.cellFor(change);
        if (cell && this.adopt(cell, change)) written.push([cell, change]);
      }
      if (written.length === 0) return;
      for (const [cell] of written) this.showEntry(cell);
      this.form.dispatchEvent(new CustomEvent("cellswritten"));
      this.form.dispatchEvent(new CustomEvent("answerssaved"));
    });
    for (const [cell, change] of written) {
      const detail = { name: cell.dataset.cell, ...change };
      this.form.dispatchEvent(new CustomEvent("remotechange", { detail }));
    }
    this.announce(written.map(([, change]) => change));
  }

  // An entry that a colleague added comes into being with the first of its fields.
  cellFor(change) {
    const cell = this.autosave.cell(nameOf(change));
    if (cell || !change.row || change.value === null) return cell;
    const group = this.form.querySelector(`[data-group="${CSS.escape(change.question)}"]`);
    if (!group) return null;
    this.entries.add(group, change.row);
    return this.autosave.cell(nameOf(change));
  }

  // True if the cell now shows what the colleague wrote.
  adopt(cell, change) {
    const { autosave } = this;
    const name = cell.dataset.cell;
    if (change.revision <= autosave.bases[name]) {
      hint(cell, "");
      return false;
    }
    if (this.isBusy(cell, name)) {
      this.held.set(name, change);
      if (!change.own) hint(cell, this.place.dataset.meanwhile.replace("%person%", change.by));
      return false;
    }
    hint(cell, "");
    writeCell(cell, change.value);
    if (change.confirmed) forget(cell);
    autosave.setBase(name, change.revision);
    autosave.known.set(name, change.value);
    autosave.show(name, change.own ? "" : "remote", change.own ? "" : this.place.dataset.changed
      .replace("%person%", change.by).replace("%time%", clock(change.at)));
    setTimeout(() => {
      if (autosave.states.get(name) === "remote") steady(() => autosave.show(name, "", ""));
    }, MARKED);
    return true;
  }

  isBusy(cell, name) {
    const { known, pending, states } = this.autosave;
    return cell.contains(document.activeElement) || pending.has(name) ||
      OWN_WORK.includes(states.get(name)) ||
      (known.has(name) && !same(readCell(cell), known.get(name)));
  }

  // An entry is there while one of its fields is filled, or somebody is in it.
  showEntry(cell) {
    const item = cell.closest("[data-item]");
    if (!item) return;
    const cells = [...item.querySelectorAll("[data-cell]")];
    item.hidden = !item.classList.contains("item--new") && cells.every((one) =>
      same(readCell(one), null) && !this.isBusy(one, one.dataset.cell));
    this.entries.count(item.closest("[data-group]"));
  }

  // Told together and not often: somebody is listening to their own work.
  announce(changes) {
    for (const { by, own } of changes) {
      if (!own) this.news.set(by, (this.news.get(by) ?? 0) + 1);
    }
    if (this.news.size === 0) return;
    clearTimeout(this.teller);
    const wait = Math.max(0, this.told + QUIET - performance.now());
    this.teller = setTimeout(() => {
      const count = [...this.news.values()].reduce((sum, one) => sum + one, 0);
      this.place.querySelector("[data-announcement]").textContent = this.place.dataset.news
        .replace("%people%", [...this.news.keys()].join(", ")).replace("%count%", count);
      this.news.clear();
      this.told = performance.now();
    }, wait);
  }
}

// Beside what the person writes, and gone once that is settled.
function hint(cell, text) {
  const place = cell.querySelector("[data-state]");
  let line = cell.querySelector(".cell__hint");
  if (!text) {
    line?.remove();
    return;
  }
  if (!line) {
    line = document.createElement("span");
    line.className = "cell__hint";
    place.after(line);
  }
  line.textContent = text;
}
