// Moments in the words of the page's language, in the reader's own time.

const language = document.documentElement.lang;
const TIME = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

export function clock(moment = new Date()) {
  return moment.toLocaleTimeString(language, TIME);
}

// The time, with its day unless that is today.
export function since(at) {
  const moment = new Date(at);
  const isToday = moment.toDateString() === new Date().toDateString();
  return isToday ? clock(moment)
    : moment.toLocaleString(language, { day: "numeric", month: "short", ...TIME });
}
