// data-toast: a notice that leaves by itself after a while, unless it is pointed at, focused, or bad news (data-stays).
const SHOWN_MS = 8000;

const leave = (toast) => {
  toast.classList.add("toast--leaving");
  setTimeout(() => toast.remove(), 150);
};

const attend = (toast) => {
  toast.dataset.attended = "";
  if ("stays" in toast.dataset) return;
  let timer = setTimeout(leave, SHOWN_MS, toast);
  const hold = () => clearTimeout(timer);
  const release = () => { hold(); timer = setTimeout(leave, SHOWN_MS, toast); };
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("pointerleave", release);
  toast.addEventListener("focusout", release);
};

const attendAll = () => document.querySelectorAll("[data-toast]:not([data-attended])").forEach(attend);

document.addEventListener("DOMContentLoaded", attendAll);
document.addEventListener("htmx:after:swap", attendAll);
document.addEventListener("click", (event) => {
  const close = event.target.closest("[data-toast] [data-dismisses]");
  if (close) leave(close.closest("[data-toast]"));
});
