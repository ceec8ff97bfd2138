// Reading and writing the controls of one cell, whatever its kind.

export function parseAddress(name) {
  const [, question, row = "", column = ""] =
    /^([A-Za-z0-9-]+)(?:\[([^\]]+)\])?(?:\.(@?[a-z][a-z0-9_]*))?$/.exec(name) ?? [];
  return { question, row, column };
}

export const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null) ||
  (Array.isArray(a) && a.length === 0 && (b ?? null) === null) ||
  (Array.isArray(b) && b.length === 0 && (a ?? null) === null);

const inputs = (cell, name) =>
  [...cell.querySelectorAll(`[name="${CSS.escape(name)}"]`)];

// What a control holds now, or held as the server rendered it.
const isOn = (box, isRendered) => (isRendered ? box.defaultChecked : box.checked);
const textOf = (control, isRendered) => {
  if (!isRendered) return control.value;
  if (control.tagName !== "SELECT") return control.defaultValue;
  return [...control.options].find((option) => option.defaultSelected)?.value ?? "";
};

const western = (text) => text
  .replace(/[\u0660-\u0669]/g, (d) => d.charCodeAt(0) - 0x660)
  .replace(/[\u06F0-\u06F9]/g, (d) => d.charCodeAt(0) - 0x6f0)
  .replace(/\u066B/g, ".");

// As questionnaire/fields.py reads numbers: what could be grouped thousands stays text.
const WHOLE = /^[+-]?\d+$/;
const GROUPED = /^[+-]?\d{1,3}(,\d{3})+$/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

export function numberFrom(text, isWhole) {
  const plain = western(text);
  if (GROUPED.test(plain) || (isWhole && !WHOLE.test(plain))) return text;
  const point = plain.replace(",", ".");
  return NUMBER.test(point) ? Number(point) : text;
}

function readNumber(cell, name, isRendered) {
  for (const reserved of ["dk", "na"]) {
    if (inputs(cell, `${name}~${reserved}`).some((box) => isOn(box, isRendered))) return reserved;
  }
  const text = textOf(inputs(cell, name)[0], isRendered).trim();
  if (text === "") return null;
  return numberFrom(text, cell.dataset.kind !== "decimal");
}

function readDocuments(cell, name, isRendered) {
  const text = (input) => textOf(input, isRendered).trim();
  const titles = inputs(cell, `${name}~title`);
  const urls = inputs(cell, `${name}~url`);
  return titles
    .map((title, i) => ({ title: text(title), url: text(urls[i]) }))
    .filter((item) => item.title || item.url);
}

export function readCell(cell, isRendered = false) {
  const { cell: name, kind } = cell.dataset;
  if (kind === "multiple_choice") {
    const chosen = inputs(cell, name).filter((box) => isOn(box, isRendered))
      .map((box) => box.value);
    return chosen.length === 1 && ["dk", "na"].includes(chosen[0]) ? chosen[0] : chosen;
  }
  if (kind === "evidence") return readDocuments(cell, name, isRendered);
  if (["integer", "decimal", "year"].includes(kind)) return readNumber(cell, name, isRendered);
  const controls = inputs(cell, name);
  if (controls[0].type === "radio") {
    return controls.find((radio) => isOn(radio, isRendered))?.value || null;
  }
  return textOf(controls[0], isRendered).replace(/\r\n?/g, "\n").trim() || null;
}

export function writeCell(cell, value) {
  const { cell: name, kind } = cell.dataset;
  const chosen = Array.isArray(value) ? value : [value];
  if (kind === "evidence") {
    makeLines(cell, (value?.length ?? 0) + 1);
    const titles = inputs(cell, `${name}~title`);
    const urls = inputs(cell, `${name}~url`);
    titles.forEach((title, i) => {
      title.value = value?.[i]?.title ?? "";
      urls[i].value = value?.[i]?.url ?? "";
    });
    return;
  }
  for (const reserved of ["dk", "na"]) {
    for (const box of inputs(cell, `${name}~${reserved}`)) box.checked = value === reserved;
  }
  for (const control of inputs(cell, name)) {
    if (control.type === "radio" || control.type === "checkbox") {
      control.checked = chosen.includes(control.value);
    } else {
      const isReserved = ["integer", "decimal", "year"].includes(kind) &&
        ["dk", "na"].includes(value);
      control.value = value === null || isReserved ? "" : value;
    }
  }
  showChosen(cell);
}

// As many lines as there are documents, and an empty one.
function makeLines(cell, count) {
  const lines = [...cell.querySelectorAll("[data-document]")];
  for (let have = lines.length; have < count; have += 1) {
    lines.at(-1).after(lines.at(-1).cloneNode(true));
  }
}

// The closed list of boxes says what is chosen in it.
export function showChosen(cell) {
  const chosen = cell.querySelector(".multi__chosen");
  if (!chosen) return;
  const labels = [...cell.querySelectorAll(".multi__option")]
    .filter((label) => label.querySelector("input").checked)
    .map((label) => {
      const item = document.createElement("span");
      item.className = "multi__item";
      item.textContent = label.textContent.trim();
      return item;
    });
  chosen.replaceChildren(...(labels.length ? labels : ["–"]));
}

// What a value looks like in words: the labels on the page.
export function inWords(cell, value) {
  const labels = new Map();
  for (const control of cell.querySelectorAll("input[type=radio], input[type=checkbox], option")) {
    const text = control.tagName === "OPTION"
      ? control.textContent
      : control.closest("label")?.textContent ??
        cell.querySelector(`label[for="${CSS.escape(control.id)}"]`)?.textContent;
    if (control.value && text) labels.set(control.value, text.trim());
  }
  const one = (item) => (item !== null && typeof item === "object"
    ? item.title : labels.get(String(item)) ?? String(item));
  if (value === null || value === undefined) return "";
  return Array.isArray(value) ? value.map(one).join(", ") : one(value);
}
