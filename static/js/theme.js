// Before the first paint: the reader's theme and the folded sidebar, kept in this browser.
(() => {
  const root = document.documentElement;
  root.dataset.js = "";
  try {
    const theme = localStorage.getItem("theme");
    if (theme) root.dataset.theme = theme;
    if (localStorage.getItem("sidebar") === "folded") root.dataset.sidebar = "folded";
  } catch { /* storage is switched off: the system's theme stays */ }
})();
