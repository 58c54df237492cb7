// ui.file: the name of what was chosen stands in our own words, beside the browser's field that lies over them.
const say = (field) => {
  const name = field.parentElement.querySelector("[data-none]");
  name.textContent = [...field.files].map((file) => file.name).join(", ") || name.dataset.none;
  name.classList.toggle("muted", !field.files.length);
};

document.addEventListener("change", (event) => event.target.matches(".file__input") && say(event.target));
// Coming back, browsers keep what was chosen.
addEventListener("pageshow", () => document.querySelectorAll(".file__input").forEach(say));
