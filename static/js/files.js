// Lists the chosen files of an upload and lights up its ground while something is dragged over it.
const sizeOf = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

const row = (file) => {
  const item = document.createElement("li");
  item.className = "file-upload__item";
  for (const [text, style] of [["", ""], [file.name, "truncate"], [sizeOf(file.size), "muted small"]]) {
    const cell = document.createElement("span");
    cell.textContent = text;
    cell.className = style;
    item.append(cell);
  }
  return item;
};

document.addEventListener("change", (event) => {
  const list = event.target.matches("[data-file-upload] input") && event.target.closest("[data-file-upload]").querySelector("[data-file-list]");
  if (list) list.replaceChildren(...[...event.target.files].map(row));
});

for (const [type, over] of [["dragenter", true], ["dragleave", false], ["drop", false]]) {
  document.addEventListener(type, (event) => event.target.closest?.(".file-upload__drop")?.toggleAttribute("data-over", over));
}
