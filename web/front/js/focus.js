// data-focus: takes the focus when it appears, on load or in a part that htmx brought (an error summary, the next step).
const takeFocus = (within) => {
  const wanted = within.matches?.("[data-focus]") ? within : within.querySelector?.("[data-focus]");
  wanted?.focus();
};

// Who pressed something inside a part that is exchanged stands at the same thing again (the head that sorts, the next page), or at
// the part itself: else the next Tab would begin at the top of the page. htmx does it for what has an id.
const nameOf = (element) => element.getAttribute("aria-label") ?? element.textContent.trim();
let pressed = null;

document.addEventListener("htmx:before:swap", (event) => {
  const at = document.activeElement;
  pressed = event.detail?.ctx?.target?.contains?.(at) && !at.id ? nameOf(at) : null;
});

const standAgain = (within) => {
  if (pressed === null || document.activeElement !== document.body) return;
  const same = [...within.querySelectorAll("a[href], button, summary")].find((one) => nameOf(one) === pressed);
  if (!same) within.tabIndex = -1;
  (same ?? within).focus({ preventScroll: true });
};

document.addEventListener("DOMContentLoaded", () => takeFocus(document));
document.addEventListener("htmx:after:swap", (event) => {
  const within = event.detail?.ctx?.target ?? event.target;
  takeFocus(within);
  standAgain(within);
});
