// Filters send themselves; check boxes of a table count what is selected; forms are sent once.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-auto-submit]")) event.target.form.requestSubmit();
  const table = event.target.closest("[data-bulk]");
  if (table) count(table, event.target);
});

const count = (table, changed) => {
  const all = table.querySelector("[data-bulk-all]");
  const boxes = [...table.querySelectorAll(".table__select")];
  if (changed === all) for (const box of boxes) box.checked = all.checked;
  const chosen = boxes.filter((box) => box.checked).length;
  all.checked = chosen > 0 && chosen === boxes.length;
  all.indeterminate = chosen > 0 && chosen < boxes.length;
  table.querySelector("[data-bulk-bar]").hidden = chosen === 0;
  table.querySelector("[data-bulk-count]").textContent = chosen;
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent !== undefined) event.preventDefault();
  form.dataset.sent = "";
  event.submitter?.setAttribute("aria-busy", "true");
});

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  }
});
