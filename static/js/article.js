// Help pages: copies code, opens what is folded.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.closest("[data-code]").querySelector("pre").textContent);
  const before = button.getAttribute("aria-label");
  button.setAttribute("aria-label", "Copied");
  button.querySelector("use").setAttribute("href", button.querySelector("use").getAttribute("href").replace("#copy", "#check"));
  setTimeout(() => {
    button.setAttribute("aria-label", before);
    button.querySelector("use").setAttribute("href", button.querySelector("use").getAttribute("href").replace("#check", "#copy"));
  }, 1600);
});

// A link to a part that is folded opens it.
const unfold = () => {
  const part = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const folded = part && part.closest("details:not([data-menu])");
  if (folded) folded.open = true;
};
addEventListener("hashchange", unfold);
unfold();
