// Pages that only show: who is there, and that answers changed since.

import { askLive, Poll } from "./poll.js";
import { sayGoodbye, showPresent } from "./presence.js";

const place = document.getElementById("live");
let since = place.dataset.cursor;

new Poll(() => askLive(place, since, ({ cursor, changes, present }) => {
  if (since !== undefined) since = cursor;
  showPresent(place, present);
  if (changes.length > 0) place.querySelector("[data-reload]").hidden = false;
}), Number(place.dataset.pollMs));
sayGoodbye(place);
