// Keeps an open dashboard as things are: one question for all its parts, none while nobody looks. What is not reached is
// asked again soon, then as often as ever; none once three answers were none of ours, as for who is signed out.
const note = document.querySelector("[data-live]");
const EVERY = 45000;
let mark = "";
let failed = 0;
let paused = false;
let due = Date.now() + EVERY;

const ask = () => {
  if (document.hidden || paused || Date.now() < due) return;
  due = Date.now() + EVERY;
  note.dispatchEvent(new Event("live"));
};

if (note) {
  let held = false;
  note.addEventListener("htmx:configRequest", ({ detail }) => {
    held = false;
    const find = document.querySelector("[name=find]");
    if (find) detail.parameters.find = find.value;
    if (mark) detail.headers["If-None-Match"] = mark;
    else if (detail.triggeringEvent?.type !== "live") detail.parameters.later = 1;
  });
  // What somebody is in, or has opened, stays; the mark is forgotten, so that it comes with the next answer.
  document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
    if (!detail.target.matches(":focus-within") && !detail.target.querySelector("[open]")) return;
    detail.shouldSwap = false;
    held = true;
  });
  note.addEventListener("htmx:afterRequest", ({ detail: { xhr } }) => {
    const answer = xhr.getResponseHeader("ETag");
    failed = answer ? 0 : failed + 1;
    paused = failed > 2 && xhr.status > 0 && xhr.status < 500;
    if (answer) {
      mark = held ? "" : answer;
      note.firstElementChild.textContent = new Date().toTimeString().slice(0, 5);
    } else due = Date.now() + (failed > 2 ? EVERY : EVERY / 9);
    note.lastElementChild.textContent = paused ? " · paused" : failed ? " · not reached, trying again" : "";
    note.parentElement.toggleAttribute("data-paused", failed > 2);
  });
  const wake = () => {
    if (failed) due = 0;
    failed = 0;
    paused = false;
    ask();
  };
  document.addEventListener("visibilitychange", wake);
  addEventListener("online", wake);
  setInterval(ask, 1000);
}
