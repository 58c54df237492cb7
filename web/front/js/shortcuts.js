// "?" shows the keys: those of every page, and those that the page at hand has on its buttons (data-key).
const dialog = document.getElementById("shortcuts");

document.addEventListener("keydown", (event) => {
  if (event.key !== "?" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest?.("input, select, textarea, [contenteditable]") || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  show();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-shortcuts]")) show();
});

function show() {
  if (!dialog) return;
  const here = dialog.querySelector("[data-shortcuts-here]");
  const pattern = dialog.querySelector("template").content.firstElementChild;
  const rows = [...document.querySelectorAll("[data-key]")].filter(isOfThisPage).map((element) => row(pattern, element));
  here.replaceChildren(...rows);
  here.hidden = !rows.length;
  dialog.showModal();
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
