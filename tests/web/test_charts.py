import json
import re
from decimal import Decimal

import pytest

from kernel import i18n
from web import showcase
from web.charts import Chart, Series, sparkline
from web.render import Look

LOOK = Look()
DAYS = ("۱ خرداد", "۲ خرداد", "۳ خرداد")
SALES = Series("Sales", (Decimal("12.5"), None, 3), ("12.50", "—", "3.00"))


def drawn(chart, finding="Sales fell"):
    with i18n.speaking("en"):
        page = LOOK.environment.from_string("{{ ui.chart('week', finding, chart) }}")
        view = showcase.view("en", "Zarrin", "Sara", "AED")
        from web.view import showing

        with showing(view):
            return page.render(finding=finding, chart=chart, view=view)


def test_a_chart_has_the_table_behind_it_in_the_page():
    html = drawn(Chart("bar", DAYS, (SALES,), unit="AED", over="Day"))
    cells = re.findall(r"<(?:th|td)[^>]*>(?:<bdi>)?([^<]+)", html)
    assert cells == ["Day", "Sales (AED)", DAYS[0], "12.50", DAYS[1], "—", DAYS[2], "3.00"]


def test_what_the_browser_draws_is_what_was_handed_over():
    html = drawn(Chart("line", ("a", "<b>'&"), (Series("x", (1, None), ("1", "-")),)))
    [data] = re.findall(r"data-chart='([^']*)'", html)
    assert json.loads(data) == {
        "kind": "line",
        "labels": ["a", "<b>'&"],
        "series": [{"name": "x", "values": [1.0, None], "shown": ["1", "-"]}],
    }
    assert "<b>'&" not in html


def test_only_several_series_need_a_key():
    assert "chart__key--" not in drawn(Chart("line", DAYS, (SALES,)))
    assert drawn(Chart("line", DAYS, (SALES, SALES))).count("chart__key--") == 2


@pytest.mark.parametrize(
    ("labels", "series"),
    [
        (("a", "b"), (Series("x", (1,), ("1", "2")),)),
        (("a",), (Series("x", (1,), ()),)),
        (("a",), ()),
        ((), tuple(Series(str(n), (), ()) for n in range(5))),
    ],
)
def test_a_chart_that_cannot_be_read_is_not_made(labels, series):
    with pytest.raises(ValueError, match="series"):
        Chart("line", labels, series)


def test_a_small_chart_fills_its_place_from_the_lowest_to_the_highest():
    assert 'points="0.0,26.0 50.0,2.0 100.0,14.0"' in sparkline((10, 30, 20))
    assert 'points="0.0,14.0 100.0,14.0"' in sparkline((5, 5))
    assert 'points="0.0,26.0 100.0,2.0"' in sparkline((1, None, 2))
    assert sparkline((1,)) == sparkline(()) == ""
