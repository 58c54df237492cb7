// data-toast: a notice that leaves by itself after a while, unless the stack is pointed at or has the focus, or it is bad news
// (data-stays). Three are in sight (css/notice.css); the others wait for their turn, and their time begins when they are seen.
const SHOWN_MS = 8000;
const SEEN_AT_ONCE = 3;
const timers = new Map();

const leave = (toast) => {
  timers.delete(toast);
  toast.classList.add("toast--leaving");
  setTimeout(() => toast.remove(), 150);
};

function attend(stack) {
  for (const toast of timers.keys()) if (!toast.isConnected) timers.delete(toast);
  const held = stack.matches(":hover, :focus-within");
  for (const toast of [...stack.querySelectorAll("[data-toast]:not(.toast--leaving)")].slice(0, SEEN_AT_ONCE)) {
    if (held || "stays" in toast.dataset || timers.has(toast)) continue;
    timers.set(toast, setTimeout(leave, SHOWN_MS, toast));
  }
}

// Above a dialog that was opened meanwhile: what is shown last is on top.
function raise(stack) {
  if (stack.matches(":popover-open")) stack.hidePopover();
  stack.showPopover();
}

function hold() {
  for (const timer of timers.values()) clearTimeout(timer);
  timers.clear();
}

document.addEventListener("DOMContentLoaded", () => {
  const stack = document.getElementById("toasts");
  if (!stack) return;
  stack.popover = "manual";
  attend(stack);
  new MutationObserver((changes) => {
    if (changes.some((change) => change.addedNodes.length)) raise(stack);
    attend(stack);
  }).observe(stack, { childList: true });
  for (const name of ["pointerenter", "focusin"]) stack.addEventListener(name, hold);
  // After the pointer or the focus has really gone.
  for (const name of ["pointerleave", "focusout"]) stack.addEventListener(name, () => setTimeout(attend, 0, stack));
});
document.addEventListener("click", (event) => {
  const close = event.target.closest("[data-toast] [data-dismisses]");
  if (close) leave(close.closest("[data-toast]"));
});
