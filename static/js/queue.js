// The queue of one person: what was typed and is not yet on the server.
//
// An entry belongs to the tab in which it was typed last; that tab sends it. When the tab
// is gone, closed or crashed, its lock is free and any other tab takes the entry over.
// One tab at a time sends, so that nobody comes into conflict with themselves.

import * as store from "./store.js";

const WRITING = 250; // ms that keys are gathered before they are written
const PATIENCE = 60 * 24 * 3600 * 1000; // ms after which nobody comes back

export const person = document.documentElement.dataset.person ?? "";

const bytes = crypto.getRandomValues(new Uint8Array(9));
const tab = [...bytes].map((byte) => byte.toString(36)).join("");
const { locks } = navigator; // only where the link is encrypted
const lockName = (id) => `tab-${id}`;

let leave = () => {};
const isHere = locks ? new Promise((resolve) => {
  locks.request(lockName(tab), () => new Promise((end) => {
    leave = end;
    resolve();
  }));
}) : Promise.resolve();

async function livingTabs() {
  if (!locks) return new Set([lockName(tab)]);
  const { held } = await locks.query();
  return new Set(held.map(({ name }) => name));
}

class Queue extends EventTarget {
  constructor() {
    super();
    this.tab = tab;
    this.isBroken = false; // nothing can be kept in this browser
    this.isEnded = false; // signed out: nothing may be kept any more
    this.buffer = new Map();
    this.timer = null;
    this.counter = 0;
    this.channel = new BroadcastChannel("answers");
    this.channel.onmessage = ({ data }) => this.heard(data);
    window.addEventListener("pagehide", () => {
      this.write();
      leave();
    });
    document.addEventListener("visibilitychange", () => this.write());
    store.purge(Date.now() - PATIENCE).catch(() => { this.isBroken = true; });
  }

  // Messages of other tabs: of the same person, or about who is signed in.
  heard(message) {
    if (message.user !== person && message.kind !== "person") return;
    this.dispatchEvent(new CustomEvent(message.kind, { detail: message }));
  }

  tell(kind, details = {}) {
    this.channel.postMessage({ kind, user: person, ...details });
  }

  // Keeps what a cell holds now; returns the stamp by which `settle` knows it again.
  note(entry) {
    this.counter += 1;
    const stamp = `${tab}-${this.counter}`;
    const key = [person, entry.response, entry.name];
    this.plan(key, { user: person, state: "waiting", ...entry, at: Date.now(), stamp, tab });
    this.tell("typed", { response: entry.response, name: entry.name, value: entry.value });
    return stamp;
  }

  forget(response, name) {
    this.plan([person, response, name], null);
  }

  plan(key, entry) {
    if (this.isEnded) return;
    this.buffer.set(key.join("\n"), { key, entry });
    this.timer ??= setTimeout(() => this.write(), WRITING);
  }

  async write() {
    clearTimeout(this.timer);
    this.timer = null;
    const changes = [...this.buffer.values()];
    if (changes.length === 0) return;
    this.buffer.clear();
    if (document.visibilityState === "visible") await isHere;
    await this.attempt(store.write(changes));
    this.changed();
  }

  async attempt(work, otherwise) {
    try {
      return await work;
    } catch {
      this.isBroken = true;
      return otherwise;
    }
  }

  changed() {
    this.dispatchEvent(new Event("change"));
    this.tell("change");
  }

  async entries() {
    await this.write();
    const found = await this.attempt(store.all(person), []);
    return found.sort((a, b) => a.since - b.since);
  }

  // Those that no other living tab holds.
  async free() {
    const [entries, living] = await Promise.all([this.entries(), livingTabs()]);
    return entries.filter((entry) => !living.has(lockName(entry.tab)) || entry.tab === tab);
  }

  // Takes over what this tab does not hold yet and no living tab does.
  async claim(isWanted) {
    const free = (await this.free()).filter((entry) => entry.tab !== tab && isWanted(entry));
    return free.length ? this.attempt(store.update(free, { tab }), []) : [];
  }

  release(entries) {
    return this.attempt(store.update(entries, { tab: "" }));
  }

  async bases(response) {
    const entries = await this.entries();
    return new Map(entries.filter((entry) => entry.response === response)
      .map((entry) => [entry.name, entry.base]));
  }

  async settle(response, name, stamp, saved) {
    const planned = this.buffer.get([person, response, name].join("\n"));
    if (planned?.entry && planned.entry.stamp === stamp) planned.entry = null;
    if (planned?.entry && planned.entry.base < saved.revision) planned.entry.base = saved.revision;
    if (this.isEnded) return;
    await this.attempt(store.settle([person, response, name], stamp, saved));
    this.tell("saved", { response, name, ...saved });
    this.changed();
  }

  // Refused: stays, with the reason, until it is corrected or decided.
  async refuse(response, name, stamp, fields) {
    await this.write();
    const entries = (await this.entries()).filter((entry) =>
      entry.response === response && entry.name === name && entry.stamp === stamp);
    await this.attempt(store.update(entries, fields));
    this.changed();
  }

  // One tab at a time.
  inTurn(work) {
    return locks ? locks.request(`send-${person}`, work) : work();
  }

  sentOf(response) {
    return this.attempt(store.sentOf(person, response), []);
  }

  dropSent(response, names) {
    return this.attempt(store.dropSent(person, response, names));
  }

  // Signed out: nothing of this person stays.
  async end() {
    this.isEnded = true;
    this.buffer.clear();
    await this.attempt(store.clear(person));
    this.tell("signedout");
  }
}

export const queue = new Queue();
