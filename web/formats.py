"""How values are written for one person: their language, the shop's calendar and zone. Plain text, no HTML."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from decimal import Context, Decimal

from babel import Locale

from kernel import calendars
from kernel.calendars import Calendar
from kernel.digits import conventions, number_text, shown
from kernel.i18n import NBSP, _, direction, ngettext, unit_of
from kernel.karats import karat_of
from kernel.metal import Fineness, FineWeight, Metal, Weight
from kernel.money import Money

__all__ = ["NBSP", "Formats", "direction"]

_THREE_FIGURES = Context(prec=3)
_MILLION, _BILLION = Decimal(10**6), Decimal(10**9)


@dataclass(frozen=True, slots=True)
class Formats:
    """Writes values as text. Texts such as `toman` and month names come out in the language that is bound now."""

    language: str = "en"
    calendar: Calendar = Calendar.GREGORIAN
    zone: dt.tzinfo = dt.UTC
    now: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))
    for_files: bool = False

    @property
    def plain(self) -> Formats:
        """For a spreadsheet: Latin digits, nothing grouped, days in figures; still as the shop counts them."""
        return replace(self, language="en", for_files=True)

    def amount(self, money: Money) -> str:
        """The figure alone, for columns: `12,480.00`."""
        return self._figure(f"{money.decimal:f}")

    def money(self, money: Money) -> str:
        """With its currency: `AED 12,480.00`, `£20.00`, `12,480 toman`."""
        return self._with_unit(self.amount(money), money.currency)

    def about(self, money: Money) -> str:
        """Three figures, where more would say nothing: `AED 84,300`, `AED 1.34 million`, `16.3 billion toman`."""
        amount = _THREE_FIGURES.plus(money.decimal)
        if abs(amount) >= _BILLION:
            figure = _("{figure} billion").format(figure=self._figure(_plain(amount / _BILLION)))
        elif abs(amount) >= _MILLION:
            figure = _("{figure} million").format(figure=self._figure(_plain(amount / _MILLION)))
        else:
            figure = self._figure(_plain(amount))
        return self._with_unit(figure.replace(" ", NBSP), money.currency)

    def _with_unit(self, figure: str, currency: str) -> str:
        unit = self.unit(currency)
        if direction(self.language) == "rtl" or unit[0].islower():
            return f"{figure}{NBSP}{unit}"
        if unit.isalpha():
            return f"{unit}{NBSP}{figure}"
        minus = conventions(self.language).minus
        return minus + unit + figure.removeprefix(minus) if figure.startswith(minus) else unit + figure

    def unit(self, currency: str) -> str:
        return unit_of(currency)

    def grams(self, weight: Weight | FineWeight) -> str:
        """The figure alone, to the milligram: `4.250`. Fine metal is kept finer, and a spreadsheet gets all of it."""
        if isinstance(weight, Weight):
            return self._figure(f"{weight.g:f}")
        return self._figure(_plain(weight.g) if self.for_files else f"{weight.rounded.g:.3f}")

    def weight(self, weight: Weight | FineWeight) -> str:
        """`4.250 g`."""
        return _("{grams} g").format(grams=self.grams(weight)).replace(" ", NBSP)

    def fineness(self, fineness: Fineness) -> str:
        """`750`, `916.7`."""
        return number_text(str(fineness), self.language, grouping=False)

    def karat(self, fineness: Fineness, metal: Metal = Metal.GOLD) -> str:
        """`18K`, or the fineness where the trade has no karat for it."""
        karat = karat_of(fineness) if metal is Metal.GOLD else None
        return self.fineness(fineness) if karat is None else shown(_("{karat}K").format(karat=karat), self.language)

    def number(self, number: int | Decimal) -> str:
        """A count or a plain number, grouped: `1,234`."""
        return self._figure(f"{number:f}" if isinstance(number, Decimal) else str(number))

    def _figure(self, number: str) -> str:
        if self.for_files:
            return number
        return number_text(number, self.language)

    def percent(self, share: Decimal | int) -> str:
        """A share that is already per cent: `18` is `18%`."""
        return number_text(_plain(Decimal(share)), self.language) + conventions(self.language).percent

    def date(self, day: dt.date) -> str:
        """`20 Mar 2025`, `۳۰ اسفند ۱۴۰۳`; figures for a spreadsheet. A moment counts as its day in the shop's zone."""
        if isinstance(day, dt.datetime):
            day = day.astimezone(self.zone).date()
        write = calendars.date_text if self.for_files else calendars.short_date
        return write(day, self.calendar, self.language)

    def long_date(self, day: dt.date) -> str:
        if isinstance(day, dt.datetime):
            day = day.astimezone(self.zone).date()
        return calendars.long_date(day, self.calendar, self.language)

    def day_and_month(self, day: dt.date) -> str:
        """For a reader who knows the year: `20 March`, `۳۰ اسفند`."""
        return calendars.day_and_month(day, self.calendar, self.language)

    def time(self, moment: dt.datetime) -> str:
        return calendars.time_text(moment, self.zone, self.language)

    def datetime(self, moment: dt.datetime) -> str:
        """`20 Mar 2025, 14:02`; for a spreadsheet `2025-03-20 14:02`."""
        if self.for_files:
            return f"{self.date(moment)} {self.time(moment)}"
        return calendars.datetime_text(moment, self.zone, self.calendar, self.language)

    def moment(self, moment: dt.datetime) -> str:
        """For who may read it elsewhere, as in a letter: `20 Mar 2025, 14:02 (Tehran time)`."""
        return _("{moment} ({clock})").format(moment=self.datetime(moment), clock=self.clock)

    @property
    def clock(self) -> str:
        """By whose clock times are written: `Tehran time`, `UTC`."""
        zone = str(self.zone)
        if "/" not in zone:
            return zone
        translated = Locale.parse(self.language).time_zones.get(zone, {})
        return _("{city} time").format(city=translated.get("city") or zone.rpartition("/")[2].replace("_", " "))

    def ago(self, moment: dt.datetime) -> str:
        """`5 minutes ago`; the date itself when it is longer than a week."""
        seconds = int((self.now - moment).total_seconds())
        if seconds < 0 or seconds >= 7 * 86_400:
            return self.date(moment)
        if seconds < 60:
            return _("just now")
        if seconds < 3_600:
            count = seconds // 60
            sentence = ngettext("{count} minute ago", "{count} minutes ago", count)
        elif seconds < 86_400:
            count = seconds // 3_600
            sentence = ngettext("{count} hour ago", "{count} hours ago", count)
        else:
            count = seconds // 86_400
            sentence = ngettext("{count} day ago", "{count} days ago", count)
        return shown(sentence.format(count=count), self.language)

    def digits(self, text: object) -> str:
        """Any text with the language's own digits."""
        return shown(str(text), self.language)

    def typed(self, value: object) -> str:
        """As a person would type it into a field: no grouping, no unit, in their digits and calendar."""
        match value:
            case None:
                return ""
            case Weight():
                return shown(f"{value.g:f}", self.language)
            case Money():
                return shown(f"{value.decimal:f}", self.language)
            case Fineness():
                return shown(str(value), self.language)
            case Decimal():
                return shown(_plain(value), self.language)
            case bool():
                return "on" if value else ""
            case int():
                return shown(str(value), self.language)
            case dt.date():
                return calendars.date_text(value, self.calendar, self.language)
        return str(value)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
