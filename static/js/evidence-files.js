// Sends a file as soon as it is chosen, beside its question. Without this script the link
// leads to a page with a plain form.

const words = document.getElementById("evidence-words").dataset;
const language = document.documentElement.lang;

function sizeOf(bytes) {
  const [unit, factor] = bytes >= 1024 * 1024
    ? ["megabyte", 1024 * 1024] : bytes >= 1024 ? ["kilobyte", 1024] : ["byte", 1];
  return new Intl.NumberFormat(language, {
    style: "unit", unit, unitDisplay: factor === 1 ? "long" : "short", maximumFractionDigits: 1,
  }).format(bytes / factor);
}

function lineOf(file) {
  const line = document.createElement("li");
  const link = document.createElement("a");
  link.href = file.url;
  link.textContent = file.title;
  const more = document.createElement("span");
  more.className = "soft";
  more.textContent = `${file.label}, ${sizeOf(file.size)}`;
  line.append(link, " ", more);
  return line;
}

function tell(place, text, isError = false) {
  const state = place.querySelector("[data-files-state]");
  state.setAttribute("role", isError ? "alert" : "status");
  state.classList.toggle("files__state--error", isError);
  state.textContent = text;
}

async function send(place, input) {
  const [file] = input.files;
  if (!file) return;
  const body = new FormData();
  body.append("csrfmiddlewaretoken",
    document.getElementById("section-form").elements.csrfmiddlewaretoken.value);
  body.append("file", file);
  input.disabled = true;
  tell(place, words.sending.replace("%name%", file.name));
  try {
    const reply = await fetch(place.dataset.files, {
      method: "POST", body, headers: { Accept: "application/json" }, redirect: "error",
    });
    if (reply.status === 413) {
      tell(place, (await reply.json().catch(() => ({}))).message ?? words.tooLarge, true);
      return;
    }
    const answer = await reply.json();
    if (!reply.ok) {
      tell(place, answer.message, true);
      return;
    }
    place.querySelector("[data-files-list]").replaceChildren(...answer.files.map(lineOf));
    tell(place, answer.message);
  } catch { // no link, signed out, or an answer that is not the application's
    tell(place, words.failed.replace("%name%", file.name), true);
  } finally {
    input.disabled = false;
    input.value = "";
  }
}

document.addEventListener("change", (event) => {
  if (!event.target.matches?.("[data-files-input]")) return;
  send(event.target.closest("[data-files]"), event.target);
});
