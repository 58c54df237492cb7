// title="…": shown in the look of the house, also to the keyboard, and gone with Escape. The browser's own bubble, which neither
// the keyboard nor a finger gets, stays for pages without script.
const PAUSE_MS = 400;
const GAP_PX = 6;
const tip = Object.assign(document.createElement("div"), { className: "tip", popover: "manual", ariaHidden: "true" });
let pointed = null;
let waiting = 0;

function show(element) {
  if (element === pointed || saysItAlready(element)) return;
  hide();
  if (element.title) {
    element.dataset.tip = element.title;
    element.removeAttribute("title");
    // The title was its description or its name: it stays so for those who listen.
    if (!element.ariaLabel && !element.textContent.trim()) element.ariaLabel = element.dataset.tip;
  }
  pointed = element;
  waiting = setTimeout(() => {
    if (!element.isConnected) return hide();
    document.body.append(tip);
    tip.textContent = element.dataset.tip;
    tip.showPopover();
    place(element);
  }, PAUSE_MS);
}

// A link of the side bar carries its name as a title for when it is folded: unfolded, nothing is to be added.
function saysItAlready(element) {
  const title = element.title || element.dataset.tip;
  const isCut = [element, ...element.children].some((part) => part.scrollWidth > part.clientWidth + 1);
  return element.textContent.trim() === title && element.clientWidth > 96 && !isCut;
}

// Above it, or below where there is no room; after it in the side bar, where links stand close above each other.
function place(pointed) {
  const element = pointed.getBoundingClientRect();
  const isAfter = pointed.closest(".side") !== null;
  const { width, height } = tip.getBoundingClientRect();
  const rightToLeft = document.documentElement.dir === "rtl";
  const start = rightToLeft ? innerWidth - element.right : element.left;
  const centred = Math.min(Math.max(start + element.width / 2 - width / 2, GAP_PX), innerWidth - width - GAP_PX);
  const above = element.top - height - GAP_PX;
  tip.style.insetInlineStart = `${isAfter ? start + element.width + GAP_PX : centred}px`;
  tip.style.insetBlockStart = `${isAfter ? element.top + (element.height - height) / 2 : above > 0 ? above : element.bottom + GAP_PX}px`;
}

const isOpen = () => tip.isConnected && tip.matches(":popover-open");

function hide() {
  clearTimeout(waiting);
  pointed = null;
  if (isOpen()) tip.hidePopover();
}

const tipped = (event) => event.target.closest?.("[title], [data-tip]");
document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch") return;
  const element = tipped(event);
  if (element) show(element);
  else if (!pointed?.matches(":focus-visible")) hide();
});
document.addEventListener("focusin", (event) => {
  const element = tipped(event);
  if (element?.matches(":focus-visible")) show(element);
  else hide();
});
document.addEventListener("focusout", hide);
document.addEventListener("pointerdown", hide);
// Where the focus goes the page scrolls along, and the tip with it.
document.addEventListener("scroll", () => {
  if (!isOpen()) return;
  if (pointed.matches(":focus-visible")) place(pointed);
  else hide();
}, { capture: true, passive: true });
document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
