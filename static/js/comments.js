// Comments: loaded where they are asked for, sent without leaving the page. Without this
// script every box is a plain form, and the links lead to pages of their own.
//
// The forms hold no control (comment_form.html): boxes name theirs by `form`, so that they
// may stand inside of the form of a section; there the forms are moved out of it.

import { make, openAround } from "./elements.js";
import { link, sendJson } from "./link.js";
import { person } from "./queue.js";
import { inTab } from "./tab-store.js";

const words = document.getElementById("comment-words")?.dataset ?? {};
const BODY = "[data-comments-body]";

// What is typed stays in this tab until it is sent, also when the page is loaded again.
const keyOf = (field) => `comment ${person} ${field.form?.getAttribute("action")}`;
const isText = (field) => field.matches?.("textarea[form]");

const keep = (field) => inTab((store) => (field.value.trim() ?
  store.setItem(keyOf(field), field.value) : store.removeItem(keyOf(field))));

const kept = (field) => inTab((store) => store.getItem(keyOf(field))) ?? "";

function putBack(place) {
  for (const field of place.querySelectorAll("textarea[form]")) {
    if (field.value || !kept(field)) continue;
    field.value = kept(field);
    openAround(field);
  }
}

// Loading

// Where the fragment goes: all below the summary, unless the page says it.
function bodyOf(details) {
  const body = details.querySelector(BODY);
  if (body) return body;
  const made = make("div", {}, ...[...details.childNodes].filter((one) => one.tagName !== "SUMMARY"));
  made.dataset.commentsBody = "";
  details.append(made);
  return made;
}

async function load(details) {
  const body = bodyOf(details);
  if (details.dataset.state === "loading") return;
  details.dataset.state = "loading";
  try {
    const page = await fetch(details.dataset.comments, {
      headers: { Accept: "text/html", "X-User": person }, cache: "no-store", redirect: "error",
    });
    if (!page.ok) throw new Error(page.status);
    show(body, await page.text());
    details.dataset.state = "loaded";
  } catch { // the link to the page of these comments stays
    details.dataset.state = "";
    body.querySelector("[role=alert]")?.remove();
    body.prepend(make("p", { role: "alert" }, words.failed));
  }
}

// Puts a fragment in place of what stands there; its forms go out of the way of others.
function show(body, html) {
  const fragment = make("template", { innerHTML: html }).content;
  const isInside = body.closest("form") !== null;
  for (const form of fragment.querySelectorAll("form")) {
    document.getElementById(form.id)?.remove();
    if (isInside) document.getElementById("comment-forms").append(form);
  }
  const typed = [...body.querySelectorAll("textarea[form]")]
    .map(({ id, value }) => [id, value]).filter(([, value]) => value);
  body.replaceChildren(fragment);
  for (const [id, value] of typed) {
    const field = document.getElementById(id);
    if (field && !field.value) field.value = value;
  }
  putBack(body);
}

document.addEventListener("toggle", (event) => {
  const details = event.target;
  if (!details.matches?.("details[data-comments]") || !details.open) return;
  if (details.dataset.state || details.querySelector(".thread")) return;
  load(details);
}, { capture: true });

document.addEventListener("click", async (event) => {
  const anchor = event.target.closest("[data-comments-load]");
  const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (!anchor || !isPlain) return;
  event.preventDefault();
  const details = anchor.closest("[data-comments]");
  await load(details);
  if (details.dataset.state === "loaded") details.querySelector("summary").focus();
});

// Sending

const problemOf = (box) => box.querySelector("[data-comment-problem]");

function complain(box, text) {
  const problem = problemOf(box) ?? box.appendChild(make("div", { className: "comments__problem" }));
  problem.replaceChildren(make("p", { role: "alert" }, text));
}

async function send(form, button) {
  const box = button.closest("[data-comment-box]");
  const fields = Object.fromEntries(new FormData(form));
  delete fields.csrfmiddlewaretoken;
  button.disabled = true;
  box.closest("[data-comments-at]")?.querySelector("[data-comments-status]").replaceChildren();
  const url = button.getAttribute("formaction") ?? form.getAttribute("action");
  const { body, isStopped, message, details } = await sendJson(url, fields);
  button.disabled = false;
  if (!body) {
    const reason = [message, ...(details ?? [])].filter(Boolean).join(" ");
    complain(box, isStopped && reason ? reason : link.isEnded ? words.ended : words.away);
    problemOf(box)?.scrollIntoView({ block: "nearest" });
    return;
  }
  const text = [...form.elements].find(isText);
  if (text) {
    text.value = "";
    keep(text);
  }
  arrived(box, body);
}

function arrived(box, { html, message }) {
  const id = box.dataset.commentBox;
  const body = box.closest(BODY);
  const here = box.closest("[data-comments-at]");
  const place = body ?? here.parentElement;
  if (body) show(body, html);
  else replace(here, html);
  const at = [...place.querySelectorAll("[data-comments-at]")]
    .find((one) => one.querySelector(`[data-comment-box="${CSS.escape(id)}"]`)) ??
    place.querySelector("[data-comments-at]");
  at.querySelector("[data-comments-status]").textContent = message;
  count(body?.closest("[data-comments]"), at);
  const thread = document.getElementById(id);
  const target = thread ?? at.querySelector(`[data-comment-box="${CSS.escape(id)}"] summary`) ?? at;
  if (target === at) at.tabIndex = -1;
  target.focus();
}

// On a page of comments, where the place stands by itself.
function replace(here, html) {
  const holder = make("div");
  here.replaceWith(holder);
  holder.append(here);
  show(holder, html);
  holder.replaceWith(...holder.childNodes);
}

function count(details, at) {
  if (!details) return;
  details.dataset.state = "loaded";
  const number = Number(at.dataset.open);
  const counter = details.querySelector("[data-comments-count]");
  if (counter) counter.textContent = number ? words.open.replace("%count%", number) : words.none;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches?.("[data-comment-form]")) return;
  event.preventDefault();
  if (event.submitter && !event.submitter.disabled) send(form, event.submitter);
});

document.addEventListener("input", (event) => {
  if (isText(event.target)) keep(event.target);
});

putBack(document);
