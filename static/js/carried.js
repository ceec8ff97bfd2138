// Answers carried over from the last round: which of them wait, and what confirms them.
//
// A cell waits while it has `data-unconfirmed`; the autosave takes it away when the server
// has the answer. Confirming sends the value as it stands, through the autosave.

import { parseAddress } from "./cells.js";

const SENT = ["waiting", "saving", "unsent"];

// Blank to conditions, as on the server, until it is confirmed or changed.
export const isWaiting = (cell) =>
  cell.hasAttribute("data-unconfirmed") && !SENT.includes(cell.dataset.saveState);

// A new entry made after the model of another one carries nothing over, nor does a cell
// that a colleague confirmed.
export function forget(item) {
  item.removeAttribute("data-unconfirmed");
  for (const cell of item.querySelectorAll("[data-unconfirmed]")) {
    cell.removeAttribute("data-unconfirmed");
  }
  for (const part of item.querySelectorAll("[data-carried]")) part.remove();
}

function isToConfirm(cell) {
  return cell.hasAttribute("data-unconfirmed") && !cell.hasAttribute("data-closed") && !cell.closest("[data-item][hidden]") &&
    !cell.closest("[data-question][data-hidden]:not([data-proposed])");
}

function isWithin(cell, scope) {
  if (scope === "section") return true;
  const address = parseAddress(cell.dataset.cell);
  const { question, row, column } = parseAddress(scope);
  return address.question === question && ["", address.row].includes(row) &&
    ["", address.column].includes(column);
}

// How many cells wait in the section, in each question, in each row or entry.
function countByScope(cells) {
  const counts = new Map();
  for (const cell of cells) {
    const { question, row } = parseAddress(cell.dataset.cell);
    const scopes = ["section", question, ...(row ? [`${question}[${row}]`] : [])];
    for (const scope of scopes) counts.set(scope, (counts.get(scope) ?? 0) + 1);
  }
  return counts;
}

function write(button, count) {
  const text = button.dataset.text.replace("%count%", count);
  if (button.textContent === text) return;
  button.textContent = text;
  if (button.dataset.label) button.setAttribute("aria-label", `${text}: ${button.dataset.label}`);
}

export function followCarried(form, autosave, words, refresh) {
  const buttons = () => form.querySelectorAll('button[name="_confirm"]');
  const status = form.querySelector("[data-carried-status]");

  const waiting = () => [...form.querySelectorAll("[data-unconfirmed]")].filter(isToConfirm);

  function confirm(scope) {
    for (const cell of waiting()) if (isWithin(cell, scope)) autosave.confirm(cell);
    refresh();
    autosave.schedule(0);
  }

  // What has the focus stays where it is and says that it is done, until it is left.
  function retire(button) {
    const place = button.closest("[data-carried]");
    place.querySelector(".carried__origin")?.remove();
    if (button !== document.activeElement) {
      place.hidden = true;
      return;
    }
    button.textContent = words.confirmed;
    button.setAttribute("aria-disabled", "true");
    button.removeAttribute("aria-label");
  }

  function update() {
    const counts = countByScope(waiting());
    for (const button of buttons()) {
      const cell = button.closest("[data-cell]");
      const place = button.closest("[data-carried]");
      if (cell ? isToConfirm(cell) : counts.has(button.value)) {
        place.hidden = false;
        if (!cell) write(button, counts.get(button.value));
      } else if (!place.hidden) {
        retire(button);
      }
    }
    if (!status) return;
    const left = counts.get("section") ?? 0;
    const text = left > 0 ? status.dataset.text.replace("%count%", left) : status.dataset.done;
    if (status.textContent !== text) status.textContent = text;
  }

  form.addEventListener("click", (event) => {
    const button = event.target.closest('button[name="_confirm"]');
    if (!button) return;
    event.preventDefault();
    if (!button.hasAttribute("aria-disabled")) confirm(button.value);
  });
  // Choosing again what is chosen is no change to the browser; to people it says "yes".
  form.addEventListener("click", (event) => {
    if (!event.target.matches?.('input[type="radio"]')) return;
    const cell = event.target.closest("[data-unconfirmed]");
    if (!cell || !isToConfirm(cell)) return;
    setTimeout(() => {  // after the change event, if there is one
      if (!isWaiting(cell)) return;
      autosave.confirm(cell);
      refresh();
      autosave.schedule(0);
    });
  });
  form.addEventListener("focusout", (event) => {
    if (event.target.matches?.('button[name="_confirm"][aria-disabled]')) {
      event.target.closest("[data-carried]").hidden = true;
    }
  });
  form.addEventListener("answerssaved", () => {
    refresh();
    update();
  });
  return update;
}
