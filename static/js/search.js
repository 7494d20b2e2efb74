// Search boxes: htmx fetches the suggestions; arrows choose a suggestion, Enter opens it, Escape closes the list.
const optionsOf = (box) => [...box.querySelectorAll('[role="option"][href]')];
const inputOf = (box) => box.querySelector('[role="combobox"]');

const choose = (box, next) => {
  const input = inputOf(box);
  optionsOf(box).forEach((option, index) => {
    option.id ||= `${input.id}-${index}`;
    option.setAttribute("aria-selected", String(option === next));
  });
  if (next) input.setAttribute("aria-activedescendant", next.id);
  else input.removeAttribute("aria-activedescendant");
  next?.scrollIntoView({ block: "nearest" });
};

const show = (box, open) => {
  box.toggleAttribute("data-closed", !open);
  inputOf(box)?.setAttribute("aria-expanded", String(open && optionsOf(box).length > 0));
  if (!open) choose(box, null);
};

const move = (box, key) => {
  const all = optionsOf(box);
  const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const step = key === "ArrowDown" ? 1 : -1;
  show(box, true);
  choose(box, all[at < 0 && step < 0 ? all.length - 1 : at + step] ?? null);
};

document.addEventListener("keydown", (event) => {
  const box = event.target.closest?.("[data-search-box]");
  if (!box || !inputOf(box)) return;
  const chosen = box.querySelector('[role="option"][aria-selected="true"]');
  if (["ArrowDown", "ArrowUp"].includes(event.key) && optionsOf(box).length) {
    event.preventDefault();
    move(box, event.key);
  } else if (event.key === "Enter" && chosen) {
    event.preventDefault();
    chosen.click();
  } else if (event.key === "Escape" && box.closest("dialog")) {
    event.preventDefault();
    box.closest("dialog").close();
  } else if (event.key === "Escape" && optionsOf(box).length && !box.hasAttribute("data-closed")) {
    event.preventDefault();
    show(box, false);
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  const box = event.target.closest?.("[data-search-box]");
  if (!box) return;
  show(box, true);
  const found = optionsOf(box).length;
  box.querySelector("[data-search-status]").textContent = inputOf(box).value ? `${found} suggestions` : "";
});

document.addEventListener("click", (event) => {
  for (const box of document.querySelectorAll("[data-search-box]")) {
    if (inputOf(box)) show(box, box.contains(event.target));
  }
});
