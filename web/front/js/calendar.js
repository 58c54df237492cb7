// x-data="calendar" around a field for a day: opens a calendar beside it, as WAI-ARIA's date picker dialog is used.
// What is typed stays the person's own; the server reads it. Only a day that is chosen here is written into the field.
import { YEARS, dayOf, firstOfMonth, monthLength, monthsLater, ofIso, parts, read, shown, weekday, written } from "./days.js";

const GAP_PX = 4;

export function calendar() {
  return {
    isWanted: false, // once opened the dialog stays: to open it again costs nothing
    day: 0, // the day that has the focus
    chosen: null,
    today: 0,

    init() {
      const given = this.$root.dataset;
      Object.assign(this, {
        counts: given.calendar, language: given.language, begins: Number(given.begins),
        words: JSON.parse(given.words), today: ofIso(given.today), first: ofIso(given.first), last: ofIso(given.last),
      });
      this.$refs.opener.hidden = false;
    },

    open() {
      this.chosen = read(this.$refs.typed.value, this.counts);
      this.day = this.within(this.chosen ?? this.today);
      this.isWanted = true;
      this.$nextTick(() => {
        this.$refs.dialog.showModal();
        place(this.$refs.dialog, this.$root);
        this.focusDay();
      });
    },

    close() {
      this.$refs.dialog.close();
    },

    // Escape, too: the focus goes back to where the calendar was opened from.
    wentAway() {
      if (!this.$root.contains(document.activeElement)) this.$refs.opener.focus();
    },

    get title() {
      const [year, month] = parts(this.day, this.counts);
      return this.said(this.words.month, { month: this.words.months[month - 1], year });
    },

    get weekdays() {
      return days(7).map((place) => {
        const day = (this.begins + place) % 7;
        return { name: this.words.weekdays[day], short: this.words.short[day] };
      });
    },

    get weeks() {
      const [year, month] = parts(this.day, this.counts);
      const first = firstOfMonth(year, month, this.counts);
      const length = monthLength(year, month, this.counts);
      const before = (weekday(first) - this.begins + 7) % 7;
      return days(Math.ceil((before + length) / 7)).map((week) => ({
        key: `${first}-${week}`,
        days: days(7).map((place) => {
          const dayOfMonth = week * 7 + place - before + 1;
          return dayOfMonth < 1 || dayOfMonth > length ? noDay(place) : this.cell(first + dayOfMonth - 1, dayOfMonth, year, month);
        }),
      }));
    },

    cell(day, dayOfMonth, year, month) {
      return {
        key: day,
        day,
        shown: shown(dayOfMonth, this.language),
        name: this.said(this.words.day, { day: dayOfMonth, month: this.words.months[month - 1], year }),
        tabindex: day === this.day ? 0 : -1,
        selected: String(day === this.chosen),
        barred: this.isBarred(day) ? "true" : null,
        current: day === this.today ? "date" : null,
      };
    },

    get isTodayBarred() {
      return this.isBarred(this.today);
    },

    isBarred(day) {
      return (this.first !== null && day < this.first) || (this.last !== null && day > this.last);
    },

    // The calendar ends somewhere; what is further away can be typed.
    within(day) {
      const [from, until] = YEARS[this.counts];
      const [first, last] = [firstOfMonth(from, 1, this.counts), dayOf(until, 12, 1, this.counts)];
      return Math.min(Math.max(day, first), last);
    },

    turn(months) {
      this.day = this.within(monthsLater(this.day, months, this.counts));
    },

    walk(event) {
      const there = this.leadsTo(event);
      if (there === null) return;
      event.preventDefault();
      if (there === "chosen") return this.choose(this.day);
      this.day = this.within(there);
      this.$nextTick(() => this.focusDay());
    },

    leadsTo({ key, shiftKey }) {
      const ahead = getComputedStyle(this.$root).direction === "rtl" ? -1 : 1;
      const inWeek = (weekday(this.day) - this.begins + 7) % 7;
      const months = shiftKey ? 12 : 1;
      return {
        ArrowRight: this.day + ahead,
        ArrowLeft: this.day - ahead,
        ArrowDown: this.day + 7,
        ArrowUp: this.day - 7,
        Home: this.day - inWeek,
        End: this.day - inWeek + 6,
        PageDown: monthsLater(this.day, months, this.counts),
        PageUp: monthsLater(this.day, -months, this.counts),
        Enter: "chosen",
        " ": "chosen",
      }[key] ?? null;
    },

    focusDay() {
      this.$refs.dialog.querySelector('td[tabindex="0"]').focus();
    },

    pick(event) {
      const cell = event.target.closest("[data-day]");
      if (cell) this.choose(Number(cell.dataset.day));
    },

    chooseToday() {
      this.choose(this.today);
    },

    choose(day) {
      if (this.isBarred(day)) return;
      this.write(written(day, this.counts, this.language));
    },

    clear() {
      this.write("");
    },

    write(text) {
      const field = this.$refs.typed;
      field.value = text;
      this.close();
      for (const told of ["input", "change"]) field.dispatchEvent(new Event(told, { bubbles: true }));
    },

    said(sentence, values) {
      return shown(sentence.replace(/\{(\w+)\}/g, (_all, name) => values[name]), this.language);
    },
  };
}

const days = (count) => [...Array(count).keys()];

// Before the first of a month and after its last: null takes an attribute away, undefined would leave it empty.
const noDay = (place) => ({
  key: `none-${place}`, day: null, shown: "", name: null, tabindex: null, selected: "false", barred: null, current: null,
});

// Below the field, or above it where there is no room below; css/calendar.css takes over on a narrow screen.
function place(dialog, field) {
  const [around, own] = [field.getBoundingClientRect(), dialog.getBoundingClientRect()];
  const below = around.bottom + GAP_PX;
  const block = below + own.height <= innerHeight ? below : Math.max(GAP_PX, around.top - GAP_PX - own.height);
  const wanted = getComputedStyle(field).direction === "rtl" ? document.documentElement.clientWidth - around.right : around.left;
  const inline = Math.max(GAP_PX, Math.min(wanted, document.documentElement.clientWidth - own.width - GAP_PX));
  dialog.style.setProperty("--block", `${block}px`);
  dialog.style.setProperty("--inline", `${inline}px`);
}
