// data-focus: takes the focus when it appears, on load or in a part that htmx brought (an error summary, the next step).
const takeFocus = (within) => {
  const wanted = within.matches?.("[data-focus]") ? within : within.querySelector?.("[data-focus]");
  wanted?.focus();
};

document.addEventListener("DOMContentLoaded", () => takeFocus(document));
document.addEventListener("htmx:after:swap", (event) => takeFocus(event.detail?.ctx?.target ?? event.target));
