// On every page of somebody signed in: the worker, the queue, signing in and out.

import { show } from "./banner.js";
import { sendAll } from "./outbox.js";
import "./session.js";
import "./sign-out.js";
import { link } from "./link.js";

const AGAIN = 30000; // ms after which what other tabs left behind is looked for

const work = () => sendAll().then(show, show);

window.addEventListener("online", work);
window.addEventListener("focus", work);
link.addEventListener("renewed", work);
setInterval(() => { if (document.visibilityState === "visible" && !link.isEnded) work(); }, AGAIN);
work();

navigator.serviceWorker?.register("/service-worker.js", { scope: "/", updateViaCache: "none" })
  .catch(() => {}); // not offered here: pages need the link
