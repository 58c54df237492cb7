// Rows that are ticked: the box in the head ticks all of the page, Shift ticks from one to another, Space ticks the row that has
// the focus; the bar below counts. Boxes are .pick inputs of the form #bulk, which works without any of this.
import { shown } from "./days.js";

const boxes = () => [...document.querySelectorAll('.pick[form="bulk"]')];
let last = null;

document.addEventListener("click", (event) => {
  const box = event.target.closest('.pick[form="bulk"]');
  if (!box) return;
  const all = boxes();
  if (event.shiftKey && all.includes(last)) {
    const [from, until] = [all.indexOf(last), all.indexOf(box)].sort((one, other) => one - other);
    for (const between of all.slice(from, until + 1)) between.checked = box.checked;
  }
  last = box;
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-picks-all]")) for (const box of boxes()) box.checked = event.target.checked;
  if (event.target.closest("[data-picks-all], .pick, .bulk")) tell();
});

document.addEventListener("reset", (event) => {
  if (event.target.id !== "bulk") return;
  setTimeout(tell); // the boxes are reset after this
});

document.addEventListener("keydown", (event) => {
  if (event.key !== " " || !event.target.matches("[data-rows] > tr")) return;
  const box = event.target.querySelector(".pick");
  if (!box) return;
  event.preventDefault();
  box.click();
});

function tell() {
  const all = boxes();
  const picked = all.filter((box) => box.checked).length;
  for (const head of document.querySelectorAll("[data-picks-all]")) {
    head.checked = picked > 0 && picked === all.length;
    head.indeterminate = picked > 0 && picked < all.length;
  }
  for (const count of document.querySelectorAll("[data-picked]")) {
    count.textContent = picked ? shown(count.dataset.picked.replace("{count}", picked), document.documentElement.lang) : "";
  }
}

function begin() {
  for (const hidden of document.querySelectorAll("[data-picks-all], [data-picks-none]")) hidden.hidden = false;
  tell();
}

document.addEventListener("DOMContentLoaded", begin);
document.addEventListener("htmx:after:swap", begin);
