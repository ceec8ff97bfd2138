// The section page: autosave, conditional questions, rows that open, groups.

import { Autosave } from "./autosave.js";
import { followCarried, forget, isWaiting } from "./carried.js";
import { parseAddress, readCell, showChosen, writeCell } from "./cells.js";
import { holds } from "./conditions.js";
import { Live } from "./live.js";
import { Matrices } from "./matrix.js";
import { page } from "./outbox.js";
import { SectionChecks } from "./section-checks.js";

const form = document.getElementById("section-form");
const words = document.getElementById("words").dataset;
const data = JSON.parse(document.getElementById("section-data").textContent);
const autosave = new Autosave(form, words);

const updateCarried = followCarried(form, autosave, words, refresh);

const questionOf = (code) => form.querySelector(`[data-question="${CSS.escape(code)}"]`);
const cellOf = (name) => form.querySelector(`[data-cell="${CSS.escape(name)}"]`);
const nameOf = (question, row, column) =>
  `${question}${row ? `[${row}]` : ""}${column ? `.${column}` : ""}`;

// Hidden questions, closed cells and what is not confirmed are blank to conditions, as on
// the server. `proposed` takes what is carried over for confirmed: so it is shown.
const factsOf = (elsewhere, isProposed) => ({
  rows: (question) => data.rows[question] ?? [],
  value(question, row, column) {
    const name = nameOf(question, row, column);
    const section = questionOf(question);
    if (!section) return elsewhere[name] ?? null;
    if (section.hasAttribute("data-hidden") &&
      !(isProposed && section.hasAttribute("data-proposed"))) return null;
    const cell = cellOf(name);
    if (!cell) return elsewhere[name] ?? null; // only read here
    return (isProposed ? !cell.hasAttribute("data-closed") : counts(cell)) ? readCell(cell) : null;
  },
});
const facts = factsOf(data.answers, false);
const proposed = factsOf(data.proposed, true);

function counts(cell) {
  const isShut = cell.hasAttribute("data-gated") &&
    !cell.closest("[data-row]").hasAttribute("data-open");
  return !isShut && !isWaiting(cell);
}

function refreshRows() {
  for (const matrix of form.querySelectorAll("[data-matrix]")) {
    const rules = data.matrices[matrix.dataset.matrix];
    if (!rules) continue;
    for (const row of matrix.querySelectorAll("[data-row]")) {
      const gate = cellOf(nameOf(matrix.dataset.matrix, row.dataset.row, rules.gate));
      if (!gate) continue; // only read here
      const isOpen = rules.open.includes(readCell(gate));
      row.toggleAttribute("data-open", isOpen && counts(gate));
      for (const cell of row.querySelectorAll("[data-gated]")) close(cell, !isOpen, matrix);
    }
  }
}

function close(cell, isClosed, matrix) {
  cell.toggleAttribute("data-closed", isClosed);
  const value = isClosed ? readCell(cell) : null;
  const isKept = value !== null && !(Array.isArray(value) && value.length === 0);
  if (isKept) cell.dataset.kept = matrix.dataset.kept;
  else delete cell.dataset.kept;
}

// In the order of the page: a condition refers only to earlier questions.
function refreshQuestions() {
  for (const section of form.querySelectorAll("[data-question]")) {
    const condition = data.conditions[section.dataset.question];
    if (!condition) continue;
    const isHidden = !holds(condition, facts);
    section.toggleAttribute("data-hidden", isHidden);
    if (isHidden) section.toggleAttribute("data-answered", hasAnswer(section));
    const isInUse = section.hasAttribute("data-proposed") || hasAnswer(section);
    section.toggleAttribute("data-proposed", isHidden && isInUse && holds(condition, proposed));
  }
}

function hasAnswer(section) {
  return [...section.querySelectorAll("[data-cell]")].some((cell) => {
    const { column } = parseAddress(cell.dataset.cell);
    if (column.startsWith("@")) return false;
    const value = readCell(cell);
    return value !== null && !(Array.isArray(value) && value.length === 0);
  });
}

function refresh() {
  refreshRows();
  refreshQuestions();
  updateCarried();
}

// An answer that stands alone takes the others back, and the other way round.
function exclusive(event) {
  const box = event.target;
  const cell = box.closest("[data-cell]");
  if (!cell || box.type !== "checkbox") return;
  const name = cell.dataset.cell;
  if (box.name === name && cell.dataset.kind === "multiple_choice" && box.checked) {
    const { question, column } = parseAddress(name);
    const alone = ["dk", "na", ...(data.exclusive[column ? `${question}.${column}` : question] ?? [])];
    const isAlone = alone.includes(box.value);
    for (const other of cell.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (other !== box && (isAlone || alone.includes(other.value))) other.checked = false;
    }
  } else if (box.name.startsWith(`${name}~`) && box.checked) {
    const number = cell.querySelector(`[name="${CSS.escape(name)}"]`);
    number.value = "";
    for (const other of cell.querySelectorAll("input[type=checkbox]")) {
      if (other !== box) other.checked = false;
    }
  }
}

function typedNumber(event) {
  const cell = event.target.closest("[data-cell]");
  if (!cell || event.target.name !== cell.dataset.cell || event.target.type !== "text") return;
  if (event.target.value.trim() === "") return;
  for (const box of cell.querySelectorAll(`[name^="${CSS.escape(`${cell.dataset.cell}~`)}"]`)) {
    if (box.type === "checkbox") box.checked = false;
  }
}

// Repeating groups

