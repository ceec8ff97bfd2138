// The bar that tells, for the whole page, how far saving has come.

import { make } from "./elements.js";
import { queue } from "./queue.js";
import { openSignIn } from "./session.js";
import { clock, since } from "./wording.js";

function stateOf(autosave) {
  if (autosave.count("unsent") > 0) return "unsent";
  if (autosave.unsent() > 0) return "saving";
  if (autosave.refusedCount() > 0) return "invalid";
  return autosave.count("saved") > 0 ? "saved" : "";
}

const TEXTS = {
  unsent: ({ words, sinces }, count) => {
    const text = queue.isBroken ? words.someUnkept : words.someUnsent;
    const first = Math.min(...sinces.values());
    return text.replace("%count%", count).replace("%time%", since(first));
  },
  saving: ({ words }) => words.saving,
  invalid: ({ words }, _count, refused) => words.someInvalid.replace("%count%", refused),
  saved: ({ words }) => words.allSaved.replace("%time%", clock()),
  "": ({ words }) => words.asYouGo,
};

export function showSummary(autosave) {
  const state = stateOf(autosave);
  const text = TEXTS[state](autosave, autosave.unsent(), autosave.refusedCount());
  const place = document.getElementById("save-text");
  if (place.textContent !== text) place.textContent = text;
  document.getElementById("save-bar").dataset.saveState = state;
}

export function showBanner(text, action) {
  const place = document.getElementById("save-text");
  document.getElementById("save-bar").dataset.saveState = "stopped";
  place.textContent = text;
  if (!action) return;
  const properties = { type: "button", className: "btn btn-sm btn-outline-primary" };
  const button = make("button", properties, action);
  button.addEventListener("click", openSignIn);
  place.append(" ", button);
}
