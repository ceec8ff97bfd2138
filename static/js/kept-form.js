// What is typed into a form that is sent as a whole stays in this tab until it is saved,
// as comments do (docs/adr/0008). Before the page is left the server is asked whether it
// answers and who is signed in: without either, nothing is sent and the page stays.

import { make, openAround } from "./elements.js";
import { link, renew } from "./link.js";
import { person } from "./queue.js";
import { openSignIn } from "./session.js";
import { inTab } from "./tab-store.js";

const PATIENCE = 20000; // ms after which the link counts as lost
const START = `kept ${person} `;
const SENT = `sent ${person}`;

const words = document.getElementById("kept-words").dataset;
const forms = [...document.querySelectorAll("form[data-kept]")];
let waiting = null; // the form that goes on once its person has signed in again

const keyOf = (form) => `${START}${new URL(form.action).pathname} ${form.dataset.kept}`;
const fieldsOf = (form) => [...form.elements].filter(({ name, type }) => name &&
  name !== "csrfmiddlewaretoken" && type !== "submit");
const isTick = ({ type }) => type === "checkbox" || type === "radio";

const forget = (key) => inTab((store) => store.removeItem(key));
const kept = (key) => inTab((store) => JSON.parse(store.getItem(key)));

// Selects are compared by what is chosen: an option may be the first without being marked.
function isChanged(field) {
  if (isTick(field)) return field.checked !== field.defaultChecked;
  if (field.tagName !== "SELECT") return field.type !== "hidden" && field.value !== field.defaultValue;
  const given = [...field.options].find((option) => option.defaultSelected) ?? field.options[0];
  return field.value !== given?.value;
}

function keep(form) {
  const fields = fieldsOf(form);
  if (!("bound" in form.dataset) && !fields.some(isChanged)) return forget(keyOf(form));
  const values = fields.filter((field) => !isTick(field) || field.checked)
    .map((field) => [field.name, field.value, field.type === "textarea"]);
  return inTab((store) => store.setItem(keyOf(form), JSON.stringify({
    page: location.pathname, at: form.closest("[id]").id, values,
  })));
}

// Hidden fields too: they say on what the change was based, so that what a colleague
// changed meanwhile is a conflict.
function putBack(form) {
  const found = kept(keyOf(form));
  if (!found || "bound" in form.dataset) return;
  const fields = fieldsOf(form);
  const has = (field) => found.values.some(([name, value]) => name === field.name && value === field.value);
  for (const field of fields) {
    const given = found.values.find(([name]) => name === field.name);
    if (isTick(field)) field.checked = has(field);
    else if (given) field.value = given[1];
  }
  const names = new Set(fields.map(({ name }) => name));
  const homeless = found.values.filter(([name, value, isText]) => isText && value && !names.has(name));
  if (!fields.some(isChanged) && !homeless.length) {
    forget(keyOf(form));
    return;
  }
  tellPutBack(form, homeless.map(([, value]) => value));
  openAround(form);
}

function tellPutBack(form, texts) {
  const discard = make("button", { type: "button", className: "btn btn-sm btn-outline-secondary" }, words.discard);
  discard.addEventListener("click", () => {
    forget(keyOf(form));
    location.reload();
  });
  form.prepend(make("div", { className: "notice notice--warning", role: "status" },
    make("p", { className: "notice__text" }, words.back),
    ...texts.map((text) => make("p", { className: "quote" }, text)), discard));
}

// What was typed in a form that does not stand on this page.
function tellElsewhere() {
  const here = new Set(forms.map(keyOf));
  for (const key of inTab((store) => Object.keys(store)) ?? []) {
    if (!key.startsWith(`${START}${words.home}`) || here.has(key)) continue;
    const { page, at } = kept(key) ?? {};
    if (!page || page === location.pathname) continue;
    document.querySelector("main h1").after(make("div", { className: "notice notice--warning", role: "status" },
      make("p", { className: "notice__text" }, `${words.elsewhere} `, make("a", { href: `${page}#${at}` }, words.open))));
  }
}

function say(form, text, role = "alert") {
  form.querySelector("[data-kept-says]")?.remove();
  if (!text) return;
  const line = make("p", { role, className: `kept-says notice notice--${role === "alert" ? "error" : "info"}` }, text);
  line.dataset.keptSays = "";
  form.append(line);
}

async function send(form) {
  if ("sending" in form.dataset) return;
  form.dataset.sending = "";
  keep(form);
  say(form, words.sending, "status");
  const isHere = await Promise.race([renew(), new Promise((end) => setTimeout(end, PATIENCE))]);
  delete form.dataset.sending;
  if (isHere) {
    inTab((store) => store.setItem(SENT, keyOf(form)));
    HTMLFormElement.prototype.submit.call(form);
  } else if (link.isEnded) {
    waiting = form;
    say(form, words.ended);
    openSignIn();
  } else if (!link.isOther) say(form, words.away);
}

link.addEventListener("renewed", () => {
  if (waiting) send(waiting);
  waiting = null;
});

// The page that follows says what was done; a refusal is an alert, and what was typed stays.
const sent = inTab((store) => store.getItem(SENT));
forget(SENT);
if (sent && document.querySelector("main > .notice[role=status]")) forget(sent);

for (const form of forms) {
  putBack(form);
  if ("bound" in form.dataset) keep(form);
  form.addEventListener("input", () => keep(form));
  form.addEventListener("change", () => keep(form));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
}
tellElsewhere();
for (const leave of document.querySelectorAll("[data-leave]")) {
  leave.addEventListener("click", () => forms.forEach((form) => forget(keyOf(form))));
}
