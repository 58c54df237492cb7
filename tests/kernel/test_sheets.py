import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.sheets import guarded, unguarded, written

FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "-", "-1 200", "=HYPERLINK(0)"]


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_starts_a_formula(cell):
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-3.100", "-12", "12.5", "Ring", "", "1+1"])
def test_figures_and_words_stay_what_they_are(cell):
    assert guarded(cell) == cell


def test_a_heading_is_guarded_too_and_the_file_says_that_it_is_unicode():
    assert written(["شماره", "=1"], [["۱", "-2"]]) == "\ufeffشماره,'=1\r\n۱,-2\r\n"


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), min_size=2, max_size=2)))
def test_what_was_written_can_be_read_again(rows):
    text = written(["a", "b"], rows).removeprefix("\ufeff")
    read = list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert [[unguarded(cell) for cell in row] for row in read] == [[unguarded(cell) for cell in row] for row in rows]
