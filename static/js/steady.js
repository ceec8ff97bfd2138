// What has the focus stays where it is on the screen, whatever grows above it. The
// browser's own way of doing so knows only what is at the top of the window.
export function steady(act) {
  const anchor = document.activeElement;
  if (!anchor || anchor === document.body) {
    act();
    return;
  }
  const page = document.documentElement;
  page.classList.add("is-steady");
  const before = anchor.getBoundingClientRect().top;
  act();
  const moved = () => anchor.getBoundingClientRect().top - before;
  const inner = anchor.closest(".matrix__scroll");
  if (moved() !== 0 && inner) inner.scrollTop += moved();
  if (moved() !== 0) window.scrollBy({ top: moved(), behavior: "instant" });
  requestAnimationFrame(() => setTimeout(() => page.classList.remove("is-steady")));
}
