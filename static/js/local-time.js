// Shows moments in the reader's own time zone, named; without scripts they stay in UTC.
// English without a country would read month first.
const language = document.documentElement.lang.replace(/^en$/, "en-GB");
const form = new Intl.DateTimeFormat(language, {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
  timeZoneName: "short",
});

export function localise(root = document) {
  for (const time of root.querySelectorAll("time[data-moment]")) {
    const moment = new Date(time.dateTime);
    if (!Number.isNaN(moment.valueOf())) {
      time.textContent = form.format(moment);
    }
  }
}

localise();
