// Buttons with data-dialog open a <dialog>; a click on the ground beside it closes it; Ctrl-K opens the page search.
const open = (id) => {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return false;
  dialog.showModal();
  dialog.querySelector("[autofocus], input:not([type=hidden])")?.focus();
  return true;
};

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener && open(opener.dataset.dialog)) {
    event.preventDefault();
    opener.closest("[data-menu]")?.removeAttribute("open");
  }
  if (event.target.matches("dialog[open]")) {
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  const field = document.querySelector("#page-search") ? null : document.querySelector("[data-search-box] input[type=search]");
  event.preventDefault();
  if (!open("page-search")) field?.focus();
});
