// A form that only asks leaves out what was not filled in: the address stays short enough to read and to share.
document.addEventListener("formdata", (event) => {
  if (event.target.method !== "get") return;
  const filled = [...event.formData].filter(([, value]) => value !== "");
  for (const name of [...event.formData.keys()]) event.formData.delete(name);
  for (const [name, value] of filled) event.formData.append(name, value);
});
