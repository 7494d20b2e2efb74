// A part that htmx replaces may hold the focus: it goes on to the first link or button of what came in its place.
let held = "";

document.addEventListener("htmx:beforeSwap", (event) => {
  const place = event.detail.target;
  if (place.contains(document.activeElement)) held = place.id;
});

document.addEventListener("htmx:afterSettle", () => {
  const place = held && document.activeElement === document.body ? document.getElementById(held) : null;
  held = "";
  place?.querySelector("a[href], button")?.focus();
});
