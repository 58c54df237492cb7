"""Whatever is typed into any form: a sentence, never a fault, and nothing written by what was refused."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from kernel.contributions import Scope
from kernel.ids import new_id
from kernel.plans import Plan, begin_with
from tests.house.addresses import Address, addresses, everything, of_the_platform
from tests.house.conftest import Trader
from tests.house.test_addresses import ask, learn
from tests.house.typed import Path, filled, put, spots
from tests.rows import Superuser

#: Typed into every field at once.
NONSENSE: dict[str, Any] = {
    "nothing": "",
    "a blank": " ",
    "a word": "ring",
    "minus one": "-1",
    "zero": "0",
    "more than pure": "1001",
    "ten to the thousandth": "1e1000",
    "forty nines": "9" * 40,
    "not a number": "NaN",
    "many decimals": "0." + "0" * 30 + "1",
    "persian digits": "۱۲",
    "arabic digits": "١٢٫٥",
    "a null byte": "ri\x00ng",
    "a bidi override": "\u202egnir",
    "a tag": "<script>alert(1)</script>",
    "a quote": "'; DROP TABLE shop.items; --",
    "a whole book": "x" * 6_000,
    "many lines": "a\nb\r\nc",
    "two at once": ["1", "2"],
    "a list of nothing": [],
    "rows": [{"item": "1"}, {"item": "2"}],
    "a form": {"a": "1"},
    "deep": {"a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": "1"}}}}}}}},
    "an unknown id": str(new_id()),
}
#: As only a program can send them.
OF_PROGRAMS: dict[str, Any] = {"null": None, "true": True, "a fraction": 1.5, "a huge number": 10**400, "minus": -1}
#: Typed into one field while all others are as they should be: two of them in turn.
TELLING = ("a word", "minus one", "zero", "forty nines", "a null byte", "persian digits", "rows", "an unknown id")

#: A wrong answer to “is it still you?” is no change, and stands in the trail.
TOLD_WHEN_REFUSED = {"POST /account/prove"}


@pytest.fixture(scope="module")
def trader(open_trader: Any) -> Trader:
    one: Trader = open_trader("IR", "yazd")
    return one


def variations(address: Address, base: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The form with something wrong in it."""
    form = address.route.form or address.route.query
    assert form is not None
    everywhere = [spot.path for spot in spots(form)]
    nonsense = NONSENSE | (OF_PROGRAMS if address.route.is_api and address.route.changes else {})
    yield "empty", {}
    for what, typed in nonsense.items():
        data: dict[str, Any] = {}
        for path in everywhere:
            data = put(data, path, typed)
        yield f"{what} everywhere", data
    telling = cycle(TELLING)
    for path in everywhere:
        yield f"{path} missing", put(base, path, "")
        for what in islice(telling, 2):
            yield f"{path}: {what}", put(base, path, nonsense[what])


def test_nonsense_is_answered_with_a_sentence_and_leaves_nothing(
    each_plugin, plugins, trader, clock, past_all_rules, subtests
):
    learn(plugins, trader)
    for address in addresses(plugins, scope=Scope.SHOP):
        if address.plugin != each_plugin or not (address.route.form or address.route.query):
            continue
        with subtests.test(str(address)):
            bombard(trader, address, past_all_rules)


def test_nonsense_from_nobody_is_no_fault(plugins, browser, clock, subtests):
    for address in addresses(plugins, scope=Scope.PUBLIC):
        if form := address.route.form or address.route.query:
            with subtests.test(str(address)):
                stranger = browser()
                path = address.at(dict.fromkeys(address.names, str(new_id())))
                for what, data in variations(address, filled(form)):
                    assert ask(stranger, address, path, data).status_code < 500, what


def test_nonsense_from_the_platforms_people_is_no_fault(
    plugins, ada, new_shop, database, actor, past_all_rules, subtests
):
    with database.for_platform("set up", actor) as work:
        begin_with(work, [Plan("bombarded", "Bombarded", frozenset(), {})])
    for address in addresses(plugins, scope=Scope.PLATFORM):
        if form := address.route.form or address.route.query:
            with subtests.test(str(address)):
                # Not the plan that the shops of all other tests are on.
                path = address.at({"plan": "bombarded", **of_the_platform(past_all_rules, address, new_shop())})
                for what, data in variations(address, filled(form)):
                    assert ask(ada, address, path, data).status_code < 500, what


