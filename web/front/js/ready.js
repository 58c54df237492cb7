// Between the moment a part of the page is exchanged and the moment htmx has looked at it, a quick hand may press a key:
// whatever it presses is made ready first, so that no sale is left for a whole page.
const acts = "[hx-get], [hx-post], [hx-put], [hx-patch], [hx-delete]";

for (const kind of ["submit", "click", "change", "input", "keydown"]) {
  document.addEventListener(
    kind,
    (event) => {
      const pressed = event.target.closest?.(acts);
      if (pressed && !pressed.hasAttribute("data-htmx-powered")) window.htmx.process(pressed);
    },
    true,
  );
}
