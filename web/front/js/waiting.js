// A thin line above the page while htmx waits for an answer (CSS shows it only after a moment). data-quiet: what a part asks by
// itself, such as live figures, disturbs nobody.
const waiting = new Set();
const line = Object.assign(document.createElement("div"), { className: "waiting" });

const show = () => document.documentElement.toggleAttribute("data-waits", waiting.size > 0);

document.addEventListener("DOMContentLoaded", () => document.body.append(line));
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (ctx.sourceElement?.closest("[data-quiet]")) return;
  waiting.add(ctx);
  show();
});
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (waiting.delete(ctx)) show();
});
