// The palette: data-palette (and Ctrl K) opens it. What is typed is looked for while typing; arrows choose, Enter opens.
// A combobox as WAI-ARIA describes it: the focus stays in the field, aria-activedescendant says what is chosen.
const PAUSE_MS = 120;
const RECENT = "palette:recent";
const MOST_RECENT = 5;

const palette = document.getElementById("palette");
// The door: who comes in next has been nowhere yet.
if (palette) attach(palette);
else localStorage.removeItem(RECENT);

function attach(palette) {
  const field = palette.querySelector('[role="combobox"]');
  const list = palette.querySelector('[role="listbox"]');
  const status = palette.querySelector('[role="status"]');
  const count = new Intl.NumberFormat(document.documentElement.lang);
  let timer, asked, chosen, pages;

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-palette]")) return;
    event.preventDefault();
    open();
  });
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, PAUSE_MS);
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && chosen) {
      event.preventDefault();
      chosen.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey: event.ctrlKey, metaKey: event.metaKey }));
    }
  });
  list.addEventListener("pointermove", (event) => choose(event.target.closest('[role="option"]') ?? chosen, false));
  list.addEventListener("click", (event) => {
    const option = event.target.closest('[role="option"]');
    if (!option) return;
    remember(option);
    palette.close();
  });

  function open() {
    if (palette.open) return;
    palette.showModal();
    field.value = "";
    field.focus();
    search();
  }

  async function search() {
    asked?.abort();
    asked = new AbortController();
    const text = field.value.trim();
    list.setAttribute("aria-busy", "true");
    try {
      const found = text ? await fetched(text, asked.signal) : (pages ??= await fetched("", asked.signal));
      list.innerHTML = found;
      if (!text) list.prepend(...recent());
      choose(options()[0]);
      say(options().length ? palette.dataset.count.replace("%", count.format(options().length)) : palette.dataset.none);
    } catch (fault) {
      if (fault.name === "AbortError") return;
      list.replaceChildren();
      choose(undefined);
      say(palette.dataset.fails);
    }
    list.removeAttribute("aria-busy");
  }

  async function fetched(text, signal) {
    const address = `${palette.dataset.address}?${new URLSearchParams({ text })}`;
    const answer = await fetch(address, { signal, headers: { "HX-Request": "true", "HX-Request-Type": "partial" } });
    const elsewhere = answer.headers.get("HX-Redirect");
    if (elsewhere) location.assign(elsewhere);
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.text();
  }

  function say(sentence) {
    const isEmpty = !options().length;
    field.setAttribute("aria-expanded", String(!isEmpty));
    status.classList.toggle("visually-hidden", !isEmpty);
    status.textContent = sentence;
  }

  function options() {
    return [...list.querySelectorAll('[role="option"]')];
  }

  function step(by) {
    const all = options();
    if (all.length) choose(all[(all.indexOf(chosen) + by + all.length) % all.length]);
  }

  function choose(option, intoView = true) {
    chosen?.setAttribute("aria-selected", "false");
    chosen = option;
    if (!option) {
      field.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    field.setAttribute("aria-activedescendant", option.id);
    // From the first also its heading is seen.
    if (intoView) (option === options()[0] ? list.firstElementChild : option).scrollIntoView({ block: "nearest" });
  }

  function remembered() {
    try {
      return JSON.parse(localStorage.getItem(RECENT)) ?? [];
    } catch {
      return [];
    }
  }

  function remember(option) {
    const one = { title: option.querySelector(".found__title").textContent, detail: [...option.querySelectorAll("bdi")].map((part) => part.textContent), address: option.getAttribute("href") };
    const others = remembered().filter((other) => other.address !== one.address);
    localStorage.setItem(RECENT, JSON.stringify([one, ...others].slice(0, MOST_RECENT)));
  }

  function isolated(text) {
    const part = document.createElement("bdi");
    part.textContent = text;
    return part;
  }

  function recent() {
    const kept = remembered();
    if (!kept.length) return [];
    const group = palette.querySelector("template").content.cloneNode(true).firstElementChild;
    const [pattern] = group.querySelectorAll('[role="option"]');
    pattern.remove();
    kept.forEach((one, place) => {
      const option = pattern.cloneNode(true);
      option.id = `palette-recent-${place}`;
      option.href = one.address;
      option.querySelector(".found__title").textContent = one.title;
      option.querySelector(".found__detail").append(...one.detail.flatMap((part, place) => (place ? [" · ", isolated(part)] : [isolated(part)])));
      group.append(option);
    });
    return [group];
  }
}
