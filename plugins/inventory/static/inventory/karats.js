// data-fills="stamped": tiles that write their value into that field, and show which one stands there.
for (const tiles of document.querySelectorAll("[data-fills]")) {
  const field = tiles.closest("form").elements.namedItem(tiles.dataset.fills);
  const show = () => {
    for (const tile of tiles.children) tile.setAttribute("aria-pressed", String(tile.value === field.value));
  };
  tiles.hidden = false;
  tiles.addEventListener("click", (event) => {
    const tile = event.target.closest("button");
    if (!tile) return;
    field.value = tile.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  field.addEventListener("input", show);
  show();
}
