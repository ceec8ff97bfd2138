// Matrices for people who come from a spreadsheet: paste a block, fill down, a whole row
// not applicable, one undo, and moving between cells by keyboard.

import { inWords, readCell, same, showChosen, writeCell } from "./cells.js";
import { choicesFrom, interpret, parseBlock, place } from "./paste.js";

const CONTROL = "select, input:not([type=hidden]), textarea, summary";
const isBlank = (value) => value === null || (Array.isArray(value) && value.length === 0);

export class Matrices {
  // `changed(cell)` saves a cell; `refresh()` looks at conditions and rows again.
  constructor(form, { changed, refresh }) {
    this.form = form;
    this.changed = changed;
    this.refresh = refresh;
    this.dialog = document.getElementById("paste-dialog");
    this.here = new Map(); // matrix → the cell last visited
    this.undoable = null; // {matrix, entries: [{cell, before, after}]}
    for (const matrix of form.querySelectorAll("[data-matrix]")) this.watch(matrix);
    this.dialog.addEventListener("submit", (event) => this.answered(event));
    this.dialog.querySelector("textarea").addEventListener("input", () => this.preview());
  }

  watch(matrix) {
    const tools = matrix.querySelector("[data-tools]");
    if (!tools) return;
    const offersNa = cellsOf(matrix).some((cell) => choicesIn(cell).has("na"));
    tools.querySelector("[data-tool=na]").hidden = !offersNa;
    tools.addEventListener("click", (event) => {
      const tool = event.target.closest("button")?.dataset.tool;
      if (tool === "paste") this.ask(matrix, "");
      if (tool === "fill") this.fillDown(matrix);
      if (tool === "na") this.rowNotApplicable(matrix);
      if (tool === "undo") this.undo();
    });
    matrix.addEventListener("focusin", (event) => this.visit(matrix, event.target));
    matrix.addEventListener("paste", (event) => this.pasted(matrix, event));
    matrix.addEventListener("keydown", (event) => this.key(matrix, event), { capture: true });
    this.showHere(matrix);
  }

  // Where the tools act

  visit(matrix, target) {
    const cell = target.closest("td[data-cell]");
    if (!cell || this.here.get(matrix) === cell) return;
    this.here.set(matrix, cell);
    this.showHere(matrix);
  }

  showHere(matrix) {
    const cell = this.here.get(matrix);
    const tools = matrix.querySelector("[data-tools]");
    tools.querySelector("[data-tool=fill]").disabled = !cell;
    tools.querySelector("[data-tool=na]").disabled = !cell || notApplicable(cell).length === 0;
    const canUndo = this.undoable?.matrix === matrix;
    tools.querySelector("[data-tool=undo]").hidden = !canUndo;
    tools.querySelector("[data-here]").textContent = cell
      ? `${rowLabel(cell)} · ${cell.dataset.label}` : this.dialog.dataset.nowhere;
  }

  say(matrix, words, count) {
    const text = this.dialog.dataset[words].replace("%count%", count);
    matrix.querySelector("[data-done]").textContent = text;
  }

  // Changing many cells at once, and taking it back

  apply(matrix, changes) {
    const entries = changes
      .filter(({ cell, value }) => cell.dataset.saveState !== "conflict" && !same(readCell(cell), value))
      .map(({ cell, value }) => ({ cell, before: readCell(cell), after: value }));
    for (const { cell, after } of entries) this.write(cell, after);
    if (entries.length > 0) {
      const earlier = this.undoable?.matrix;
      this.undoable = { matrix, entries };
      if (earlier && earlier !== matrix) this.showHere(earlier);
    }
    this.refresh();
    this.showHere(matrix);
    return entries.length;
  }

  write(cell, value) {
    writeCell(cell, value);
    showChosen(cell);
    this.changed(cell);
  }

  // What a person or a colleague has changed since stays as it is.
  undo() {
    const { matrix, entries } = this.undoable;
    const standing = entries.filter(({ cell, after }) => same(readCell(cell), after));
    for (const { cell, before } of standing) this.write(cell, before);
    this.undoable = null;
    this.refresh();
    this.showHere(matrix);
    this.say(matrix, "undone", standing.length);
    (this.here.get(matrix) ?? matrix).querySelector(CONTROL)?.focus();
  }

