"""The frame around every page: what plugins add to it, and what it leaves out where nobody offers it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup

from web.render import Look, View

LOOK = Look()


def frame(**view: object) -> str:
    return LOOK.html("frame.html", View(shop="Creek Gold", person="Sara", **view))  # type: ignore[arg-type]


def test_the_shops_name_is_a_menu_only_where_one_may_go_to_another():
    def other_shops(place: str) -> Sequence[Markup]:
        return [Markup("<a href='/elsewhere'>Isfahan</a>")] if place == "frame.shop" else []

    assert "side__place" not in frame()
    alone, several = frame(), frame(added=other_shops)
    assert re.search(r'<p class="side__shop"[^>]*>.*Creek Gold', alone)
    assert re.search(r'<details class="menu side__place".*Creek Gold.*/elsewhere.*</details>', several, re.DOTALL)


def test_what_a_plugin_adds_to_the_top_bar_stands_there_as_it_is():
    def rate(place: str) -> Sequence[Markup]:
        return [Markup('<div class="rate">480.10</div>')] if place == "frame.top" else []

    [top] = re.findall(r'<header class="top">.*?</header>', frame(added=rate), re.DOTALL)
    assert '<div class="rate">480.10</div>' in top


def test_where_nobody_searches_and_nothing_is_live_the_frame_leaves_no_trace_of_it():
    plain = frame()
    assert "palette" not in plain
    assert "data-live" not in plain
    full = frame(search="/search", live="/live")
    assert 'id="palette"' in full
    assert 'data-live="/live"' in full


def test_the_palette_is_a_combobox_with_a_listbox():
    full = frame(search="/search")
    [field] = re.findall(r'<input name="text" role="combobox"[^>]*>', full)
    for said in ('aria-expanded="false"', 'aria-controls="palette-list"', 'aria-autocomplete="list"', "aria-label="):
        assert said in field
    assert re.search(r'id="palette-list" role="listbox" aria-label="', full)
