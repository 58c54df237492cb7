"""What the parts of the overview show. Each is one or two statements, however many shops there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from time import perf_counter
from typing import Any, Literal

from babel.dates import get_month_names

from kernel import calendars
from kernel.calendars import Calendar
from kernel.i18n import _, ngettext
from kernel.money import Money
from kernel.presence import Presence
from kernel.tenancy import ShopState
from kernel.uow import PlatformWork
from plugins.overview import queries
from plugins.overview.domain.revenue import Churn, Recurring, month_begins
from plugins.overview.ports import Machine
from plugins.overview.queries import WantedFaults
from plugins.tenants import public as tenants
from web import metrics
from web.charts import Chart, Series
from web.formats import Formats

WEEKS = 12
MONTHS = 12
DAYS = 30
#: So many charts of revenue side by side; the table has every currency.
MOST_CURRENCIES = 3
NEWEST_FAULTS = 5

#: Less than this is a warning, and less than half of it is bad.
FREE_DISK = Fraction(1, 10)
FULL_POOL = Fraction(8, 10)
GB, MB = 1024**3, 1024**2

STATES = {state: words for state, words in tenants.STATES.items() if state is not ShopState.DELETED}


@dataclass(frozen=True, slots=True)
class Scene:
    """What a part may ask."""

    work: PlatformWork
    show: Formats
    presence: Presence
    machine: Machine

    @property
    def today(self) -> date:
        return self.work.now.astimezone(UTC).date()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page. `live`: the signals on which it is shown anew; `every_s`: how often without one."""

    name: str
    template: str
    show: Callable[[Scene], dict[str, Any] | None]
    size: Literal["figures", "wide", "card"]
    live: tuple[str, ...] = ()
    every_s: int = 0


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that has to be well."""

    name: str
    words: str
    kind: Literal["ok", "warn", "bad"] = "ok"


def figures(scene: Scene) -> dict[str, Any]:
    by_state = queries.shops_by_state(scene.work)
    week, month = queries.active_shops(scene.work, scene.today, 7, DAYS)
    return {
        "shops": [
            (_(words), by_state.get(state, 0), f"/platform/shops?state={state.value}")
            for state, words in STATES.items()
        ],
        "week": week,
        "month": month,
    }


def sign_ups(scene: Scene) -> dict[str, Any]:
    first = scene.today - timedelta(days=scene.today.weekday(), weeks=WEEKS - 1)
    opened = queries.opened_by_day(scene.work, datetime(first.year, first.month, first.day, tzinfo=UTC))
    weeks = [first + timedelta(weeks=place) for place in range(WEEKS)]
    by_week = [sum(opened.get(week + timedelta(days=day), 0) for day in range(7)) for week in weeks]
    days = [scene.today - timedelta(days=place) for place in reversed(range(DAYS))]
    # Of the same weeks as the bars below it.
    lately = sum(by_week)
    finding = ngettext("{many} shop opened in 12 weeks", "{many} shops opened in 12 weeks", lately)
    return {
        "finding": finding.format(many=scene.show.number(lately)),
        "weeks": _bars(scene.show, _("Week of"), weeks, by_week),
        "days": _bars(scene.show, _("Day"), days, [opened.get(day, 0) for day in days]),
    }


def revenue(scene: Scene) -> dict[str, Any]:
    now = scene.work.now
    ends = [*(month_begins(now, before) for before in reversed(range(MONTHS - 1))), now]
    by_month = queries.recurring(scene.work, *ends)
    # What was free all the time is no revenue of a currency.
    earning = {currency for month in by_month for currency, paid in month.items() if paid.yearly}
    paid = {currency: by_month[-1].get(currency, Recurring(Money.zero(currency), 0)) for currency in earning}
    currencies = sorted(earning, key=lambda currency: (-paid[currency].shops, currency))
    return {
        "rows": [(each, paid[each].monthly, paid[each].yearly, paid[each].shops) for each in currencies],
        "charts": [_course(scene.show, currency, ends, by_month) for currency in currencies[:MOST_CURRENCIES]],
    }


def losses(scene: Scene) -> dict[str, Any] | None:
    """This month so far, and the one before."""
    now = scene.work.now
    this, last = month_begins(now), month_begins(now, 1)
    months = [(last, queries.churn(scene.work, last, this)), (this, queries.churn(scene.work, this, now))]
    if not any(lost.shops_before for _first, lost in months):
        return None
    return {"months": [(_month(scene.show, first), *_lost(scene.show, lost)) for first, lost in months]}


def activity(scene: Scene) -> dict[str, Any] | None:
    days = [scene.today - timedelta(days=place) for place in reversed(range(DAYS))]
    found = {each.day: each for each in queries.activity(scene.work, days[0])}
    if not found:
        return None
    worked = [found[day].shops if day in found else 0 for day in days]
    sold = [found[day].selling if day in found else 0 for day in days]
    show = scene.show
    return {
        "chart": Chart(
            "line",
            tuple(show.day_and_month(day) for day in days),
            (
                Series(_("Somebody worked"), tuple(worked), tuple(map(show.number, worked))),
                Series(_("Something was sold"), tuple(sold), tuple(map(show.number, sold))),
            ),
            over=_("Day"),
        ),
        "most": max(worked),
    }


def plan_mix(scene: Scene) -> dict[str, Any] | None:
    found = queries.shops_by_plan(scene.work)
    everyone = sum(shops for _name, _title, shops in found)
    if not everyone:
        return None
    return {
        "plans": [
            (_(title), shops, scene.show.percent(_percent(Fraction(shops, everyone))), name)
            for name, title, shops in found
        ]
    }


def health(scene: Scene) -> dict[str, Any]:
    """Readiness itself is asked at /health/ready; what it needs is asked here, piece by piece."""
    return {
        "checks": [_database(scene), *_processes(scene), _disk(scene)],
        "answers": _answers(scene.show),
    }


def faults(scene: Scene) -> dict[str, Any]:
    still_open, unseen = queries.open_faults(scene.work)
    newest = queries.list_faults(scene.work, WantedFaults(limit=NEWEST_FAULTS))
    return {"open": still_open, "unseen": unseen, "faults": newest[:NEWEST_FAULTS]}


PARTS = (
    Part("figures", "overview/figures.html", figures, "figures", live=("shops",)),
    Part("revenue", "overview/revenue.html", revenue, "wide", live=("shops",)),
    Part("sign_ups", "overview/sign_ups.html", sign_ups, "wide", live=("shops",)),
    Part("activity", "overview/activity.html", activity, "wide", live=("shops",)),
    Part("health", "overview/health.html", health, "card", every_s=15),
    Part("faults", "overview/faults.html", faults, "card", live=("faults",)),
    Part("losses", "overview/losses.html", losses, "card", live=("shops",)),
    Part("plans", "overview/plans.html", plan_mix, "card", live=("shops",)),
)


def _database(scene: Scene) -> Check:
    begun = perf_counter()
    server = queries.server(scene.work)
    took_ms = (perf_counter() - begun) * 1000
    show = scene.show
    words = _("answers in {ms} ms, {used} of {most} connections, {size} MB").format(
        ms=show.number(max(round(took_ms), 1)),
        used=show.number(server.connections),
        most=show.number(server.most_connections),
        size=show.number(server.size // MB),
    )
    full = Fraction(server.connections, server.most_connections) > FULL_POOL
    return Check(_("Database"), words, "warn" if full else "ok")


def _processes(scene: Scene) -> list[Check]:
    """Valkey is known to answer by whether it can say who is at work."""
    seen, queued = scene.presence.seen(), scene.presence.queued()
    if seen is None or queued is None:
        away = _("does not answer: pages are not told what changes, and jobs wait in the database")
        return [Check(_("Valkey"), away, "bad")]
    waiting = sum(queued.values())
    in_queues = ngettext("answers, {many} job in its queues", "answers, {many} jobs in its queues", waiting)
    checks = [Check(_("Valkey"), in_queues.format(many=scene.show.number(waiting)))]
    for kind, name, missing in (
        ("worker", _("Workers"), _("none is at work: jobs wait")),
        ("scheduler", _("Schedulers"), _("none is at work: nothing starts by the clock")),
    ):
        alive = [one for one in seen if one.kind == kind and one.is_alive(scene.work.now)]
        words = _("{many} at work").format(many=scene.show.number(len(alive)))
        checks.append(Check(name, words if alive else missing, "ok" if alive else "bad"))
    return checks


def _disk(scene: Scene) -> Check:
    space = scene.machine.disk()
    if space is None or not space.total:
        return Check(_("Disk"), _("cannot be asked"), "warn")
    free = Fraction(space.free, space.total)
    words = _("{free} GB free, {share}").format(
        free=scene.show.number(space.free // GB), share=scene.show.percent(_percent(free))
    )
    return Check(_("Disk"), words, "bad" if free < FREE_DISK / 2 else "warn" if free < FREE_DISK else "ok")


def _answers(show: Formats) -> list[tuple[str, str]]:
    """Of this process only: each keeps its own figures."""
    so_far = metrics.summary()

    def ms(seconds: float | None) -> str:
        return "–" if seconds is None else _("{number} ms").format(number=show.number(max(round(seconds * 1000), 1)))

    broken = Fraction(so_far.broken, so_far.answered) if so_far.answered else Fraction(0)
    return [
        (_("Half of the answers within"), ms(so_far.half_s)),
        (_("95 of 100 within"), ms(so_far.most_s)),
        (_("Answers that broke"), show.percent(_percent(broken, 2))),
        (_("Answers so far"), show.number(so_far.answered)),
    ]


def _bars(show: Formats, over: str, days: Sequence[date], counted: Sequence[int]) -> Chart:
    labels = tuple(show.day_and_month(day) for day in days)
    shops = Series(_("Shops opened"), tuple(counted), tuple(map(show.number, counted)))
    return Chart("bar", labels, (shops,), over=over)


def _course(
    show: Formats, currency: str, ends: Sequence[datetime], by_month: Sequence[Mapping[str, Recurring]]
) -> tuple[str, str, Chart]:
    """A currency's MRR at the end of each month, the last of which is now."""
    paid = [month[currency].monthly if currency in month else Money.zero(currency) for month in by_month]
    begins = [month_begins(end, 1) for end in ends[:-1]]
    labels = (*month_labels(show, begins), _("now"))
    series = Series(currency, tuple(each.decimal for each in paid), tuple(show.amount(each) for each in paid))
    finding = _("{amount} a month").format(amount=show.money(paid[-1]))
    return currency, finding, Chart("line", labels, (series,), unit=show.unit(currency), over=_("Month’s end"))


