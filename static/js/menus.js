// Menus are <details>: here they close on Escape and a click elsewhere, and take the arrow keys.
const choices = (menu) => [...menu.querySelectorAll(".menu__panel :is(a[href], button, input, select):not(:disabled)")];

const close = (menu, refocus) => {
  if (!menu.open) return;
  menu.open = false;
  if (refocus) menu.querySelector("summary").focus();
};

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("[data-menu][open]")) {
    if (!menu.contains(event.target)) close(menu, false);
  }
});

document.addEventListener("focusin", (event) => {
  for (const menu of document.querySelectorAll("[data-menu][open]")) {
    if (!menu.contains(event.target)) close(menu, false);
  }
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("[data-menu]");
  if (!menu) return;
  if (event.key === "Escape") close(menu, true);
  if (!["ArrowDown", "ArrowUp"].includes(event.key) || event.target.matches("input, select")) return;
  event.preventDefault();
  menu.open = true;
  const all = choices(menu);
  const at = all.indexOf(document.activeElement);
  const next = event.key === "ArrowDown" ? at + 1 : at < 0 ? all.length - 1 : at - 1;
  all[(next + all.length) % all.length]?.focus();
});
