// data-opens="id": opens that <dialog>. data-closes, or a click beside it: closes it.
// A form with data-confirms="id" asks first: its dialog's button with value "yes" sends it.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.opens);
    dialog?.showModal();
    // What one came for, not the cross that closes it.
    dialog?.querySelector(".dialog__body :is(input:not([type=hidden]), select, textarea):not(:disabled)")?.focus();
    return;
  }
  const dialog = event.target.closest("dialog[open]");
  if (dialog && (event.target === dialog || event.target.closest("[data-closes]"))) dialog.close();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const dialog = form.dataset.confirms && document.getElementById(form.dataset.confirms);
  if (!dialog || form.dataset.confirmed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "yes") return;
    form.dataset.confirmed = "yes";
    form.requestSubmit(event.submitter);
    delete form.dataset.confirmed;
  }, { once: true });
  dialog.returnValue = "";
  dialog.showModal();
}, { capture: true });
