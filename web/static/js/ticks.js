// Ticking rows of a list: all of a page at once, and how many are ticked. The form works without it.
(() => {
  const { tr } = window.depictio;
  const WORDS = { ticked: (ticked, many) => tr("{ticked} of {many} ticked", { ticked, many }) };

  const boxes = () => [...document.querySelectorAll('input[type="checkbox"][form="bulk"]')];

  function tell() {
    const all = boxes();
    const ticked = all.filter((box) => box.checked).length;
    for (const said of document.querySelectorAll("[data-ticked]")) said.textContent = WORDS.ticked(ticked, all.length);
    for (const box of document.querySelectorAll("[data-tick-all]")) {
      box.checked = ticked > 0 && ticked === all.length;
      box.indeterminate = ticked > 0 && ticked < all.length;
    }
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-tick-all]")) for (const box of boxes()) box.checked = event.target.checked;
    if (event.target.matches('[data-tick-all], [form="bulk"]')) tell();
  });
  document.addEventListener("htmx:afterSettle", tell);
  document.addEventListener("DOMContentLoaded", tell);
})();
