// A link to an answer opens what hides it. Recent browsers do so by themselves; this is
// for older ones, and for a second click on the same link.

function reveal(hash) {
  const target = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
  if (!target) return;
  let opened = false;
  for (let at = target.closest("details"); at; at = at.parentElement.closest("details")) {
    opened ||= !at.open;
    at.open = true;
  }
  if (opened) target.scrollIntoView();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#"]');
  if (!link) return;
  const jump = link.closest("[data-jump]");
  if (jump) jump.open = false;
  reveal(link.hash);
});
window.addEventListener("hashchange", () => reveal(location.hash));
reveal(location.hash);
