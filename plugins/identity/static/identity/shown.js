// Passwords can be looked at while they are typed. Buttons say in data-shows for which fields; they wait for this script.
for (const button of document.querySelectorAll("button[data-shows]")) {
  const fields = button.dataset.shows.split(" ").map((id) => document.getElementById(id));
  const show = (type) => {
    for (const field of fields) field.type = type;
    button.setAttribute("aria-pressed", type === "text");
  };
  button.hidden = false;
  button.addEventListener("click", () => show(fields[0].type === "password" ? "text" : "password"));
  // Browsers and their keepers of passwords only know what a password is by its type.
  fields[0].form.addEventListener("submit", () => show("password"));
}
