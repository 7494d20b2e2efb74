// Toasts leave after eight seconds, but not errors, nor while the pointer or the focus rests on them.
const STAY = 8000;

const leave = (toast) => {
  toast.dataset.leaving = "";
  setTimeout(() => toast.remove(), 200);
};

const start = (toast) => {
  if (toast.classList.contains("toast--error") || toast.dataset.timed !== undefined) return;
  toast.dataset.timed = "";
  let timer = setTimeout(leave, STAY, toast);
  const stop = () => clearTimeout(timer);
  const again = () => { timer = setTimeout(leave, STAY, toast); };
  toast.addEventListener("pointerenter", stop);
  toast.addEventListener("focusin", stop);
  toast.addEventListener("pointerleave", again);
  toast.addEventListener("focusout", again);
};

for (const place of document.querySelectorAll("[data-toasts]")) {
  place.querySelectorAll("[data-toast]").forEach(start);
  new MutationObserver(() => place.querySelectorAll("[data-toast]").forEach(start)).observe(place, { childList: true });
}

document.addEventListener("click", (event) => {
  const toast = event.target.closest("[data-toast-close]")?.closest("[data-toast]");
  if (toast) leave(toast);
});
