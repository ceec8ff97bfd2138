// Who else is there: a line on a section, one by each section on the overview.

export function showPresent(place, present) {
  const here = place.dataset.section;
  for (const line of document.querySelectorAll("[data-present-in]")) {
    const names = present
      .filter(({ section }) => section === line.dataset.presentIn)
      .map(({ name }) => name);
    line.hidden = names.length === 0;
    const told = line.querySelector("[data-names]");
    const text = names.join(", ");
    if (told.textContent !== text) told.textContent = text;
  }
  return present.filter(({ section }) => section === here);
}

// Off the page at once; a page that cannot say so is forgotten after half a minute.
export function sayGoodbye(place) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]");
  window.addEventListener("pagehide", () => {
    if (!token || !navigator.onLine) return;
    const body = new FormData();
    body.set("csrfmiddlewaretoken", token.value);
    navigator.sendBeacon(
      `${place.dataset.leaveUrl}?section=${encodeURIComponent(place.dataset.section)}`, body);
  });
}
