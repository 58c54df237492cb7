// data-copies="text": takes it to the clipboard, and says so for a while.
const SHOWN_MS = 2000;

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copies);
  const status = button.querySelector("[data-said]");
  button.dataset.copied = "";
  status.textContent = status.dataset.said;
  setTimeout(() => {
    delete button.dataset.copied;
    status.textContent = "";
  }, SHOWN_MS);
});
