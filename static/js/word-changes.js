// Below two versions of a text: which words changed, where they have enough in common.

import { wordChanges } from "./diff.js";
import { markedParts } from "./diff-marks.js";

for (const both of document.querySelectorAll("[data-word-changes]")) {
  const text = (name) => both.querySelector(`[data-${name}]`)?.textContent ?? "";
  const parts = wordChanges(text("before"), text("after"));
  if (parts) {
    both.querySelector("[data-words]").append(...markedParts(parts, both.dataset));
    both.querySelector("[data-changes]").hidden = false;
  }
}
