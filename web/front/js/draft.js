// What was typed is kept in this tab while a form is on its way. When the server did not take the form although nothing is wrong
// with it (the session had ended, the house was closed: the cookie `draft` says so), it is filled in again where it belongs: for
// the same person in the same shop. Somebody else who signs in at this device meanwhile finds nothing.
const KEPT = "draft";

document.addEventListener("submit", (event) => {
  const form = event.target;
  // Signing in is on the way to the form that waits; and neither a password nor a code is kept anywhere.
  if (form.method !== "post" || form.querySelector("[type=password], [autocomplete=one-time-code]")) return;
  const hidden = new Set([...form.querySelectorAll("[type=hidden]")].map((field) => field.name));
  const typed = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !hidden.has(name));
  if (typed.length) sessionStorage.setItem(KEPT, JSON.stringify({ who: document.body.dataset.who, action: form.getAttribute("action"), typed }));
}, { capture: true });

document.addEventListener("DOMContentLoaded", () => {
  const kept = sessionStorage.getItem(KEPT);
  if (!kept) return;
  if (!document.cookie.split("; ").includes("draft=kept")) {
    sessionStorage.removeItem(KEPT);
    return;
  }
  const { who, action, typed } = JSON.parse(kept);
  const here = document.body.dataset.who;
  if (here && here !== who) {
    forget();
    return;
  }
  const form = [...document.forms].find((one) => one.getAttribute("action") === action);
  if (!form) return; // the sign-in page, or another page on the way
  forget();
  // After the parts of the page that watch their fields are there.
  setTimeout(() => fill(form, typed));
});

function forget() {
  sessionStorage.removeItem(KEPT);
  document.cookie = "draft=; path=/; max-age=0; samesite=lax";
}

function fill(form, typed) {
  for (const field of form.elements) {
    const values = typed.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (values.length && field.type !== "hidden" && field.type !== "file") field.value = values[0];
    else continue;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  document.getElementById("toasts")?.append(document.getElementById("kept").content.cloneNode(true));
}
