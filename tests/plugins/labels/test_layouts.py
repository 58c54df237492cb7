"""What labels are printed on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kernel.errors import BadInput
from plugins.labels.domain.choices import freeze_layout, thaw_layout
from plugins.labels.domain.layout import LAYOUTS, OWN, Layout, Mm

BY_NAME = {layout.name: layout for layout in LAYOUTS}


def test_sheets_lie_in_the_middle_of_their_paper():
    sheet = BY_NAME["a4-3x8"]
    assert (sheet.left, sheet.top, sheet.on_a_page) == (Mm("7.25"), Mm("12.9"), 24)
    assert BY_NAME["a4-5x13"].on_a_page == 65


@pytest.mark.parametrize(("labels", "start", "pages"), [(1, 1, 1), (24, 1, 1), (25, 1, 2), (24, 2, 2), (1, 24, 1)])
def test_how_many_sheets_so_many_labels_take(labels, start, pages):
    assert BY_NAME["a4-3x8"].pages(labels, start) == pages


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"columns": 4}, "columns"),
        ({"rows": 9}, "rows"),
        ({"left": Mm(20)}, "columns"),
        ({"width": Mm(3)}, "width"),
        ({"columns": 20, "rows": 20, "width": Mm(8), "height": Mm(8), "gap_x": Mm(0)}, "columns"),
    ],
)
def test_what_does_not_fit_its_page_is_refused(changes, field):
    with pytest.raises(BadInput) as refused:
        replace(BY_NAME["a4-3x8"], **changes)
    assert field in refused.value.fields


def test_a_shops_own_measures_are_kept_exactly():
    own = Layout(OWN, "Own measures", Mm(100), Mm("60.5"), Mm("40.2"), Mm(20), 2, 2, Mm(5), Mm("5.5"), Mm(10), Mm(10))
    assert thaw_layout(freeze_layout(own)) == own
