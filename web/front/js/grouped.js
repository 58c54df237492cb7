// data-grouped: a figure gets its thousands apart and the page's own digits while it is typed. What is sent says the same:
// the server reads any digits and separators. What is no plain figure (`5%`, `18K`) stays as it was typed.
const CONVENTIONS = {
  en: { digits: "0123456789", group: ",", point: "." },
  fa: { digits: "۰۱۲۳۴۵۶۷۸۹", group: "٬", point: "٫" },
};
const ours = () => CONVENTIONS[document.documentElement.lang] ?? CONVENTIONS.en;
const latin = (text) => text.replace(/[۰-۹]/g, (mark) => mark.codePointAt(0) - 0x06f0).replace(/[٠-٩]/g, (mark) => mark.codePointAt(0) - 0x0660);

// Only our own separators are taken out again: a comma that somebody types in Persian may be meant as a point.
const grouped = (typed) => {
  const { digits, group, point } = ours();
  const plain = latin(typed).replaceAll(group, "");
  const parts = plain.match(/^([-−]?)(\d+)(?:([.٫])(\d*))?$/);
  if (!parts) return typed;
  const [, sign, whole, dot, fraction = ""] = parts;
  const apart = whole.replace(/\B(?=(\d{3})+$)/g, group);
  return (sign + apart + (dot ? point : "") + fraction).replace(/\d/g, (digit) => digits[digit]);
};

const isFigure = (mark) => /[\d۰-۹٠-٩.٫]/.test(mark);

const group = (field) => {
  const shown = grouped(field.value);
  if (shown === field.value) return;
  const before = [...field.value.slice(0, field.selectionStart)].filter(isFigure).length;
  const hasCaret = document.activeElement === field;
  const isWhole = hasCaret && field.selectionEnd - field.selectionStart === field.value.length;
  field.value = shown;
  if (!hasCaret) return;
  if (isWhole) {
    field.select();
    return;
  }
  let place = 0;
  for (let figures = 0; place < shown.length && figures < before; place += 1) if (isFigure(shown[place])) figures += 1;
  field.setSelectionRange(place, place);
};

const groupAll = () => document.querySelectorAll("[data-grouped]").forEach(group);

document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-grouped]") && !event.isComposing) group(event.target);
});
document.addEventListener("DOMContentLoaded", groupAll);
document.addEventListener("htmx:after:swap", groupAll);
