// The field of an institution: an editable combobox with a list (WAI-ARIA APG). It offers
// the institutions listed, and to list what was typed. Typed text is always an answer.
//
// One list serves every `input[data-institution]`, those of added entries too. Without
// this script the plain <datalist> works.

const MOST = 8; // options shown at a time
const root = document.getElementById("institution-field");
const words = root.dataset;
const offered = JSON.parse(document.getElementById("institution-data").textContent);

const list = document.createElement("ul");
list.id = "institution-options";
list.className = "institution-field__list";
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", words.list);
list.hidden = true;

const status = document.createElement("span"); // read aloud
status.className = "visually-hidden";
status.setAttribute("role", "status");
root.append(list, status);

let input = null; // the field whose list is shown, or that has the focus
let options = []; // what the list shows
let active = -1;

// As institution_queries.name_key: what two spellings of one name have in common.
const keyOf = (text) => text.normalize("NFC").trim().replace(/\s+/g, " ").toLowerCase();
// For finding, accents do not matter either.
const plain = (text) => keyOf(text).normalize("NFD").replace(/\p{M}/gu, "");
const namesOf = (one) => [one.name, one.short, ...one.also].filter(Boolean);

function rank(one, typed) {
  let best = 0;
  for (const name of namesOf(one).map(plain)) {
    if (name.startsWith(typed)) best = Math.max(best, 3);
    else if (name.includes(` ${typed}`) || name.includes(`(${typed}`)) best = Math.max(best, 2);
    else if (name.includes(typed)) best = Math.max(best, 1);
  }
  return best;
}

function found(text) {
  const typed = plain(text);
  return offered
    .filter((one) => one.listed || keyOf(one.name) !== keyOf(text))
    .map((one) => ({ one, rank: rank(one, typed) }))
    .filter((entry) => entry.rank > 0)
    .sort((a, b) => b.rank - a.rank || a.one.name.localeCompare(b.one.name))
    .slice(0, MOST)
    .map((entry) => entry.one);
}

const isListed = (text) => offered.some(
  (one) => one.listed && namesOf(one).some((name) => keyOf(name) === keyOf(text)));

function equip(field) {
  if (field.getAttribute("role") === "combobox") return;
  field.removeAttribute("list");
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-expanded", "false");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("autocomplete", "off");
}

// Showing and hiding

// What matches the other name is shown with it: people see why.
function besides(one) {
  const typed = plain(input.value);
  const also = one.also.filter((name) => typed && plain(name).includes(typed));
  return [one.short, ...also.slice(0, 1), one.listed ? "" : words.unlisted].filter(Boolean).join(" · ");
}

function optionFor(choice, index) {
  const option = document.createElement("li");
  option.id = `institution-option-${index}`;
  option.className = "institution-field__option";
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  option.dataset.index = index;
  if (choice.isNew) {
    option.classList.add("institution-field__option--new");
    option.textContent = words.add.replace("%name%", choice.name);
  } else {
    option.append(choice.name);
    const more = besides(choice);
    if (more) {
      const small = document.createElement("span");
      small.className = "institution-field__more";
      small.textContent = ` ${more}`;
      option.append(small);
    }
  }
  return option;
}

function show() {
  const text = input.value.trim().replace(/\s+/g, " ");
  options = found(text);
  const count = options.length;
  if (text && !isListed(text)) options.push({ name: text, isNew: true });
  list.replaceChildren(...options.map(optionFor));
  active = -1;
  input.removeAttribute("aria-activedescendant");
  if (options.length === 0) {
    hide();
    return;
  }
  list.hidden = false;
  input.setAttribute("aria-expanded", "true");
  place();
  say(count ? words.count.replace("%count%", count) : words.none);
}

