// A stale save: both values are shown; nothing is changed until the person chooses.

import { inWords, writeCell } from "./cells.js";

const element = (tag, words, className = "") => {
  const made = document.createElement(tag);
  made.textContent = words;
  if (className) made.className = className;
  return made;
};

export function showConflict(autosave, cell, name, current, mine) {
  autosave.show(name, "conflict", "");
  const place = cell.querySelector("[data-state]");
  const at = current.at ? new Date(current.at).toLocaleString(document.documentElement.lang,
    { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }) : "";
  const choose = (label, act) => {
    const button = element("button", label, "btn btn-sm btn-outline-primary");
    button.type = "button";
    button.addEventListener("click", () => {
      autosave.setBase(name, current.revision);
      autosave.known.set(name, current.value);
      autosave.show(name, "", "");
      act();
      autosave.summary();
      cell.querySelector("input, select, textarea, summary")?.focus();
    });
    return button;
  };
  const words = autosave.words;
  const describe = (value) => inWords(cell, value) || words.nothing;
  place.replaceChildren(
    element("strong", words.conflict.replace("%person%", current.by).replace("%time%", at)),
    element("span", `${words.theirs} ${describe(current.value)}`, "conflict__value"),
    element("span", `${words.mine} ${describe(mine)}`, "conflict__value"),
    choose(words.keepTheirs, () => {
      writeCell(cell, current.value);
      autosave.form.dispatchEvent(new CustomEvent("cellswritten"));
    }),
    choose(words.useMine, () => autosave.changed(cell, 0)),
  );
  place.setAttribute("role", "alert");
}
