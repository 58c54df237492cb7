// The till with a keyboard and a scanner. Everything here only presses buttons that are on the page anyway.
const till = () => document.querySelector("[data-till]");
const scan = () => till()?.querySelector("[data-scan]");
const isWriting = (element) => element.matches?.("input, select, textarea, [contenteditable]");
const isCovered = () => document.querySelector("dialog[open], details[data-menu][open]") !== null;

// A scanner types wherever the focus is: when nothing asks for it, its digits belong into the scan field.
document.addEventListener("keydown", (event) => {
  const plain = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!plain || event.defaultPrevented || isWriting(event.target) || isCovered()) return;
  if (event.key === " " && event.target.matches("button, a, summary")) return;
  scan()?.focus();
});

// Escape comes back to the scan field; arrows walk through what was found, and through menus that a key opened.
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented) return;
  if (event.key === "Escape" && till() && !isCovered() && event.target !== scan()) {
    scan()?.focus();
    return;
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const list = event.target === scan() ? document.getElementById("found") : event.target.closest?.("#found, .till__held");
  if (!list) return;
  const stops = [...list.querySelectorAll("button:not(:disabled)")];
  const next = stops[stops.indexOf(event.target) + step];
  event.preventDefault();
  if (next) next.focus();
  else if (list.id === "found" && step < 0) scan().focus();
});

// A fold that a key opened takes the focus to its first field, or a menu to its first entry.
document.addEventListener("toggle", (event) => {
  const fold = event.target;
  if (!fold.open || !till()?.contains(fold)) return;
  if (fold.dataset.opensAt) fold.querySelector(fold.dataset.opensAt)?.focus();
  else if ("menu" in fold.dataset) fold.querySelector("button")?.focus();
}, { capture: true });

// data-renews: a changed figure prices the sale again at once.
document.addEventListener("change", (event) => {
  if (event.target.closest("[data-renews]") && event.target.form) event.target.form.requestSubmit();
});

// data-selects: the amount that is left can be typed over.
document.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-selects]")) event.target.select();
});

// data-says: what changed is read out. The field that is heard stays, while the till around it is renewed.
document.addEventListener("htmx:after:swap", () => {
  const heard = document.querySelector("[data-hears]");
  const said = [...document.querySelectorAll("#counter [data-says]")].map((one) => one.dataset.says).join(" ");
  if (heard && heard.textContent !== said) heard.textContent = said;
});

// No connection: the step that was pressed waits, and is pressed again when it is back. A sale has its key from the
// beginning, so that a step which did arrive is not done twice.
const TRY_AGAIN_MS = 3000;
let waiting = null;

const showConnection = (isThere) => {
  for (const line of document.querySelectorAll("[data-connection]")) {
    line.classList.toggle("standing__one--off", !isThere);
    line.querySelector("[data-online]").hidden = !isThere;
    line.querySelector("[data-offline]").hidden = isThere;
  }
};

const goOn = async () => {
  try {
    await fetch("/health/live", { cache: "no-store" });
  } catch {
    setTimeout(goOn, TRY_AGAIN_MS);
    return;
  }
  showConnection(true);
  const step = waiting;
  waiting = null;
  if (!step?.form?.isConnected) return;
  delete step.form.dataset.sent;
  step.form.requestSubmit(step.button?.isConnected ? step.button : undefined);
};

let pressed = null;
document.addEventListener("submit", (event) => {
  if (event.target === till()) pressed = event.submitter;
}, { capture: true });

document.addEventListener("htmx:error", (event) => {
  if (!till() || !(event.detail?.error instanceof TypeError)) return;
  const isStep = event.target === till() || event.target.form === till();
  // The line below the till says it, and what is pressed again by itself needs no button for that.
  document.querySelector("[data-lost]")?.remove();
  if (waiting === null) setTimeout(goOn, TRY_AGAIN_MS);
  waiting = isStep && event.detail.ctx?.request?.method !== "GET" ? { form: till(), button: pressed } : waiting ?? {};
  showConnection(false);
});
addEventListener("offline", () => {
  if (till()) showConnection(false);
});
addEventListener("online", () => {
  if (till() && waiting === null) showConnection(true);
});

// What lies on the counter survives a page that is closed by mistake, in this tab and for this person alone.
const KEPT = "goldsmith till";

const keep = () => {
  const form = till();
  if (!form) return;
  if (!form.querySelector(".sale__line")) {
    sessionStorage.removeItem(KEPT);
    return;
  }
  const fields = [...new FormData(form)].filter(([name]) => !["csrf_token", "find", "pay_amount"].includes(name));
  sessionStorage.setItem(KEPT, JSON.stringify({ person: form.dataset.till, fields }));
};

const bringBack = () => {
  const form = till();
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  if (!form || !kept || kept.person !== form.dataset.till || form.querySelector(".sale__line")) return;
  for (const [name, value] of kept.fields) {
    const field = form.elements.namedItem(name);
    if (field) field.value = value;
    else form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  form.requestSubmit();
};

document.addEventListener("htmx:after:swap", (event) => {
  if ((event.detail?.ctx?.target ?? event.target).id !== "counter") return;
  if (till()) {
    keep();
    // All ways to pay are in sight, not only the field that has the focus.
    document.querySelector(".pay")?.scrollIntoView({ block: "nearest" });
  } else {
    sessionStorage.removeItem(KEPT);
    scrollTo({ top: 0 });
  }
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-forgets]")) sessionStorage.removeItem(KEPT);
});
addEventListener("load", bringBack);
