// The panel of the bell: htmx fills it, here it opens and closes. Without htmx the bell is a link to the center.
const bell = document.querySelector("[data-bell]");
const opener = bell?.querySelector("[data-bell-open]");
const panel = bell?.querySelector(".bell__panel");

const show = (open, refocus) => {
  panel.hidden = !open;
  opener.setAttribute("aria-expanded", String(open));
  if (!open && refocus) opener.focus();
};

if (opener && panel) {
  opener.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target !== opener || panel.hidden) return;
    event.preventDefault();
    show(false, false);
  });
  panel.addEventListener("htmx:afterSwap", () => show(true, false));
  opener.addEventListener("htmx:responseError", () => location.assign(opener.href));
  document.addEventListener("click", (event) => {
    if (!panel.hidden && !bell.contains(event.target)) show(false, false);
  });
  bell.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden) show(false, true);
  });
  bell.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !bell.contains(event.relatedTarget)) show(false, false);
  });
}
