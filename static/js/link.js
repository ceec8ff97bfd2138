// The way to the server: the token, who is signed in, and whether anybody answers.

import { person, queue } from "./queue.js";

const KEPT_ALIVE = 60000; // bytes that a browser still sends while the page goes away

const PATIENCE = 60000; // ms after which a request counts as lost: it may be sent again

export const link = new EventTarget();
link.isAway = false; // the last request was not answered by the application
link.isEnded = false; // the session is gone
link.isOther = false; // somebody else is signed in

const tokens = () => document.querySelectorAll("input[name=csrfmiddlewaretoken]");
let token = tokens()[0]?.value ?? "";

function set(name, value) {
  if (link[name] === value) return;
  link[name] = value;
  link.dispatchEvent(new Event("change"));
}

// Somebody else is signed in: what was typed here is never sent in their name.
export function becomeOther() {
  if (link.isOther) return;
  set("isOther", true);
  link.dispatchEvent(new Event("other"));
}

function becomeEnded() {
  if (link.isEnded) return;
  set("isEnded", true);
  link.dispatchEvent(new Event("ended"));
}

function isAnswered(reply) {
  return reply.headers.get("Content-Type")?.startsWith("application/json") ?? false;
}

// Fetches a fresh token. Resolves to false where it is of no use to this page.
export async function renew() {
  const url = document.documentElement.dataset.tokenUrl;
  const fresh = await fetch(url, { cache: "no-store" })
    .then((reply) => (reply.ok ? reply.json() : null)).catch(() => null);
  if (!fresh?.token) {
    set("isAway", true);
    return false;
  }
  set("isAway", false);
  token = fresh.token;
  for (const input of tokens()) input.value = token;
  if (fresh.user === null) becomeEnded();
  else if (String(fresh.user) !== person) becomeOther();
  else if (link.isEnded) {
    set("isEnded", false);
    link.dispatchEvent(new Event("renewed"));
  }
  return fresh.user !== null && !link.isOther;
}

function post(url, body, headers) {
  return fetch(url, {
    method: "POST",
    body,
    headers: { "X-CSRFToken": token, "X-User": person, ...headers },
    credentials: "same-origin",
    redirect: "manual",
    signal: AbortSignal.timeout(PATIENCE),
    keepalive: new Blob([body]).size < KEPT_ALIVE,
  });
}

// Posts a form, with a fresh token if the one here is stale.
export async function postForm(url, fields, headers = {}) {
  const send = () => post(url, new URLSearchParams(fields).toString(),
    { "Content-Type": "application/x-www-form-urlencoded", ...headers });
  const reply = await send();
  return reply.status === 403 && await renewToken() ? send() : reply;
}

const renewToken = async () => {
  await renew();
  return !link.isAway && !link.isOther;
};

// Sends JSON. Resolves to { body }, or { isTooLarge }, or to why nothing was saved:
// { isAway } to try again, { isStopped, message, details } not to.
export async function sendJson(url, content, isSecond = false) {
  if (link.isOther) return { isStopped: true, message: "" };
  let reply, body;
  try {
    reply = await post(url, JSON.stringify(content), { "Content-Type": "application/json" });
    if (reply.status === 413) return { isTooLarge: true };
    if (!isAnswered(reply)) throw new Error("a proxy, a crash");
    body = await reply.json();
  } catch {
    set("isAway", true);
    return { isAway: true };
  }
  set("isAway", false);
  if (reply.ok) {
    if (link.isEnded) renew(); // signed in again elsewhere
    return { body };
  }
  return refused(reply.status, body, () => sendJson(url, content, true), isSecond);
}

// Sends changes. Resolves to { results }, or to why nothing was saved, as above.
export async function sendChanges(url, changes, via) {
  const { body, ...why } = await sendJson(url, { changes, via });
  return body ? { results: body.results } : why;
}

async function refused(status, body, again, isSecond) {
  if (status === 403 && body.code === "csrf") {
    return !isSecond && await renew() ? again() : { isAway: true };
  }
  if (status === 401) {
    becomeEnded();
    return { isAway: true };
  }
  if (status === 409 && body.code === "person") becomeOther();
  const isStopped = [400, 403, 404, 409, 422].includes(status);
  return isStopped
    ? { isStopped, message: body.message, details: body.details } : { isAway: true };
}

queue.addEventListener("person", ({ detail }) => {
  if (detail.user !== person) becomeOther();
  else if (link.isEnded) renew();
});
window.addEventListener("offline", () => link.dispatchEvent(new Event("change")));
window.addEventListener("online", () => link.dispatchEvent(new Event("change")));
queue.tell("person");
