"""The book of faults: each kind once, with nothing of anybody's in it, and never in anybody's way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text, update

from kernel import faults as book
from kernel.errors import Conflict
from kernel.faults import described
from kernel.ids import new_id
from kernel.tables import fault_times, faults


class Unusual(Exception):
    pass


def raised(fault: Exception) -> Exception:
    try:
        raise fault
    except Exception as caught:
        return caught


@pytest.fixture
def known(database, actor):
    """The faults of a place."""

    def read(place: str) -> list[Any]:
        with database.for_platform("look", actor) as work:
            return list(work.execute(select(faults).where(faults.c.place == place)).all())

    return read


@pytest.fixture
def place() -> str:
    return f"test.{new_id().hex}"


def test_the_same_fault_is_one_row_and_each_time_is_found_by_its_number(database, known, place, actor, shop):
    numbers = [
        book.note(database, "page", place, raised(Unusual(f"no {word}")), shop=shop.id, request="r-1")
        for word in ("rate", "price")
    ]
    (fault,) = known(place)
    assert (fault.times, fault.kind, fault.line) == (2, "page", "no price")
    with database.for_platform("look", actor) as work:
        rows = work.execute(select(fault_times).where(fault_times.c.fault_id == fault.id)).all()
    assert {row.id for row in rows} == set(numbers)
    assert {(row.tenant_id, row.request) for row in rows} == {(shop.id, "r-1")}


def test_another_error_or_another_place_is_another_fault(database, known, place):
    book.note(database, "page", place, raised(Unusual("a")))
    book.note(database, "page", place, raised(KeyError("a")))
    book.note(database, "job", place, raised(Unusual("a")))
    assert sorted((fault.kind, fault.times) for fault in known(place)) == [("job", 1), ("page", 1), ("page", 1)]


def test_what_comes_back_after_it_was_resolved_is_open_again(database, known, place, actor):
    book.note(database, "page", place, raised(Unusual("a")))
    with database.for_platform("mend", actor) as work:
        work.execute(update(faults).where(faults.c.place == place).values(resolved_at=work.now, resolved_by="Ada"))
    book.note(database, "page", place, raised(Unusual("a")))
    (fault,) = known(place)
    assert (fault.times, fault.resolved_at, fault.resolved_by) == (2, None, None)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("no customer 'Sara Ahmadi' at +98 912 123 4567", "no customer … at …"),
        ("duplicate key\nDETAIL: Key (phone)=(0912) exists", "duplicate key"),
        ("sara@example.com is taken", "… is taken"),
        ("مشتری سارا نیست", "…"),
        ("a file\twith \0 in it", "a file…with … in it"),
        ("invoice INV-12 of {'name': 'Sara'}", "invoice … of …"),
        ("", ""),
    ],
)
def test_nothing_of_anybodys_is_kept(said, kept):
    assert described(raised(Unusual(said))).line == kept


def test_a_rules_sentence_is_not_kept():
    assert described(raised(Conflict("Sara has left."))).line == ""


def test_of_what_the_database_refused_its_own_name_is_kept(database, shop, actor):
    with pytest.raises(Exception, match="divi") as caught, database.for_shop(shop.id, actor) as uow:
        uow.execute(text("SELECT 1/0"))
    found = described(caught.value)
    assert (found.error, found.line) == ("psycopg.errors.DivisionByZero", "division by zero")
    # Every statement goes through the unit of work: that says nothing.
    assert not found.raised_at.startswith("kernel/uow.py")


def test_a_book_that_cannot_be_written_is_no_fault_of_its_own(database, monkeypatch, caplog):
    def away(*_args: Any, **_more: Any) -> Any:
        raise OSError("no book")

    monkeypatch.setattr(type(database), "for_platform", away)
    number = book.note(database, "page", "test.away", raised(Unusual("a")))
    assert f"fault {number} could not be noted" in caplog.text


def test_of_each_kind_only_the_last_times_are_kept(database, known, place, actor, monkeypatch, clock):
    monkeypatch.setattr(book, "MOST_TIMES", 5)
    monkeypatch.setattr(book, "SWEEP_EVERY", 10)
    for _time in range(10):
        clock.advance(timedelta(seconds=1))
        book.note(database, "page", place, raised(Unusual("a")))
    (fault,) = known(place)
    with database.for_platform("look", actor) as work:
        counted = select(func.count()).select_from(fault_times).where(fault_times.c.fault_id == fault.id)
        assert (fault.times, work.execute(counted).scalar_one()) == (10, 5)


def test_only_so_many_kinds_are_kept_and_the_resolved_go_first(database, known, place, actor, monkeypatch, clock):
    book.note(database, "page", f"{place}.open", raised(Unusual("a")))
    clock.advance(timedelta(seconds=1))
    book.note(database, "page", f"{place}.mended", raised(Unusual("a")))
    with database.for_platform("mend", actor) as work:
        mended = update(faults).where(faults.c.place == f"{place}.mended")
        work.execute(mended.values(resolved_at=work.now, resolved_by="Ada"))
        others = select(func.count()).select_from(faults).where(~faults.c.place.startswith(place))
        monkeypatch.setattr(book, "MOST_KINDS", work.execute(others).scalar_one() + 2)
        work.execute(update(faults).where(~faults.c.place.startswith(place)).values(resolved_at=None, last_at=work.now))
    clock.advance(timedelta(seconds=1))
    book.note(database, "page", f"{place}.new", raised(Unusual("a")))
    assert [len(known(f"{place}.{which}")) for which in ("open", "mended", "new")] == [1, 0, 1]