const letters = "abcdefghijklmnopqrstuvwxyz0123456789";
function newCode() {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return [...bytes].map((byte) => letters[byte % letters.length]).join("");
}

function newItem(group, code) {
  const model = group.querySelector(".item--new") ?? group.querySelector("[data-item]");
  const item = model.cloneNode(true);
  const old = model.dataset.item;
  item.dataset.item = code;
  for (const element of item.querySelectorAll("*")) {
    for (const attribute of ["id", "name", "data-cell", "for"]) {
      const value = element.getAttribute(attribute);
      if (value) element.setAttribute(attribute, value.replace(`[${old}]`, `[${code}]`));
    }
  }
  item.hidden = false;
  forget(item);
  group.querySelector("[data-add]").before(item);
  for (const cell of item.querySelectorAll("[data-cell]")) {
    writeCell(cell, null);
    delete cell.dataset.saveState;
    cell.querySelector("[data-state]").textContent = "";
    autosave.adopt(cell, null);
  }
  limit(group);
  return item;
}

// An entry added by a colleague stands before those begun on this page.
function addTheirs(group, code) {
  const begun = group.querySelector(".item--new");
  const item = newItem(group, code);
  begun?.before(item);
  item.classList.remove("item--new");
  const number = group.querySelectorAll("[data-item]:not(.item--new)").length;
  item.querySelector(".item__legend").textContent = `${words.entry} ${number}`;
}

// An entry that was added on this computer and never reached the server.
autosave.makeCell = (name) => {
  const { question, row, column } = parseAddress(name);
  const group = form.querySelector(`[data-group="${CSS.escape(question)}"]`);
  if (group && row && !column.startsWith("@")) newItem(group, row);
  return cellOf(name);
};

function removeItem(button) {
  const item = button.closest("[data-item]");
  const group = button.closest("[data-group]");
  for (const cell of item.querySelectorAll("[data-cell]")) {
    writeCell(cell, null);
    autosave.changed(cell);
  }
  item.hidden = true;
  group.querySelector("[data-add]")?.focus();
  limit(group);
}

function limit(group) {
  const shown = [...group.querySelectorAll("[data-item]")].filter((item) => !item.hidden);
  const add = group.querySelector("[data-add]");
  if (add) add.hidden = shown.length >= Number(group.dataset.max);
}

function addDocument(button) {
  const last = [...button.parentElement.querySelectorAll("[data-document]")].at(-1);
  const line = last.cloneNode(true);
  for (const input of line.querySelectorAll("input")) input.value = "";
  last.after(line);
  line.querySelector("input").focus();
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.hasAttribute("data-add")) {
    newItem(button.closest("[data-group]"), newCode()).querySelector("input, select")?.focus();
  }
  if (button.hasAttribute("data-remove")) removeItem(button);
  if (button.hasAttribute("data-add-document")) addDocument(button);
  if (button.hasAttribute("data-clear")) {
    const cell = button.closest("[data-cell]");
    writeCell(cell, null);
    autosave.changed(cell);
    refresh();
  }
});

// Before the autosave reads a cell, the boxes in it must agree with each other.
form.addEventListener("change", exclusive, { capture: true });
form.addEventListener("input", exclusive, { capture: true });
form.addEventListener("input", typedNumber, { capture: true });
form.addEventListener("change", (event) => {
  const cell = event.target.closest("[data-cell]");
  if (cell) showChosen(cell);
  refresh();
});
form.addEventListener("cellswritten", refresh);

// Only one list of boxes is open at a time.
form.addEventListener("toggle", (event) => {
  if (!event.target.matches?.(".multi") || !event.target.open) return;
  for (const other of form.querySelectorAll(".multi[open]")) {
    if (other !== event.target) other.open = false;
  }
}, { capture: true });
form.addEventListener("keydown", (event) => {
  const multi = event.key === "Escape" && event.target.closest(".multi[open]");
  if (multi) {
    multi.open = false;
    multi.querySelector("summary").focus();
  }
});

// The Enter key in a field saves and stays: it is no wish to leave the page.
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("input")) return;
  event.preventDefault();
  autosave.flush();
});

// Saving and going on: everything is sent first, and the page stays if it cannot be.
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const target = event.submitter?.value ?? "";
  const isSaved = await autosave.flush();
  if (!isSaved || autosave.refusedCount() > 0) {
    const first = form.querySelector('[data-save-state="conflict"], [data-save-state="invalid"]');
    first?.scrollIntoView({ block: "center" });
    const place = first?.querySelector("[data-state] button") ??
      first?.querySelector("input, select, textarea, summary");
    place?.focus({ preventScroll: true });
    return;
  }
  const here = new URL(window.location.href);
  const url = target === "hub"
    ? new URL("../../", here) : new URL(`../${target}/`, here);
  if (url.pathname !== here.pathname) window.location.assign(url.pathname);
});

new Matrices(form, { changed: (cell) => autosave.changed(cell), refresh });
for (const group of form.querySelectorAll("[data-group]")) limit(group);
for (const cell of form.querySelectorAll("[data-cell]")) showChosen(cell);
refresh();
autosave.start();
Object.assign(page, {
  recover: () => autosave.recover(),
  flush: () => autosave.flush(),
  stop: () => { autosave.isStopped = true; },
});

const live = document.getElementById("live");
if (live) new Live(live, autosave, { add: addTheirs, count: limit });

const checks = document.getElementById("section-checks");
if (checks) new SectionChecks(checks, form);