  fillDown(matrix) {
    const from = this.here.get(matrix);
    const value = readCell(from);
    const rows = rowsOf(matrix);
    const below = rows.slice(rows.indexOf(from.closest("[data-row]")) + 1);
    const changes = below
      .map((row) => cellAt(row, columnOf(from)))
      .filter((cell) => cell && isOpen(cell) && isBlank(readCell(cell)))
      .filter((cell) => isOffered(cell, value))
      .map((cell) => ({ cell, value }));
    this.say(matrix, "filled", isBlank(value) ? 0 : this.apply(matrix, changes));
  }

  rowNotApplicable(matrix) {
    const changes = notApplicable(this.here.get(matrix)).map((cell) => ({ cell, value: "na" }));
    this.say(matrix, "filled", this.apply(matrix, changes));
  }

  // Pasting a block

  pasted(matrix, event) {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const isBlock = text.includes("\t") ||
      (/\r?\n./.test(text) && event.target.tagName !== "TEXTAREA");
    if (!isBlock || !event.target.closest("td[data-cell]")) return;
    event.preventDefault();
    this.ask(matrix, text);
  }

  ask(matrix, text) {
    this.pasting = { matrix, changes: [] };
    this.dialog.querySelector("textarea").value = text;
    this.preview();
    this.dialog.showModal();
    this.dialog.querySelector(text ? "[value=apply]" : "textarea").focus();
  }

  preview() {
    const { matrix } = this.pasting;
    const text = this.dialog.querySelector("textarea").value;
    const rows = rowsOf(matrix);
    const columns = columnsOf(matrix);
    const cell = this.here.get(matrix);
    const start = {
      row: Math.max(rows.indexOf(cell?.closest("[data-row]")), 0),
      column: Math.max(columns.findIndex(({ code }) => cell && code === columnOf(cell)), 0),
    };
    const block = text.trim() === "" ? [] : parseBlock(text);
    const { found, left, byHeadings } = place(block, rows.map((row) => labelOf(row)),
      columns.map(({ label }) => label), start);
    const lines = found.map(({ row, column, text: pasted }) =>
      judged(rows[row], columns[column], pasted));
    this.pasting.changes = lines.filter((line) => line.status === "change");
    const from = `${labelOf(rows[start.row])} · ${columns[start.column].label}`;
    this.dialog.querySelector("[data-start]").textContent =
      byHeadings ? this.dialog.dataset.byHeadings : this.dialog.dataset.start.replace("%cell%", from);
    this.showPreview(lines, left, block.length > 0);
  }

  showPreview(lines, left, isGiven) {
    const words = this.dialog.dataset;
    const count = (status) => lines.filter((line) => line.status === status).length;
    const fill = (name, number) => words[name].replace("%count%", number);
    const changes = this.pasting.changes.length;
    const parts = [fill("changes", changes)];
    if (count("same")) parts.push(fill("same", count("same")));
    if (count("problem")) parts.push(fill("problems", count("problem")));
    if (left) parts.push(fill("left", left));
    this.dialog.querySelector("[data-summary]").textContent = isGiven ? parts.join(" ") : "";
    const table = this.dialog.querySelector("[data-preview]");
    table.hidden = lines.length === 0;
    const heads = [...table.querySelectorAll("thead th")].map((head) => head.textContent);
    table.querySelector("tbody").replaceChildren(
      ...lines.map((line) => previewRow(line, words, heads)));
    const apply = this.dialog.querySelector("[value=apply]");
    apply.disabled = changes === 0;
    apply.textContent = fill("apply", changes);
  }

  answered(event) {
    const { matrix, changes } = this.pasting;
    if (event.submitter?.value !== "apply") return;
    this.say(matrix, "filled", this.apply(matrix, changes));
  }

  // Moving by keyboard

  key(matrix, event) {
    const cell = event.target.closest("td[data-cell]");
    if (!cell || event.altKey) return;
    const hasCommand = event.ctrlKey || event.metaKey;
    let step = null;
    if (event.key === "Enter" && event.target.matches("input:not([type=checkbox])") && !hasCommand) {
      step = [event.shiftKey ? -1 : 1, 0];
    } else if (hasCommand && !event.shiftKey) {
      if (event.key.toLowerCase() === "d") {
        event.preventDefault();
        this.fillDown(matrix);
        return;
      }
      step = arrowStep(event);
    }
    if (!step) return;
    const next = neighbour(matrix, cell, ...step);
    if (!next) return; // Enter in the last row saves, as everywhere
    event.preventDefault();
    event.stopPropagation();
    const control = next.querySelector(CONTROL);
    control.focus();
    if (control.matches("input[type=text], input:not([type])")) control.select();
  }
}

