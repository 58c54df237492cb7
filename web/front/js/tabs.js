// Of more tabs than there is room for, the one at hand is in sight.
const show = (current) => {
  const bar = current.closest(".tabs");
  const [outer, inner] = [bar.getBoundingClientRect(), current.getBoundingClientRect()];
  if (inner.left < outer.left || inner.right > outer.right) bar.scrollLeft += (inner.left + inner.right - outer.left - outer.right) / 2;
};

document.addEventListener("DOMContentLoaded", () => document.querySelectorAll(".tabs [aria-current]").forEach(show));
