// The box "all shown" ticks and unticks every box of its form, and the number of ticked ones
// is told. Without this script the server takes that box for all of them.

for (const form of document.querySelectorAll("[data-tick-all]")) {
  const all = form.querySelector("[data-all]");
  const told = form.querySelector("[data-ticked]");
  const boxes = [...form.elements].filter((one) => one.name === "country");

  const tell = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && !all.checked;
    told.textContent = ticked ? `(${ticked.toLocaleString(document.documentElement.lang)})` : "";
  };

  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    tell();
  });
  for (const box of boxes) box.addEventListener("change", tell);
  tell();
}