def bombard(trader: Trader, address: Address, past_all_rules: Superuser) -> None:
    form = address.route.form or address.route.query
    assert form is not None
    path = address.at(trader.belongings.probably(address.ids))
    base = filled(form, trader.belongings.likely_one)
    before, mark = everything(past_all_rules, trader.shop), written(past_all_rules)
    for what, data in variations(address, base):
        answer = ask(trader.owner, address, path, data)
        assert answer.status_code < 500, (what, answer.text[-1000:])
        if (now := written(past_all_rules)) == mark:
            continue
        after, mark = everything(past_all_rules, trader.shop), now
        if answer.status_code >= 400:
            assert without_trail(after, address) == without_trail(before, address), what
        before = after


def without_trail(tables: dict[str, str], address: Address) -> dict[str, str]:
    """Where the refusal itself is told: somebody may be trying out the password of who left a screen open."""
    told = {"audit_entries", "audit_heads"} if str(address) in TOLD_WHEN_REFUSED else set()
    return {table: rows for table, rows in tables.items() if table not in told}


def written(connection: Superuser) -> str:
    """Moves on with every transaction that wrote something, also with one that was taken back."""
    connection.rollback()
    (mark,) = connection.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text").fetchone() or ("",)
    connection.rollback()
    return str(mark)


# Without a form


def test_nonsense_in_an_address_is_not_found(plugins, trader, clock, subtests):
    for address in addresses(plugins, scope=Scope.SHOP):
        for typed in ("1", "ring", "%00", "%F0%9F%92%8D", "%ff", "0" * 500, "..%2f..%2fetc"):
            if address.ids:
                with subtests.test(str(address), typed=typed):
                    path = address.at(dict.fromkeys(address.names, typed))
                    assert ask(trader.owner, address, path, {}).status_code in (400, 404)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{"),
        ("application/json", b"[]"),
        ("application/json", b"\xff\xfe"),
        ("application/json", b'{"a":' * 5_000 + b"1" + b"}" * 5_000),
        ("application/json", b'{"a": NaN}'),
        ("application/x-www-form-urlencoded", b"\xff=%ff"),
        ("application/x-www-form-urlencoded", b"a[b][c][d][e][f][g][h]=1"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(6_000))),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nrubbish"),
        ("image/png", b"\x89PNG"),
    ],
)
def test_a_body_that_cannot_be_read_is_no_fault(plugins, trader, clock, content_type, body, past_all_rules, subtests):
    proof = {"content-type": content_type, "x-csrf-token": trader.owner.token.csrf if trader.owner.token else ""}
    for address in addresses(plugins, scope=Scope.SHOP, changes=True):
        with subtests.test(str(address)):
            path = address.at(trader.belongings.probably(address.ids))
            before = everything(past_all_rules, trader.shop)
            answer = trader.owner.client.request(address.route.method, path, content=body, headers=proof)
            assert answer.status_code < 500
            past_all_rules.rollback()
            # An address that needs nothing but to be asked may take nonsense for an empty form.
            needs_nothing = address.route.form is None or read(address.route.form, {}, ()) is not None
            assert needs_nothing or everything(past_all_rules, trader.shop) == before


# Digits


def test_every_number_may_be_typed_in_persian_and_arabic_digits(plugins, subtests):
    for address in addresses(plugins):
        for form in filter(None, (address.route.form, address.route.query)):
            base = filled(form, sparingly=True)
            for spot in spots(form):
                latin = read(form, put(base, spot.path, "37"), spot.path)
                # What is not taken as a number may keep the digits it was typed in.
                if latin is not None and not isinstance(latin, str):
                    with subtests.test(str(address), field=spot.name):
                        for typed in ("۳۷", "٣٧"):
                            assert read(form, put(base, spot.path, typed), spot.path) == latin


def read(form: type[BaseModel], data: dict[str, Any], path: Path) -> Any:
    """What the form makes of what stands there; None where it takes none of it."""
    try:
        here: Any = form.model_validate(data)
    except ValidationError:
        return None
    for step in path:
        here = here[step] if isinstance(step, int) else getattr(here, step)
    return here
