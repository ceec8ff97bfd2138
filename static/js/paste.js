// What a spreadsheet puts on the clipboard, and what it means in the cells of a matrix.
// Nothing here touches the page: matrix.js shows the result and applies it.

import { numberFrom } from "./cells.js";

// Rows of texts from tab-separated text; a quoted text may hold tabs, quotes and lines.
export function parseBlock(text) {
  const rows = [[]];
  let value = "";
  let isQuoted = false;
  const endValue = () => { rows.at(-1).push(value.trim()); value = ""; };
  for (let i = 0; i < text.length; i += 1) {
    const sign = text[i];
    if (isQuoted) {
      if (sign === '"' && text[i + 1] === '"') { value += sign; i += 1; }
      else if (sign === '"') isQuoted = false;
      else value += sign;
    } else if (sign === '"' && value === "") isQuoted = true;
    else if (sign === "\t") endValue();
    else if (sign === "\n") { endValue(); rows.push([]); }
    else if (sign !== "\r") value += sign;
  }
  endValue();
  if (rows.length > 1 && rows.at(-1).every((item) => item === "")) rows.pop();
  return rows;
}

const plain = (text) => text.normalize("NFC").replace(/\s+/g, " ").trim().toLocaleLowerCase();

// The value that a text means in a cell: {value}, or {problem} as a key of the words.
// `choices` maps the labels offered, and the values themselves, to values.
export function interpret(text, kind, choices) {
  const reserved = choices.get(plain(text));
  if (kind === "multiple_choice") return interpretMany(text, choices);
  if (["single_choice", "yes_no"].includes(kind)) {
    return reserved === undefined ? { problem: "notOffered" } : { value: reserved };
  }
  if (["integer", "decimal", "year"].includes(kind)) {
    if (reserved !== undefined) return { value: reserved };
    const number = numberFrom(text.trim(), kind !== "decimal");
    return typeof number === "number" ? { value: number } : { problem: "notNumber" };
  }
  return { value: text };
}

function interpretMany(text, choices) {
  const whole = choices.get(plain(text));
  const parts = whole === undefined ? text.split(/[;\n]|,(?=\s)/).filter((part) => part.trim()) : [text];
  const values = parts.map((part) => choices.get(plain(part)));
  if (values.includes(undefined)) return { problem: "notOffered" };
  const [first] = values;
  if (values.length === 1 && ["dk", "na"].includes(first)) return { value: first };
  return values.some((value) => ["dk", "na"].includes(value))
    ? { problem: "standsAlone" } : { value: [...new Set(values)] };
}

export function choicesFrom(pairs) {
  const found = new Map();
  for (const [value, label] of pairs) {
    if (value === "") continue;
    found.set(plain(value), value);
    found.set(plain(label), value);
  }
  return found;
}

// Where each text of the block goes: [{row, column, text}] by index, and how many found no
// place. Headings that the block brings along decide; without them it begins at `start`.
export function place(block, rowLabels, columnLabels, start) {
  const rows = rowLabels.map(plain);
  const columns = columnLabels.map(plain);
  const isHeading = (known) => (text) => text !== "" && known.includes(plain(text));
  const hasColumns = block.length > 1 && block[0].filter(isHeading(columns)).length >= 2;
  const body = hasColumns ? block.slice(1) : block;
  const hasRows = body.length > 0 && block[0].length > 1 &&
    body.every((line) => line[0] === "" || isHeading(rows)(line[0])) &&
    body.some((line) => line[0] !== "");
  const found = [];
  let left = 0;
  body.forEach((line, i) => {
    line.forEach((text, j) => {
      if (text === "" || (hasRows && j === 0)) return;
      const row = hasRows ? rows.indexOf(plain(line[0])) : start.row + i;
      const column = hasColumns
        ? columns.indexOf(plain(block[0][j] ?? "")) : start.column + j - (hasRows ? 1 : 0);
      if (row < 0 || column < 0 || row >= rows.length || column >= columns.length) left += 1;
      else found.push({ row, column, text });
    });
  });
  return { found, left, byHeadings: hasColumns || hasRows };
}
