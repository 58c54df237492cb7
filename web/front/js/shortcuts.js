// "?" shows the keys: those of every page, and those of the page at hand, which it says itself or has on its buttons (data-key).
// In a field it is a letter, but not in an empty one where only codes are scanned (data-scan).
const dialog = document.getElementById("shortcuts");

document.addEventListener("keydown", (event) => {
  if (!["?", "؟"].includes(event.key) || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (isWriting(event.target) || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  show();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-shortcuts]")) show();
});

function isWriting(element) {
  const field = element.closest?.("input, select, textarea, [contenteditable]");
  return field && !(field.matches("[data-scan]") && field.value === "");
}

function show() {
  if (!dialog) return;
  const here = dialog.querySelector("[data-shortcuts-here]");
  if (here) listKeys(here);
  dialog.showModal();
}

function listKeys(here) {
  const pattern = dialog.querySelector("template").content.firstElementChild;
  const rows = [...document.querySelectorAll("[data-key]")].filter(isOfThisPage).map((element) => row(pattern, element));
  here.replaceChildren(...rows);
  here.hidden = !rows.length;
}

function isOfThisPage(element) {
  return element.getClientRects().length > 0 && !element.closest(".top, .side");
}

function row(pattern, element) {
  const made = pattern.cloneNode(true);
  made.querySelector("dt").textContent = nameOf(element);
  made.querySelector("kbd").textContent = element.dataset.key.replace("Control+", "Ctrl ").toUpperCase().replace("CTRL", "Ctrl");
  return made;
}

function nameOf(element) {
  const label = element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent;
  if (label) return label.trim();
  const words = element.cloneNode(true);
  words.querySelectorAll("kbd, svg").forEach((part) => part.remove());
  return words.textContent.trim();
}