// Left and right belong to the text while the caret can still move in it.
function arrowStep(event) {
  const { key, target } = event;
  if (key === "ArrowUp") return [-1, 0];
  if (key === "ArrowDown") return [1, 0];
  if (key !== "ArrowLeft" && key !== "ArrowRight") return null;
  const isText = target.matches("textarea, input[type=text], input:not([type])");
  if (isText && target.value !== "" && target.selectionEnd - target.selectionStart < target.value.length) {
    return null;
  }
  const isForward = (key === "ArrowRight") !== (getComputedStyle(target).direction === "rtl");
  return [0, isForward ? 1 : -1];
}

function neighbour(matrix, cell, down, across) {
  const rows = rowsOf(matrix);
  const columns = columnsOf(matrix);
  let row = rows.indexOf(cell.closest("[data-row]"));
  let column = columns.findIndex(({ code }) => code === columnOf(cell));
  for (;;) {
    row += down;
    column += across;
    if (!rows[row] || !columns[column]) return null;
    const found = cellAt(rows[row], columns[column].code);
    if (found && isOpen(found) && found.querySelector(CONTROL)) return found;
  }
}

const rowsOf = (matrix) => [...matrix.querySelectorAll("[data-row]")];
const cellsOf = (matrix) => [...matrix.querySelectorAll("td[data-cell]")];
const labelOf = (row) => row.dataset.rowLabel;
const rowLabel = (cell) => labelOf(cell.closest("[data-row]"));
const isOpen = (cell) => !cell.hasAttribute("data-closed");
const columnOf = (cell) => cell.dataset.cell.split(".").at(-1);
const columnsOf = (matrix) => [...matrix.querySelectorAll("[data-column]")]
  .map((head) => ({ code: head.dataset.column, label: head.dataset.columnLabel }));
const cellAt = (row, column) =>
  row.querySelector(`td[data-cell$=".${CSS.escape(column)}"]`);

// The values that a cell offers, by label; numbers offer the reserved ones only.
function choicesIn(cell) {
  const pairs = [...cell.querySelectorAll("option")].map((o) => [o.value, o.textContent]);
  for (const box of cell.querySelectorAll("input[type=checkbox]")) {
    pairs.push([box.value, box.closest("label")?.textContent ?? box.value]);
  }
  return choicesFrom(pairs);
}

// The cells of a cell's row that can be not applicable.
const notApplicable = (cell) => [...cell.closest("[data-row]").querySelectorAll("td[data-cell]")]
  .filter((other) => choicesIn(other).has("na"));

function isOffered(cell, value) {
  const isChoice = ["single_choice", "yes_no", "multiple_choice"].includes(cell.dataset.kind);
  const isReserved = value === "dk" || value === "na";
  const choices = choicesIn(cell);
  if (!isChoice && !(isReserved && choices.size > 0)) return true;
  return [value].flat().every((one) => [...choices.values()].includes(one));
}

function judged(row, column, text) {
  const cell = cellAt(row, column.code);
  const name = `${labelOf(row)} · ${column.label}`;
  if (!cell) return { name, text, status: "problem", problem: "notAsked" };
  const { value, problem } = interpret(text, cell.dataset.kind, choicesIn(cell));
  const before = readCell(cell);
  if (problem) return { name, text, before: inWords(cell, before), status: "problem", problem };
  const isSame = same(before, value);
  return {
    name, text, cell, value,
    before: inWords(cell, before),
    after: inWords(cell, value),
    status: isSame ? "same" : "change",
    replaces: !isSame && !isBlank(before),
  };
}

function previewRow(line, words, heads) {
  const row = document.createElement("tr");
  row.dataset.status = line.status;
  const add = (text, tag = "td") => {
    const cell = document.createElement(tag);
    cell.textContent = text;
    cell.dataset.label = heads[row.children.length];
    row.append(cell);
    return cell;
  };
  add(line.name, "th").scope = "row";
  add(line.before || "–");
  add(line.after ?? line.text);
  const notes = { problem: words[line.problem], same: words.unchanged };
  add(notes[line.status] ?? (line.replaces ? words.replaces : words.fills));
  return row;
}
