// Sends what was typed on pages that are closed now, from whatever page is open.

import { parseAddress, same } from "./cells.js";
import { link, sendChanges } from "./link.js";
import { queue } from "./queue.js";

const BATCH = 100;
const TRIED = 20;

// Fitted by the page of a section: it puts back its own cells and sends them itself.
export const page = { recover: async () => {}, flush: async () => true };

export async function sendAll() {
  await page.recover();
  await page.flush();
  await queue.inTurn(sendFree);
}

async function sendFree() {
  const free = (await queue.free()).filter(({ state }) => state === "waiting");
  const responses = new Set(free.map(({ response }) => response));
  for (const response of responses) {
    const entries = free.filter((entry) => entry.response === response && !isHeld(entry));
    for (let i = 0; i < entries.length; i += BATCH) {
      if (!await send(response, entries.slice(i, i + BATCH))) return;
    }
  }
}

const isHeld = ({ tab }) => tab === queue.tab;

// Resolves to whether it makes sense to go on.
async function send(response, entries) {
  if (link.isEnded || link.isOther) return false;
  const changes = entries.map(({ name, value, base }) => ({ ...parseAddress(name), value, base }));
  const outcome = await sendChanges(response, changes, "queue");
  if (outcome.isTooLarge) return sendHalves(response, entries);
  if (outcome.isStopped) {
    const fields = { state: "stopped", message: outcome.message };
    for (const { name, stamp } of entries) await queue.refuse(response, name, stamp, fields);
    return true;
  }
  if (!outcome.results) {
    for (const { name, stamp, value, tried } of entries) {
      await queue.refuse(response, name, stamp, { tried: [...tried, value].slice(-TRIED) });
    }
    return false;
  }
  for (const [i, result] of outcome.results.entries()) await settle(response, entries[i], result);
  return true;
}

async function sendHalves(response, entries) {
  if (entries.length === 1) {
    const [{ name, stamp }] = entries;
    await queue.refuse(response, name, stamp, { state: "invalid", message: "" });
    return true;
  }
  const middle = Math.ceil(entries.length / 2);
  return await send(response, entries.slice(0, middle)) &&
    send(response, entries.slice(middle));
}

function settle(response, { name, stamp, value, tried }, result) {
  if (result.status === "saved") {
    return queue.settle(response, name, stamp, { value, revision: result.revision });
  }
  const { current } = result;
  if (current && tried.some((one) => same(one, current.value))) { // one's own, whose reply was lost
    return queue.refuse(response, name, stamp, { base: current.revision });
  }
  const message = (result.errors ?? []).join(" ");
  return queue.refuse(response, name, stamp, { state: result.status, message });
}
