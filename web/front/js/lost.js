// No answer, or one that is not ours (a proxy's page): the page stays as it is, says so, and offers to try again.
// What a part asks by itself, such as live figures, asks again by itself.
let lost;

function say(ctx) {
  const asked = ctx.request?.method !== "GET" || ctx.sourceEvent?.isTrusted;
  const template = document.getElementById("lost");
  if (!asked || !template) return;
  document.querySelector("[data-lost]")?.remove();
  document.getElementById("toasts").append(template.content.cloneNode(true));
  lost = ctx;
}

document.addEventListener("htmx:error", ({ detail: { ctx } }) => { if (ctx) say(ctx); });
document.addEventListener("htmx:before:response", (event) => {
  const { ctx } = event.detail;
  if (ctx.response.headers.has("X-Request-Id")) return;
  event.preventDefault();
  say(ctx);
});

document.addEventListener("click", (event) => {
  const again = event.target.closest("[data-tries-again]");
  if (!again || !lost) return;
  again.closest("[data-toast]").remove();
  const { sourceElement: sender, sourceEvent: press } = lost;
  lost = undefined;
  if (!sender?.isConnected) return;
  if (press?.type === "submit") sender.requestSubmit(press.submitter);
  else if (press?.type === "click") sender.click();
  else sender.dispatchEvent(new Event(press?.type ?? "change", { bubbles: true, cancelable: true }));
});
