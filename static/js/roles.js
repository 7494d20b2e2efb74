// Another role brings the rights that are usual for it; each can still be set otherwise.
document.addEventListener("change", (event) => {
  if (!event.target.matches("input[name=role]")) return;
  for (const box of event.target.form.querySelectorAll("[data-usual-of]")) {
    box.checked = box.dataset.usualOf.split(" ").includes(event.target.value);
  }
});
