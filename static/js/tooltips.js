// One tooltip for the page, over everything, beside the control that the pointer or the keyboard is on.
const root = document.documentElement;
const tip = document.createElement("div");
tip.className = "tooltip";
tip.popover = "manual";
tip.setAttribute("aria-hidden", "true");
document.body.append(tip);
let owner = null;
let timer = 0;

const wordsOf = (element) => {
  if (element.dataset.tooltip) return element.dataset.tooltip;
  return root.dataset.sidebar === "folded" && matchMedia("(min-width: 64rem)").matches ? element.dataset.tooltipFolded : "";
};

const place = () => {
  const box = owner.getBoundingClientRect();
  const own = tip.getBoundingClientRect();
  const beside = owner.hasAttribute("data-tooltip-folded");
  let left = beside ? box.right + 8 : box.left + (box.width - own.width) / 2;
  let top = beside ? box.top + (box.height - own.height) / 2 : box.bottom + 6;
  if (top + own.height > innerHeight) top = box.top - own.height - 6;
  left = Math.max(6, Math.min(left, innerWidth - own.width - 6));
  tip.style.setProperty("left", `${left}px`);
  tip.style.setProperty("top", `${top}px`);
};

const hide = () => {
  clearTimeout(timer);
  owner = null;
  if (tip.matches(":popover-open")) tip.hidePopover();
};

const show = (element, wait) => {
  const words = element && wordsOf(element);
  if (element === owner) return;
  hide();
  if (!words || element.parentElement.open) return;
  owner = element;
  timer = setTimeout(() => {
    tip.textContent = words;
    tip.showPopover();
    place();
  }, wait);
};

const find = (event) => event.target.closest?.("[data-tooltip], [data-tooltip-folded]");
document.addEventListener("pointerover", (event) => event.pointerType === "mouse" && show(find(event), 350));
document.addEventListener("focusin", (event) => event.target.matches(":focus-visible") && show(find(event), 0));
document.addEventListener("focusout", hide);
document.addEventListener("pointerdown", hide);
document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
document.addEventListener("scroll", hide, { passive: true, capture: true });