def month_labels(show: Formats, begins: Sequence[datetime]) -> Iterator[str]:
    """`Dec 2025`, `Jan 2026`, `Feb`: room on an axis is scarce, and the year is said where it changes."""
    names = get_month_names("abbreviated", locale=show.language)
    year = 0
    for begin in begins:
        yield names[begin.month] if begin.year == year else f"{names[begin.month]} {show.digits(begin.year)}"
        year = begin.year


def _month(show: Formats, begin: datetime) -> str:
    return f"{calendars.month_name(begin.month, Calendar.GREGORIAN)} {show.digits(begin.year)}"


def _lost(show: Formats, lost: Churn) -> tuple[str, str, list[tuple[str, str]]]:
    """How many of how many shops, their share, and the same of each currency's revenue."""
    count = _("{lost} of {all}").format(lost=show.number(lost.shops_lost), all=show.number(lost.shops_before))
    of_shops = lost.of_shops
    share = "–" if of_shops is None else show.percent(_percent(of_shops, 1))
    revenue = [
        (show.money(money), show.percent(_percent(lost.of_revenue(currency) or Fraction(0), 1)))
        for currency, money in lost.revenue_lost.items()
    ]
    return count, share, revenue


def _percent(share: Fraction, decimals: int = 0) -> Decimal:
    return round(Decimal(share.numerator) * 100 / Decimal(share.denominator), decimals)
