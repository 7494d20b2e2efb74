// htmx comes only when it is needed: at once where a part loads by itself, else with the reader's first move.
const source = document.querySelector("meta[name=htmx-config]")?.dataset.src;
const MOVES = ["focusin", "pointerdown", "keydown", "scroll", "live"];
const USES = "[hx-get], [hx-post]";

const load = () => {
  for (const move of MOVES) removeEventListener(move, moved, true);
  // htmx begins with a document's content, or when it is complete; coming in between it would never begin.
  if (document.readyState !== "complete") {
    addEventListener("load", load, { once: true });
    return;
  }
  const script = document.createElement("script");
  script.src = source;
  script.onload = () => {
    const field = document.activeElement;
    if (field?.matches("[data-search-box] input") && field.value) field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  document.head.append(script);
};

const moved = (event) => {
  if (event.type !== "focusin" || event.target.closest?.(USES)) load();
};

if (source && document.querySelector('[hx-trigger~="load"]')) load();
else if (source && document.querySelector(USES)) {
  for (const move of MOVES) addEventListener(move, moved, { capture: true, passive: true });
}
