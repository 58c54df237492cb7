// x-data="choose" around a list, or around a field with data-source: a field that finds while one types (WAI-ARIA's combobox with
// a list). The list or field of the page keeps the value and says `change`; what is typed here is never sent.
const PAUSE_MS = 180;

export function choose() {
  return {
    isAwake: true,
    isOpen: false,
    isNothing: false,
    found: [],
    at: "", // the value that Enter would take
    waiting: null,

    init() {
      const { held, plain } = this.$refs;
      this.source = this.$root.dataset.source;
      this.all = this.source ? [] : [...held.options].filter((option) => option.value).map((option) => ({ value: option.value, words: option.text, detail: "" }));
      this.words = this.source ? held.dataset.words : held.selectedOptions[0]?.value ? held.selectedOptions[0].text : "";
      this.mayBeEmpty = !held.required;
      this.$nextTick(() => {
        const { typed } = this.$refs;
        typed.value = this.words;
        // The label, the sum of errors and the help now speak of the field that people see.
        typed.id = held.id;
        for (const name of ["aria-describedby", "aria-invalid", "aria-required"]) if (held.hasAttribute(name)) typed.setAttribute(name, held.getAttribute(name));
        if (held.required) typed.setAttribute("aria-required", "true");
        typed.disabled = held.disabled;
        held.removeAttribute("id");
        held.required = false;
        if (this.source) held.type = "hidden";
        else plain.hidden = true;
      });
    },

    get activeId() {
      return this.isOpen ? this.found.find((one) => one.value === this.at)?.id : null;
    },

    open() {
      if (!this.isOpen) this.show(this.source ? null : this.all);
      if (this.source && !this.isOpen) this.ask("");
    },

    search() {
      const text = this.$refs.typed.value;
      if (this.source) {
        clearTimeout(this.waiting);
        this.waiting = setTimeout(() => this.ask(text), PAUSE_MS);
        return;
      }
      const wanted = plain(text).split(/\s+/);
      this.show(this.all.filter((one) => wanted.every((word) => plain(one.words).includes(word))));
    },

    async ask(text) {
      this.asking?.abort();
      this.asking = new AbortController();
      const address = new URL(this.source, location);
      address.searchParams.set("text", text);
      this.$refs.typed.setAttribute("aria-busy", "true");
      try {
        const answer = await fetch(address, { headers: { Accept: "application/json" }, signal: this.asking.signal });
        if (answer.ok && this.$root.contains(document.activeElement)) this.show(await answer.json());
      } catch (error) {
        if (error.name !== "AbortError") this.show([]);
      }
      this.$refs.typed.removeAttribute("aria-busy");
    },

    show(choices) {
      if (!choices) return;
      const { typed } = this.$refs;
      this.found = choices.map((one, place) => ({ ...one, value: String(one.value), id: `${typed.id}-${place}` }));
      this.isOpen = this.found.length > 0;
      this.isNothing = !this.isOpen;
      const held = this.$refs.held.value;
      this.at = this.found.some((one) => one.value === held) ? held : this.found[0]?.value ?? "";
      const room = innerHeight - typed.getBoundingClientRect().bottom;
      this.$root.classList.toggle("choose--up", room < 260 && typed.getBoundingClientRect().top > room);
      this.reveal();
    },

    walk(event) {
      if (event.isComposing) return;
      const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
      if (event.key in steps) {
        event.preventDefault();
        if (!this.isOpen) this.open();
        else if (event.altKey) this.close();
        else this.step(steps[event.key]);
      } else if (event.key === "Enter" && this.isOpen) {
        event.preventDefault();
        this.take(this.found.find((one) => one.value === this.at));
      } else if (event.key === "Escape" && (this.isOpen || this.isNothing)) {
        // Inside a dialog Escape closes the list first.
        event.preventDefault();
        event.stopPropagation();
        this.close();
      }
    },

    step(by) {
      const place = this.found.findIndex((one) => one.value === this.at) + by;
      const last = this.found.length - 1;
      // One step goes round; a page stops at the end.
      const next = Math.abs(by) === 1 ? (place + this.found.length) % this.found.length : Math.min(Math.max(place, 0), last);
      this.at = this.found[next].value;
      this.reveal();
    },

    reveal() {
      this.$nextTick(() => this.$refs.list.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" }));
    },

    pick(event) {
      const option = event.target.closest("[role=option]");
      if (option) this.take(this.found.find((one) => one.value === option.dataset.value));
    },

    take(one) {
      const { held, typed } = this.$refs;
      const changed = held.value !== one.value;
      this.words = typed.value = one.words;
      held.value = one.value;
      this.close();
      // `input`, too: filters ask again on it.
      if (changed) for (const name of ["input", "change"]) held.dispatchEvent(new Event(name, { bubbles: true }));
    },

    close() {
      this.isOpen = this.isNothing = false;
    },

    // What was typed and not chosen is gone; an emptied field means none, where there may be none.
    leave() {
      clearTimeout(this.waiting);
      this.asking?.abort();
      this.close();
      const { typed } = this.$refs;
      if (typed.value.trim() === "" && this.mayBeEmpty) this.take({ value: "", words: "" });
      else typed.value = this.words;
    },
  };
}

// Searched as people type: without marks and capitals, Arabic letters and digits as the Persian and Latin ones.
function plain(text) {
  return text
    .normalize("NFKD").replace(/[\p{M}\u200c\u200e\u200f\u2066-\u2069]/gu, "").toLowerCase()
    .replaceAll("ي", "ی").replaceAll("ك", "ک")
    .replace(/[۰-۹]/g, (digit) => digit.charCodeAt(0) - 0x6f0).replace(/[٠-٩]/g, (digit) => digit.charCodeAt(0) - 0x660);
}
