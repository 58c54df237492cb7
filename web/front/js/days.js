// Days as the shop counts them: Gregorian or Jalali. A day is a whole number, counted from 1 January 1970.
// kernel/calendars.py is the truth; tests/web/test_calendar_in_a_browser.py holds this file to it, day by day.

const DAY_MS = 864e5;
// Where the count of Jalali years begins, if leap years had always fallen as they do from 1178 to 1501.
const JALALI_START = -492633;

// The years a calendar turns through: far beyond what a shop keeps, and within which the 33-year rule is exact.
export const YEARS = { gregorian: [1800, 2121], jalali: [1178, 1500] };

export const ofIso = (iso) => (iso ? Date.parse(`${iso}T00:00Z`) / DAY_MS : null);

// Monday is 0.
export const weekday = (day) => (((day + 3) % 7) + 7) % 7;

export function parts(day, calendar) {
  if (calendar === "gregorian") {
    const date = new Date(day * DAY_MS);
    return [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
  }
  let year = Math.floor((day - JALALI_START) / 365.2422);
  while (newYear(year + 1) <= day) year += 1;
  while (newYear(year) > day) year -= 1;
  const since = day - newYear(year);
  const month = since < 186 ? Math.floor(since / 31) : 6 + Math.floor((since - 186) / 30);
  return [year, month + 1, since - daysBefore(month) + 1];
}

// The day that `calendar` writes so; null where it has none.
export function dayOf(year, month, dayOfMonth, calendar) {
  if (month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > monthLength(year, month, calendar)) return null;
  return firstOfMonth(year, month, calendar) + dayOfMonth - 1;
}

export function firstOfMonth(year, month, calendar) {
  if (calendar === "gregorian") return Date.UTC(year, month - 1, 1) / DAY_MS;
  return newYear(year) + daysBefore(month - 1);
}

export function monthLength(year, month, calendar) {
  const [next, following] = month === 12 ? [year + 1, 1] : [year, month + 1];
  return firstOfMonth(next, following, calendar) - firstOfMonth(year, month, calendar);
}

// The same day of the month so many months on; the month's last day where it is shorter.
export function monthsLater(day, months, calendar) {
  const [year, month, dayOfMonth] = parts(day, calendar);
  const count = year * 12 + month - 1 + months;
  const [there, then] = [Math.floor(count / 12), (count % 12) + 1];
  return firstOfMonth(there, then, calendar) + Math.min(dayOfMonth, monthLength(there, then, calendar)) - 1;
}

// What was typed as year, month, day in any digits; null where the server would not take it, or nobody means it.
export function read(typed, calendar) {
  const match = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/.exec(latin(typed.trim()));
  if (!match) return null;
  const [year, month, day] = [match[1], match[3], match[4]].map(Number);
  const counted = year >= 1700 ? "gregorian" : "jalali";
  if (counted === "jalali" && calendar !== "jalali") return null;
  const [first, last] = YEARS[counted];
  return year < first || year > last ? null : dayOf(year, month, day, counted);
}

// In figures, to be typed back as well: 2025-03-20, ۱۴۰۳/۱۲/۳۰.
export function written(day, calendar, language) {
  const [year, month, dayOfMonth] = parts(day, calendar);
  const figures = [String(year), String(month).padStart(2, "0"), String(dayOfMonth).padStart(2, "0")];
  return shown(figures.join(calendar === "jalali" ? "/" : "-"), language);
}

export const shown = (figures, language) =>
  language === "fa" ? String(figures).replace(/\d/g, (digit) => "۰۱۲۳۴۵۶۷۸۹"[digit]) : String(figures);

const latin = (typed) => typed.replace(/[۰-۹٠-٩]/g, (digit) => digit.charCodeAt(0) & 0xf);

// Eight leap years in every 33.
const newYear = (year) => JALALI_START + 365 * year + Math.floor((8 * year + 21) / 33);

// Of a year, before the month that follows so many others: six of 31 days, then 30 each.
const daysBefore = (months) => 31 * months - Math.max(0, months - 6);
