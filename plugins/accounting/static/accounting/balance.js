// data-balances on a form of entries (data-entry): says by unit what debit and credit still differ by, while one types.
// data-adds-entry: another line like the last one, empty. data-follows on a unit: what it is once an account is chosen.
const form = document.querySelector("form[data-balances]");
const says = form?.querySelector("[data-balance]");
const numbers = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 7 });

const field = (entry, name) => entry.querySelector(`[name$="[${name}]"]`);

// Digits of all three scripts; whole units of 0.0000001, so that nothing is lost in binary fractions.
function typed(input) {
  const latin = input.value
    .replace(/[۰-۹]/g, (digit) => digit.charCodeAt(0) - 0x06f0)
    .replace(/[٠-٩]/g, (digit) => digit.charCodeAt(0) - 0x0660)
    .replace(/[٬,\s']/g, "")
    .replace("٫", ".");
  const match = /^(\d{1,15})(?:\.(\d{0,7}))?$/.exec(latin);
  return match ? BigInt(match[1] + (match[2] ?? "").padEnd(7, "0")) : 0n;
}

function tell() {
  const left = new Map();
  let anything = false;
  for (const entry of form.querySelectorAll("[data-entry]")) {
    const unit = field(entry, "unit").selectedOptions[0].label;
    const [debit, credit] = [typed(field(entry, "debit")), typed(field(entry, "credit"))];
    if (!field(entry, "unit").value) continue;
    anything ||= debit !== credit;
    left.set(unit, (left.get(unit) ?? 0n) + debit - credit);
  }
  const differing = [...left].filter(([, amount]) => amount !== 0n);
  const words = differing.map(([unit, amount]) => `${numbers.format(Number(amount) / 1e7)} ${unit}`);
  const even = anything ? says.dataset.even : "";
  says.textContent = words.length ? `${says.dataset.differs} ${words.join(" · ")}` : even;
}

function addEntry() {
  const entries = form.querySelectorAll("[data-entry]");
  const last = entries[entries.length - 1];
  const next = last.cloneNode(true);
  const legend = next.querySelector("legend");
  legend.textContent = legend.textContent.replace(/[\d۰-۹]+/, numbers.format(entries.length + 1));
  for (const one of next.querySelectorAll("[id], [for], [name], [aria-describedby]")) {
    for (const attribute of ["id", "for", "name", "aria-describedby"]) {
      const value = one.getAttribute(attribute);
      if (value) one.setAttribute(attribute, value.replace(/^(lines\D?)\d+/, `$1${entries.length}`));
    }
  }
  for (const error of next.querySelectorAll(".field__error")) error.remove();
  for (const input of next.querySelectorAll("input")) input.value = "";
  last.after(next);
  field(next, "account").focus();
}

if (form) {
  const adds = form.querySelector("[data-adds-entry]");
  adds.hidden = false;
  adds.addEventListener("click", () => { addEntry(); tell(); });
  form.addEventListener("change", (event) => {
    const unit = event.target.name?.endsWith("[account]") && field(event.target.closest("[data-entry]"), "unit");
    if (unit && !unit.value) unit.value = unit.dataset.follows;
    tell();
  });
  form.addEventListener("input", tell);
  tell();
}
