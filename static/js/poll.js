// Asks at intervals: never while the page is hidden or without a link, at once on return,
// and less often after failures.

const SOON = 1000; // ms between two questions, however often a window is left and opened
const SLOWEST = 8; // times the interval

export class Poll {
  // `ask` resolves to true when answered, false when it failed, null to ask no more.
  constructor(ask, interval) {
    this.ask = ask;
    this.interval = interval;
    this.factor = 1;
    this.last = -Infinity;
    this.timer = null;
    this.isAsking = false;
    this.isOver = false;
    document.addEventListener("visibilitychange", () => this.resume());
    window.addEventListener("online", () => this.resume());
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) this.resume();
    });
    this.resume();
  }

  resume() {
    clearTimeout(this.timer);
    this.after(Math.min(SOON, this.interval));
  }

  after(pause) {
    if (this.isOver || this.isAsking) return;
    const wait = Math.max(0, this.last + pause - performance.now());
    this.timer = setTimeout(() => this.turn(), wait);
  }

  async turn() {
    if (document.hidden || !navigator.onLine) return; // until there is a reason to resume
    this.last = performance.now();
    this.isAsking = true;
    const answer = await this.ask();
    this.isAsking = false;
    this.isOver = answer === null;
    this.factor = answer ? 1 : Math.min(this.factor * 2, SLOWEST);
    this.after(this.interval * this.factor);
  }
}

const PATIENCE = 15000;

// Resolves to true when `take` got an answer, false on a failure, null when refused.
export async function askLive(place, since, take) {
  const url = new URL(place.dataset.url, window.location.href);
  if (place.dataset.section) url.searchParams.set("section", place.dataset.section);
  if (since !== undefined) url.searchParams.set("since", since);
  try {
    const reply = await fetch(url, {
      headers: { "Content-Type": "application/json" }, // refusals as JSON, not as pages
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if ([400, 403, 404].includes(reply.status)) return null;
    if (!reply.ok) return false;
    take(await reply.json());
    return true;
  } catch { // no link, or an answer that is not the application's
    return false;
  }
}
