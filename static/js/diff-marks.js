// Parts of a text that `diff.js` found, as elements: what was added, what was removed.

function said(words) {
  const made = document.createElement("span");
  made.className = "visually-hidden";
  made.textContent = words;
  return made;
}

function marked({ kind, text }, labels) {
  if (kind === "same") return document.createTextNode(text);
  const mark = document.createElement(kind === "added" ? "ins" : "del");
  mark.append(said(`[${labels[kind]} `), text.trimEnd(), said("]"));
  const whole = document.createDocumentFragment();
  whole.append(mark, text.slice(text.trimEnd().length) || " ");
  return whole;
}

// `labels` name both kinds, `added` and `removed`, for those who do not see the marks.
export function markedParts(parts, labels) {
  return parts.map((part) => marked(part, labels));
}
