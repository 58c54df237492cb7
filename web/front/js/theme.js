// data-theme-choice="light|dark|system": shows it at once; the form around the button keeps it on the server.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-theme-choice]");
  if (!button) return;
  event.preventDefault();
  const choice = button.dataset.themeChoice;
  if (choice === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
  for (const other of document.querySelectorAll("[data-theme-choice]")) {
    other.setAttribute("aria-pressed", String(other === button));
  }
  keep(button);
});

// data-side-fold: folds the side bar to icons, and unfolds it.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-side-fold]");
  if (!button) return;
  event.preventDefault();
  const root = document.documentElement;
  const folded = root.dataset.side !== "folded";
  if (folded) root.dataset.side = "folded";
  else delete root.dataset.side;
  button.setAttribute("aria-expanded", String(!folded));
  button.value = folded ? "unfolded" : "folded";
  keep(button, folded ? "folded" : "unfolded");
});

function keep(button, value = button.value) {
  if (!button.form) return;
  const answer = new FormData(button.form);
  answer.set(button.name, value);
  fetch(button.form.action, { method: "POST", body: new URLSearchParams(answer), redirect: "manual" });
}
