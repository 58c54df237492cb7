// data-key="F2" (or "Control+k", "Shift+F9"): that key presses the button, follows the link or focuses the field.
// data-rows on a <tbody>: arrow keys walk its rows, Enter follows a row's first link.
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  const shifted = event.shiftKey && event.key.length > 1 ? "Shift+" : "";
  const key = (event.ctrlKey || event.metaKey ? "Control+" : "") + shifted + event.key;
  const wanted = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key && isReachable(one));
  if (wanted) {
    event.preventDefault();
    if (wanted.matches("input, select, textarea")) wanted.focus();
    else wanted.click();
    return;
  }
  const row = event.target.closest?.("[data-rows] > tr");
  if (!row || event.target !== row) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    (event.key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling)?.focus();
  } else if (event.key === "Enter") {
    row.querySelector("a")?.click();
  }
});

// Behind an open dialog nothing answers.
function isReachable(element) {
  const dialog = document.querySelector("dialog[open]");
  return !element.disabled && element.getClientRects().length > 0 && (!dialog || dialog.contains(element));
}
