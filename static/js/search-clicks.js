// Tells which result was opened, so that editors learn what readers did not find. Nothing waits for it.
const form = document.querySelector("[data-search-clicks]");

const count = (event) => {
  const link = event.target.closest("a[data-rank]");
  if (!form || !link || (event.type === "auxclick" && event.button !== 1)) return;
  const data = new FormData(form);
  data.set("page", link.dataset.page);
  data.set("rank", link.dataset.rank);
  navigator.sendBeacon(form.action, data);
};

document.addEventListener("click", count);
document.addEventListener("auxclick", count);
