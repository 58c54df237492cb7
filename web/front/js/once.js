// A form is sent once: a second press while the first is on its way does nothing.
// After a while it may be sent again: an answer that is a download leaves the page standing.
const ON_ITS_WAY_MS = 8000;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, ON_ITS_WAY_MS);
});

// htmx would send the second press after the first. Where one scans, a second scan is a second piece and waits its turn.
const isOnItsWay = (sender) => sender?.matches("[hx-post].htmx-request:not(:has([data-scan]))");

for (const press of ["submit", "click"]) {
  document.addEventListener(press, (event) => {
    if (!isOnItsWay(press === "submit" ? event.target : event.target.closest("button[hx-post]"))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, { capture: true });
}

// Coming back by the browser's button shows the page as it was left: it may be sent again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
