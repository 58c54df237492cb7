// The till with a keyboard and a scanner. Everything here only presses buttons that are on the page anyway.
const till = () => document.querySelector("[data-till]");
const isWriting = (element) => element.matches?.("input, select, textarea, [contenteditable]");

// A scanner types wherever the focus is: when nothing asks for it, its digits belong into the scan field.
document.addEventListener("keydown", (event) => {
  const plain = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!plain || event.defaultPrevented || isWriting(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === " " && event.target.matches("button, a, summary")) return;
  till()?.querySelector("[data-scan]")?.focus();
});

// data-renews: a changed figure prices the sale again at once.
document.addEventListener("change", (event) => {
  if (event.target.closest("[data-renews]") && event.target.form) event.target.form.requestSubmit();
});

// data-selects: the amount that is left can be typed over.
document.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-selects]")) event.target.select();
});