function hide() {
  list.hidden = true;
  active = -1;
  if (!input) return;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

// Fixed beside its field: a matrix scrolls in a box of its own, which would cut it off.
function place() {
  if (list.hidden) return;
  const box = input.getBoundingClientRect();
  const bar = document.getElementById("save-bar")?.getBoundingClientRect().height ?? 0;
  const below = window.innerHeight - box.bottom - bar;
  const width = Math.min(Math.max(box.width, 288), window.innerWidth - 16);
  const isAbove = below < Math.min(list.scrollHeight, 240) && box.top > below;
  const isRtl = getComputedStyle(input).direction === "rtl";
  const start = isRtl ? box.right - width : box.left;
  list.style.inlineSize = `${width}px`;
  list.style.maxBlockSize = `${Math.min(320, Math.max(96, (isAbove ? box.top : below) - 12))}px`;
  list.style.left = `${Math.min(Math.max(8, start), window.innerWidth - width - 8)}px`;
  list.style.top = isAbove ? "auto" : `${box.bottom + 4}px`;
  list.style.bottom = isAbove ? `${window.innerHeight - box.top + 4}px` : "auto";
}

function mark(index) {
  active = index;
  [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
  if (index < 0) {
    input.removeAttribute("aria-activedescendant");
    return;
  }
  input.setAttribute("aria-activedescendant", list.children[index].id);
  list.children[index].scrollIntoView({ block: "nearest" });
}

function say(text) {
  status.textContent = text;
}

// Choosing

function choose(index) {
  const choice = options[index];
  const field = input;
  hide();
  write(field, choice.name);
  if (choice.isNew) add(choice.name);
  else say("");
}

function write(field, text) {
  if (field.value === text) return;
  field.value = text;
  for (const type of ["input", "change"]) {
    field.dispatchEvent(new Event(type, { bubbles: true }));
  }
  hide(); // the input event asked for the list again
}

async function add(name) {
  say(words.adding);
  const token = (document.getElementById("section-form") ?? input.form).elements.csrfmiddlewaretoken.value;
  try {
    const reply = await fetch(words.addUrl, {
      method: "POST",
      body: JSON.stringify({ name }),
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      credentials: "same-origin",
    });
    const body = await reply.json();
    if (!reply.ok) throw new Error(body.message);
    const known = offered.find((one) => keyOf(one.name) === keyOf(body.name));
    if (known) known.listed = true;
    else offered.push({ name: body.name, short: "", also: [], listed: true });
    tell(words.added.replace("%name%", body.name));
  } catch {
    tell(words.failed);
  }
}

// Said aloud, and shown for a while beside the field that has the focus.
function tell(text) {
  say(text);
  const note = document.createElement("p");
  note.className = "institution-field__note";
  note.textContent = text;
  root.append(note);
  setTimeout(() => note.remove(), 6000);
}

// Events. Keys are taken before the page gives them a meaning of its own.

const isOpen = () => !list.hidden;

const KEYS = {
  ArrowDown: (event) => {
    if (!isOpen()) show();
    if (isOpen() && !event.altKey) mark((active + 1) % options.length);
  },
  ArrowUp: (event) => {
    if (event.altKey) return hide();
    if (!isOpen()) show();
    if (isOpen()) mark(active <= 0 ? options.length - 1 : active - 1);
  },
  Enter: () => {
    if (!isOpen() || active < 0) return false;
    choose(active);
  },
  Escape: () => {
    if (!isOpen()) return false;
    hide();
  },
};

document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("input[data-institution]") || event.isComposing) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const act = KEYS[event.key];
  input = event.target;
  if (act && act(event) !== false) {
    event.preventDefault();
    event.stopPropagation();
  }
}, { capture: true });

document.addEventListener("focusin", (event) => {
  if (!event.target.matches?.("input[data-institution]")) return;
  input = event.target;
  equip(input);
});
document.addEventListener("focusout", (event) => {
  if (event.target === input) hide();
});
document.addEventListener("input", (event) => {
  if (event.target.matches?.("input[data-institution]") && event.isTrusted) {
    input = event.target;
    show();
  }
});
document.addEventListener("click", (event) => {
  if (!event.target.matches?.("input[data-institution]")) return;
  input = event.target;
  if (isOpen()) hide();
  else show();
});

// The focus stays in the field while the list is used with the mouse.
list.addEventListener("mousedown", (event) => event.preventDefault());
list.addEventListener("click", (event) => {
  const option = event.target.closest("[role=option]");
  if (option) choose(Number(option.dataset.index));
});
window.addEventListener("resize", place);
document.addEventListener("scroll", (event) => {
  if (event.target !== list) place();
}, { capture: true, passive: true });

for (const field of document.querySelectorAll("input[data-institution]")) equip(field);
