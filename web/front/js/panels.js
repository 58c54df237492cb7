// data-panels: links to the sections below become tabs (WAI-ARIA): one section in sight, arrow keys between them.
function wake(root) {
  const list = root.querySelector(".tabs");
  const tabs = [...list.querySelectorAll("a")];
  const panelOf = (tab) => document.getElementById(tab.hash.slice(1));

  const choose = (chosen, focus = false) => {
    for (const tab of tabs) {
      tab.setAttribute("aria-selected", String(tab === chosen));
      tab.tabIndex = tab === chosen ? 0 : -1;
      panelOf(tab).hidden = tab !== chosen;
    }
    if (focus) chosen.focus();
  };

  list.role = "tablist";
  for (const tab of tabs) {
    const panel = panelOf(tab);
    Object.assign(tab, { role: "tab" }).setAttribute("aria-controls", panel.id);
    Object.assign(panel, { role: "tabpanel", tabIndex: 0 });
  }
  list.addEventListener("click", (event) => {
    const tab = event.target.closest("a");
    if (!tab) return;
    event.preventDefault();
    choose(tab);
  });
  list.addEventListener("keydown", (event) => {
    const forward = getComputedStyle(list).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const backward = forward === "ArrowRight" ? "ArrowLeft" : "ArrowRight";
    const at = tabs.indexOf(document.activeElement);
    const next = { [forward]: (at + 1) % tabs.length, [backward]: (at - 1 + tabs.length) % tabs.length, Home: 0, End: tabs.length - 1 }[event.key];
    if (next === undefined || at < 0) return;
    event.preventDefault();
    choose(tabs[next], true);
  });
  root.dataset.panels = "awake";
  // An address or an error that leads into a section opens it.
  const led = document.getElementById(location.hash.slice(1));
  choose(tabs.find((tab) => panelOf(tab).contains(led)) ?? tabs.find((tab) => panelOf(tab).querySelector("[aria-invalid=true]")) ?? tabs[0]);
}

const wakeAll = () => document.querySelectorAll('[data-panels=""]').forEach(wake);
document.addEventListener("DOMContentLoaded", wakeAll);
document.addEventListener("htmx:after:swap", wakeAll);
