// Escape puts away what stands behind a mark, until something else is pointed at or reached.

const page = document.querySelector(".report");
const show = () => delete page.dataset.tips;

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") page.dataset.tips = "off";
});
page.addEventListener("focusin", show);
page.addEventListener("pointerover", (event) => {
  if (event.target.closest(".profile__line, .unit__link, .grid__ref")) show();
});
