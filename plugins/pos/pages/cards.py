"""What the till has to say on Today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kernel.calendars import weekday_name
from kernel.contributions import Widget
from kernel.i18n import N_, _, ngettext, unit_of
from kernel.metal import FineWeight
from kernel.money import Money
from kernel.uow import UnitOfWork
from plugins.inventory.public import EDIT_STOCK, SEE_COST
from plugins.pos import queries
from plugins.pos.domain.takings import NOTHING, Takings
from plugins.pos.domain.usual import Usual, compared
from plugins.pos.permissions import SEE_SALES, SELL
from plugins.pricing.public import SET_RATES, day_of
from web.charts import Chart, Series
from web.formats import Formats
from web.view import shown_now

LATEST = 8
DAYS = 30
#: Sums over so many of the days before can be compared with.
DAYS_KNOWN_MIN = DAYS * 2 // 3


FIRST_STEPS = (
    (N_("Set today’s rate"), "/pricing/rates/new", "chart-line", SET_RATES),
    (N_("Take the first piece into stock"), "/inventory/new", "gem", EDIT_STOCK),
    (N_("New sale"), "/pos", "shopping-cart", SELL),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the day and how it changed, in per cent, against `Usual`."""

    label: str
    value: str
    icon: str
    change: int | None = None
    href: str = ""


def takings_today(uow: UnitOfWork) -> Mapping[str, Any] | None:
    """Nothing before the first sale: five times zero says nothing."""
    show = shown_now().formats
    here = uow.now.astimezone(ZoneInfo(uow.shop.zone))
    past = _past(uow)
    if not past.days:
        return None
    usual = Usual.of(here.date(), here.hour, past.hours)
    now = past.days.get(here.date(), NOTHING)
    return {"figures": list(_figures(uow, show, now, usual)), "against": _against(uow, show, here.date(), usual)}


def _figures(uow: UnitOfWork, show: Formats, now: Takings, usual: Usual) -> Iterator[Figure]:
    def money(amount: int) -> str:
        return show.money(Money(amount, uow.shop.currency))

    yield Figure(_("Sales today"), money(now.net), "hand-coins", usual.change("net"), "/sales")
    if uow.actor.may(SEE_COST.name):
        yield Figure(_("Gross profit"), money(now.profit), "trending-up", usual.change("profit"))
    yield Figure(_("Pieces sold"), show.number(now.pieces), "gem", usual.change("pieces"))
    yield Figure(_("Fine gold sold"), show.weight(FineWeight(now.gold)), "scale", usual.change("gold"))
    yield Figure(_("Cash taken"), money(now.cash), "banknote", usual.change("cash"))


def _against(uow: UnitOfWork, show: Formats, today: date, usual: Usual) -> str:
    """What the changes compare with, said honestly: sums until the last full hour, here as there."""
    if not usual.days:
        return ""
    weekday = weekday_name(today)
    if not usual.is_comparable:
        brings = show.about(Money(usual.whole.net // usual.days, uow.shop.currency))
        if usual.is_weekday:
            return _("An average {weekday} brings {amount}.").format(weekday=weekday, amount=brings)
        return _("Yesterday brought {amount}.").format(amount=brings)
    hour = show.digits(f"{usual.hour}:00")
    if not usual.is_weekday:
        return _("Until {time}, compared with yesterday.").format(time=hour)
    sentence = ngettext(
        "Until {time}, compared with the average of the last {count} day like this ({weekday}).",
        "Until {time}, compared with the average of the last {count} days like this ({weekday}).",
        usual.days,
    )
    return sentence.format(time=hour, count=show.number(usual.days), weekday=weekday)


def month_of_sales(uow: UnitOfWork) -> Mapping[str, Any] | None:
    """The last 30 days as a chart, under what they show. Nothing before the first sale."""
    show = shown_now().formats
    today = day_of(uow, uow.now)
    first = today - timedelta(days=DAYS - 1)
    by_day = _past(uow).days
    days = [first + timedelta(days=place) for place in range(DAYS)]
    month = [by_day.get(day, NOTHING) for day in days]
    if not any(each.sales for each in month):
        return None
    nets = [Money(each.net, uow.shop.currency) for each in month]
    before = [takings for day, takings in by_day.items() if day < first]
    return {
        "finding": _finding(show, dict(zip(days, nets, strict=True)), before),
        "chart": Chart(
            "bar",
            tuple(show.day_and_month(day) for day in days),
            (Series(_("Sales"), tuple(net.decimal for net in nets), tuple(show.amount(net) for net in nets)),),
            unit_of(uow.shop.currency),
            _("Day"),
        ),
    }


def _past(uow: UnitOfWork) -> queries.Past:
    """Of the figures and of the chart: twice as many days as it shows, and the hours of days like this."""
    today = day_of(uow, uow.now)
    first = today - timedelta(days=2 * DAYS - 1)
    return uow.once("pos.past", lambda: queries.past(uow, first, today, hours_of=compared(today)))


def _finding(show: Formats, month: Mapping[date, Money], before: list[Takings]) -> str:
    """How the month stands against the one before; while that is not known, which day was the best."""
    best = max(month, key=lambda day: month[day].amount)
    total = Money(sum(net.amount for net in month.values()), month[best].currency)
    earlier = sum(takings.net for takings in before)
    words = {"total": show.about(total), "day": show.day_and_month(best), "best": show.about(month[best])}
    if len(before) < DAYS_KNOWN_MIN or earlier <= 0:
        return _("30 days brought {total}; the best was {day} with {best}").format(**words)
    change = round((total.amount - earlier) * 100 / earlier)
    percent = show.percent(abs(change))
    if change > 0:
        return _("30 days brought {total}, {percent} more than the 30 before").format(percent=percent, **words)
    if change < 0:
        return _("30 days brought {total}, {percent} less than the 30 before").format(percent=percent, **words)
    return _("30 days brought {total}, as much as the 30 before").format(**words)


def latest_sales(uow: UnitOfWork) -> Mapping[str, Any]:
    """In a new shop the way to the first of them."""
    sales = queries.latest(uow, LATEST)
    may = uow.actor.may
    steps = [(title, path, icon) for title, path, icon, permission in FIRST_STEPS if may(permission.name)]
    return {"sales": sales, "steps": steps if not sales else ()}


_LIVE = ("sales",)

ON_TODAY = [
    Widget(
        "pos.takings", N_("Sales today"), "pos/card_takings.html", takings_today, SEE_SALES, 10, "figures", live=_LIVE
    ),
    Widget(
        "pos.month", N_("Sales of 30 days"), "pos/card_month.html", month_of_sales, SEE_SALES, 10, "wide", live=_LIVE
    ),
    Widget("pos.recent", N_("Latest sales"), "pos/card_recent.html", latest_sales, SEE_SALES, 20, "wide", live=_LIVE),
]
