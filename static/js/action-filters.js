// Filters the recommended actions at once; without this the form asks the server for the same.

const form = document.querySelector("[data-action-filters]");

function fits(action, wanted) {
  return wanted.every(([name, value]) => action.dataset[name].split(" ").includes(value));
}

function filter() {
  const given = [...new FormData(form)].filter(([, value]) => value);
  const wanted = given.filter(([name]) => name !== "submission");
  const actions = [...document.querySelectorAll("[data-action]")];
  for (const action of actions) action.hidden = !fits(action, wanted);
  for (const group of document.querySelectorAll("[data-actions]")) {
    group.hidden = !group.querySelector("[data-action]:not([hidden])");
  }
  for (const none of document.querySelectorAll("[data-none]")) {
    const here = none.closest("section");
    const all = here.querySelectorAll("[data-action]").length;
    none.hidden = !all || Boolean(here.querySelector("[data-action]:not([hidden])"));
  }
  const count = form.querySelector("[data-count]");
  count.textContent = count.dataset.count.replace("%shown%", actions.filter((a) => !a.hidden).length);
  form.querySelector("[data-clear]").hidden = wanted.length === 0;
  const query = new URLSearchParams(location.search);
  for (const select of form.querySelectorAll("select")) query.delete(select.name);
  for (const [name, value] of wanted) query.set(name, value);
  const search = query.size ? `?${query}` : "";
  history.replaceState(null, "", `${location.pathname}${search}${location.hash}`);
}

if (form) {
  form.querySelector("[data-apply]").hidden = true;
  form.addEventListener("change", filter);
  form.querySelector("[data-clear]").addEventListener("click", (event) => {
    event.preventDefault();
    for (const select of form.querySelectorAll("select")) select.value = "";
    filter();
  });
}
