"""What a page costs the server itself. The database works elsewhere, and how busy the machine is does not count."""

from __future__ import annotations

from time import process_time

import pytest

from tests.plugins.browser import Browser

LISTS = ["/inventory", "/sales", "/books", "/books/accounts", "/users", "/pricing"]

MILLISECONDS_MAX = 10
#: The best of so many.
TIMES = 25


@pytest.mark.parametrize("path", LISTS)
def test_a_list_is_made_in_a_few_milliseconds_beyond_its_sql(ours, clock, path):
    # What the test's own browser takes is not the page's.
    assert least(ours.owner, path) - least(ours.owner, "/health/live") < MILLISECONDS_MAX


def least(browser: Browser, path: str) -> float:
    took = []
    for _time in range(TIMES):
        begun = process_time()
        assert browser.get(path).status_code == 200
        took.append((process_time() - begun) * 1000)
    return min(took)
