// The theme switch and the fold of the sidebar.
const root = document.documentElement;
const keep = (key, value) => {
  try {
    if (value) localStorage.setItem(key, value);
    else localStorage.removeItem(key);
  } catch { /* storage is switched off: it holds for this page */ }
};

const showTheme = () => {
  for (const button of document.querySelectorAll("[data-theme-switch] button")) {
    button.setAttribute("aria-pressed", String(button.value === (root.dataset.theme || "auto")));
  }
};

const showSidebar = () => {
  const folded = root.dataset.sidebar === "folded";
  document.querySelector("[data-sidebar-fold]")?.setAttribute("aria-expanded", String(!folded));
};

document.addEventListener("click", (event) => {
  const theme = event.target.closest("[data-theme-switch] button");
  if (theme) {
    if (theme.value === "auto") delete root.dataset.theme;
    else root.dataset.theme = theme.value;
    keep("theme", root.dataset.theme);
    showTheme();
  }
  if (event.target.closest("[data-sidebar-fold]")) {
    if (root.dataset.sidebar) delete root.dataset.sidebar;
    else root.dataset.sidebar = "folded";
    keep("sidebar", root.dataset.sidebar);
    showSidebar();
  }
});

showTheme();
showSidebar();
for (const element of document.querySelectorAll("[data-focus]")) element.focus();
