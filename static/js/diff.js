// Which words of a text were added and which removed, for people to read.

const MOST = 4e6; // comparisons: some tens of milliseconds
const CONTEXT = 60; // characters kept on both sides of a change
const ALIKE = 0.3; // texts with less in common are two texts, not one that was changed

const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const signs = new Intl.Segmenter(undefined, { granularity: "grapheme" });

// Words with the spaces after them; signs, in scripts that write no spaces between words.
function tokens(text) {
  return (text.match(/\s+|\S+\s*/gu) ?? []).flatMap((word) =>
    (UNSPACED.test(word) ? [...signs.segment(word)].map(({ segment }) => segment) : [word]));
}

const key = (token) => token.trim();

function commonStart(one, other) {
  let at = 0;
  while (at < one.length && at < other.length && key(one[at]) === key(other[at])) at += 1;
  return at;
}

// The longest common subsequence of what differs between the equal ends.
function compare(one, other) {
  if (one.length * other.length > MOST) {
    return [...one.map((text) => ["removed", text]), ...other.map((text) => ["added", text])];
  }
  const width = other.length + 1;
  const best = new Uint32Array((one.length + 1) * width);
  for (let i = one.length - 1; i >= 0; i -= 1) {
    for (let j = other.length - 1; j >= 0; j -= 1) {
      best[i * width + j] = key(one[i]) === key(other[j])
        ? best[(i + 1) * width + j + 1] + 1
        : Math.max(best[(i + 1) * width + j], best[i * width + j + 1]);
    }
  }
  const steps = [];
  let i = 0;
  let j = 0;
  while (i < one.length || j < other.length) {
    if (i < one.length && j < other.length && key(one[i]) === key(other[j])) {
      steps.push(["same", other[j]]);
      i += 1;
      j += 1;
    } else if (j === other.length ||
        (i < one.length && best[(i + 1) * width + j] >= best[i * width + j + 1])) {
      steps.push(["removed", one[i]]);
      i += 1;
    } else {
      steps.push(["added", other[j]]);
      j += 1;
    }
  }
  return steps;
}

// Neighbours of one kind together, and of each change first what went, then what came.
function joined(steps) {
  const parts = [];
  let removed = "";
  let added = "";
  const flush = () => {
    if (removed) parts.push({ kind: "removed", text: removed });
    if (added) parts.push({ kind: "added", text: added });
    removed = "";
    added = "";
  };
  for (const [kind, text] of steps) {
    if (kind === "removed") removed += text;
    else if (kind === "added") added += text;
    else {
      flush();
      const last = parts.at(-1);
      if (last?.kind === "same") last.text += text;
      else parts.push({ kind, text });
    }
  }
  flush();
  return parts;
}

// Long stretches that nobody touched are shortened in the middle.
function shortened(parts) {
  return parts.map((part, at) => {
    if (part.kind !== "same") return part;
    const before = at > 0 ? CONTEXT : 0;
    const after = at < parts.length - 1 ? CONTEXT : 0;
    const letters = [...part.text];
    if (letters.length <= before + after + CONTEXT) return part;
    const start = letters.slice(0, before).join("");
    const end = after ? letters.slice(-after).join("") : "";
    return { kind: "same", text: `${start} … ${end}` };
  });
}

// Parts of `after` as a change of `before`: same, added, removed. Null where they have too
// little in common to be compared.
export function wordChanges(before, after) {
  const one = tokens(before);
  const other = tokens(after);
  const start = commonStart(one, other);
  const end = commonStart(one.slice(start).reverse(), other.slice(start).reverse());
  const steps = [
    ...other.slice(0, start).map((text) => ["same", text]),
    ...compare(one.slice(start, one.length - end), other.slice(start, other.length - end)),
    ...other.slice(other.length - end).map((text) => ["same", text]),
  ];
  const kept = steps.filter(([kind]) => kind === "same").length;
  if (kept < ALIKE * Math.min(one.length, other.length) || kept === 0) return null;
  return shortened(joined(steps));
}
