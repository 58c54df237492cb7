"""Feature flags: who gets what, from memory; what was met is counted once, in the shop, and read by the platform."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from kernel import uow as kernel_uow
from kernel.errors import RuleBroken, TryLater
from kernel.flags import NOBODY, Flag, Rule, Sighting, drawn, rules, variant_of, write
from kernel.ids import new_id
from kernel.known import FLAGS, Known, raise_version
from kernel.maintenance import Watch
from kernel.plugins import PluginFault
from kernel.tables import flag_figures, flag_sightings, flags
from kernel.tenancy import Actor, ActorKind, TenantId, system
from tests.kernel.conftest import load, plugin

HINT = Flag("till.hint", "Hint", "", goals={"sold": "Sold"})
COLOUR = Flag("till.colour", "Colour", "", ("grey", "green", "blue"), "grey", by_person=True, goals={"sold": "Sold"})
SHOPS = [UUID(int=number << 64 | 7) for number in range(1, 2_001)]


@pytest.fixture
def till(house):
    return house(plugin("till", flags=[HINT, COLOUR]))


@pytest.fixture
def decide(till, actor):
    """Decide, and let this process look."""

    def decided(flag: Flag, shares: dict[str, int], shops: dict[UUID, str] | None = None, killed: bool = False):
        with till.for_platform("decide", actor) as work:
            named = {str(shop): variant for shop, variant in (shops or {}).items()}
            row = {"shares": shares, "shops": named, "killed": killed, "because": "why not"}
            values = row | {"changed_at": work.now, "changed_by": actor.name}
            put = upsert(flags).values(name=flag.name, **values)
            work.execute(put.on_conflict_do_update(index_elements=["name"], set_=values))
            raise_version(work, FLAGS)
        till_looks(till)

    yield decided
    with till.for_platform("as it was", actor) as work:
        for flag in (HINT, COLOUR):
            work.execute(flags.update().where(flags.c.name == flag.name).values(shares={flag.default: 100}, shops={}))
            work.execute(flags.update().where(flags.c.name == flag.name).values(killed=False))
        raise_version(work, FLAGS)


def till_looks(database):
    with database.for_platform("look", system("watch"), read_only=True) as work:
        database.plugins.known.learn(work)


def met(database, shop):
    """What the platform reads of a shop, as (flag, day, variant, goal) → count."""
    database.write_sightings()
    c = flag_figures.c
    with database.for_platform("read", system("test"), read_only=True) as work:
        found = work.execute(select(flag_figures).where(c.tenant_id == shop.id)).all()
    return {(row.flag, row.day, row.variant, row.goal): row.count for row in found}


# Who gets what


def test_while_nobody_has_decided_everybody_has_the_default():
    assert variant_of(HINT, None, SHOPS[0]) == "off"
    assert variant_of(Flag("a", "", "", ("a", "b"), "b"), None, SHOPS[0]) == "b"


def test_the_kill_switch_wins_over_everything():
    rule = Rule({"on": 100}, {SHOPS[0]: "on"}, killed=True)
    assert {variant_of(HINT, rule, shop) for shop in SHOPS[:20]} == {"off"}


def test_a_named_shop_has_what_it_is_named_for_whatever_the_shares_say():
    rule = Rule({"off": 0, "on": 100}, {SHOPS[0]: "off"})
    assert [variant_of(HINT, rule, shop) for shop in SHOPS[:3]] == ["off", "on", "on"]


def test_a_variant_that_the_code_does_not_have_any_more_is_given_to_nobody():
    rule = Rule({"off": 0, "purple": 100}, {SHOPS[0]: "purple"})
    assert {variant_of(HINT, rule, shop) for shop in SHOPS[:20]} == {"off"}
    assert {variant_of(HINT, Rule({"on": 1, "purple": 99}), shop) for shop in SHOPS[:20]} == {"on"}


@pytest.mark.parametrize("percent", [1, 10, 50, 90])
def test_a_share_is_about_that_share_of_the_shops(percent):
    have = sum(drawn("till.hint", shop, {"off": 100 - percent, "on": percent}) == "on" for shop in SHOPS)
    assert abs(have / len(SHOPS) - percent / 100) < 0.035


@given(st.integers(0, 100), st.integers(0, 100), st.sampled_from(SHOPS))
def test_who_has_it_keeps_it_while_the_share_grows(one, other, shop):
    less, more = sorted((one, other))
    if variant_of(HINT, Rule({"off": 100 - less, "on": less}), shop) == "on":
        assert variant_of(HINT, Rule({"off": 100 - more, "on": more}), shop) == "on"


@given(st.integers(0, 40), st.integers(0, 40), st.sampled_from(SHOPS))
def test_of_several_variants_one_that_grows_loses_nobody_and_takes_only_for_itself(green, more, shop):
    before = {"grey": 80 - green, "green": green, "blue": 20}
    after = {"grey": 80 - green - min(more, 80 - green), "green": green + min(more, 80 - green), "blue": 20}
    was, is_now = variant_of(COLOUR, Rule(before), shop), variant_of(COLOUR, Rule(after), shop)
    if was in ("green", "blue"):
        assert is_now in (was, "green")


def test_two_flags_are_drawn_apart():
    half = {"off": 50, "on": 50}
    both = sum(drawn("one", shop, half) == drawn("another", shop, half) for shop in SHOPS)
    assert 0.45 < both / len(SHOPS) < 0.55


# Declared


@pytest.mark.parametrize(
    ("flag", "said"),
    [
        (Flag("x", "", "", ("on",)), "has no two variants"),
        (Flag("x", "", "", ("on", "on")), "has no two variants"),
        (Flag("x", "", "", ("a", "b")), "has the default 'off'"),
    ],
)
def test_a_flag_that_cannot_be_stops_the_start(flag, said):
    with pytest.raises(PluginFault, match=said):
        load(plugin("till", flags=[flag]))


def test_two_flags_of_one_name_stop_the_start():
    with pytest.raises(PluginFault, match=r"Two flags are called till\.hint"):
        load(plugin("till", flags=[HINT]), plugin("safe", flags=[Flag("till.hint", "Another", "")]))


def test_a_flag_that_no_plugin_lists_cannot_be_asked(till, opened, actor):
    with till.for_shop(opened(till).id, actor) as uow, pytest.raises(LookupError, match=r"lists the flag till\.hint"):
        uow.flag(Flag("till.hint", "Somebody else's", ""))


def test_a_goal_that_is_none_of_the_flag_cannot_be_reached(till, opened, actor):
    with till.for_shop(opened(till).id, actor) as uow, pytest.raises(LookupError, match="has no goal eaten"):
        uow.converted(HINT, "eaten")


# Known


def test_a_decision_is_known_everywhere_after_the_next_look(till, house, opened, actor, decide):
    shop, elsewhere = opened(till), house(plugin("till", flags=[HINT, COLOUR]))
    till_looks(elsewhere)
    decide(HINT, {"off": 0, "on": 100})

    def on(database):
        with database.for_shop(shop.id, actor, read_only=True) as uow:
            return uow.flag(HINT)

    assert (on(till), on(elsewhere)) == (True, False)
    Watch().look(elsewhere)
    assert on(elsewhere)
    decide(HINT, {"off": 0, "on": 100}, killed=True)
    Watch().look(elsewhere)
    assert (on(till), on(elsewhere)) == (False, False)


def test_asking_sends_no_statement(till, opened, actor, decide, statements):
    shop = opened(till)
    decide(HINT, {"off": 0, "on": 100})
    with till.for_shop(shop.id, actor, read_only=True) as uow, statements.counted() as sent:
        assert uow.flag(HINT)
    assert sent == [] or all("COMMIT" in one for one in sent)


def test_rules_are_read_anew_only_when_they_changed(till, decide, statements):
    decide(HINT, {"off": 100})
    with statements.counted() as sent:
        till_looks(till)
    assert len([one for one in sent if "versions" in one]) == 1
    assert not [one for one in sent if "platform.flags" in one]


def test_before_the_first_look_and_while_the_database_is_away_nothing_breaks(till, decide):
    decide(HINT, {"off": 0, "on": 100})
    known = Known()
    assert (known.rules, known.is_fresh) == ({}, False)
    assert variant_of(HINT, known.rules.get(HINT.name), SHOPS[0]) == "off"


# Counted


def test_what_is_met_is_counted_once_a_day(till, opened, actor, decide, clock):
    shop = opened(till)
    decide(HINT, {"off": 0, "on": 100})
    for _visit in range(3):
        with till.for_shop(shop.id, actor, read_only=True) as uow:
            assert uow.flag(HINT)
    today = date(2025, 6, 2)
    assert met(till, shop) == {("till.hint", today, "on", ""): 1}
    clock.advance(timedelta(days=1))
    with till.for_shop(shop.id, actor, read_only=True) as uow:
        uow.flag(HINT)
    assert met(till, shop) == {("till.hint", today, "on", ""): 1, ("till.hint", date(2025, 6, 3), "on", ""): 1}


def test_a_day_is_the_shops_own(till, opened, actor, decide, clock):
    clock.advance(timedelta(hours=13))  # 22:00 UTC: in Tehran the next day has begun
    shop = opened(till)
    decide(HINT, {"off": 0, "on": 100})
    with till.for_shop(shop.id, actor, read_only=True) as uow:
        uow.flag(HINT)
    assert list(met(till, shop)) == [("till.hint", date(2025, 6, 3), "on", "")]


def test_two_processes_that_met_the_same_count_it_once(till, house, opened, actor, decide):
    shop, elsewhere = opened(till), house(plugin("till", flags=[HINT, COLOUR]))
    decide(HINT, {"off": 0, "on": 100})
    till_looks(elsewhere)
    for database in (till, elsewhere):
        with database.for_shop(shop.id, actor, read_only=True) as uow:
            uow.flag(HINT)
    elsewhere.write_sightings()
    assert met(till, shop) == {("till.hint", date(2025, 6, 2), "on", ""): 1}


def test_people_count_each_for_themselves_where_that_is_asked_for(till, opened, decide):
    shop = opened(till)
    decide(COLOUR, {"grey": 0, "green": 100})
    for person in (new_id(), new_id()):
        with till.for_shop(shop.id, Actor(ActorKind.PERSON, person, "Sara"), read_only=True) as uow:
            assert uow.variant(COLOUR) == "green"
    assert met(till, shop) == {("till.colour", date(2025, 6, 2), "green", ""): 2}


def test_a_goal_counts_for_whoever_met_the_flag_on_that_day_and_once(till, opened, actor, decide):
    shop = opened(till)
    decide(HINT, {"off": 0, "on": 100})
    with till.for_shop(shop.id, actor) as uow:
        uow.converted(HINT, "sold")
    assert met(till, shop) == {}
    # The order in which processes write is none: what was hoped for counts as soon as it is known who met the flag.
    with till.for_shop(shop.id, actor) as uow:
        uow.flag(HINT)
        uow.converted(HINT, "sold")
        uow.converted(HINT, "sold")
    today = date(2025, 6, 2)
    assert met(till, shop) == {("till.hint", today, "on", ""): 1, ("till.hint", today, "on", "sold"): 1}


def test_what_is_taken_back_was_not_reached(till, opened, actor, decide):
    shop = opened(till)
    decide(HINT, {"off": 0, "on": 100})
    with pytest.raises(RuleBroken), till.for_shop(shop.id, actor) as uow:
        uow.flag(HINT)
        uow.converted(HINT, "sold")
        raise RuleBroken("no")
    assert met(till, shop) == {("till.hint", date(2025, 6, 2), "on", ""): 1}


def test_nothing_is_counted_that_came_not_by_lot_or_that_an_admin_saw(till, opened, actor, decide):
    named, killed, admins = opened(till), opened(till), opened(till)
    decide(HINT, {"off": 0, "on": 100}, {named.id: "on"})
    with till.for_shop(named.id, actor, read_only=True) as uow:
        assert uow.flag(HINT)
    with till.for_shop(admins.id, Actor(ActorKind.PLATFORM, new_id(), "Ada"), read_only=True) as uow:
        assert uow.flag(HINT)
    decide(HINT, {"off": 0, "on": 100}, killed=True)
    with till.for_shop(killed.id, actor, read_only=True) as uow:
        assert not uow.flag(HINT)
    assert [met(till, shop) for shop in (named, killed, admins)] == [{}, {}, {}]


def test_what_could_not_be_written_is_written_later(till, opened, actor, decide, monkeypatch):
    shop = opened(till)
    decide(HINT, {"off": 0, "on": 100})
    with till.for_shop(shop.id, actor, read_only=True) as uow:
        uow.flag(HINT)

    def busy(_uow, _seen):
        raise TryLater

    with monkeypatch.context() as away:
        away.setattr(kernel_uow, "write", busy)
        assert met(till, shop) == {}
    assert met(till, shop) == {("till.hint", date(2025, 6, 2), "on", ""): 1}


def test_a_shop_that_is_gone_holds_nothing_up(till, opened, actor, decide):
    shop = opened(till)
    known = till.plugins.known
    known.sightings.note(TenantId(new_id()), Sighting(date(2025, 6, 2), "till.hint", "on"))
    decide(HINT, {"off": 0, "on": 100})
    with till.for_shop(shop.id, actor, read_only=True) as uow:
        uow.flag(HINT)
    assert len(met(till, shop)) == 1
    assert known.sightings.take() == {}


def test_a_shop_reads_and_writes_no_figures_but_its_own(till, opened, actor):
    ours, theirs = opened(till), opened(till)
    with till.for_shop(theirs.id, actor) as uow:
        write(uow, [Sighting(date(2025, 6, 2), "till.hint", "on", person=NOBODY)])
    with till.for_shop(ours.id, actor) as uow:
        assert uow.execute(select(flag_figures)).all() == []
        assert uow.execute(select(flag_sightings)).all() == []
        row = {"tenant_id": theirs.id, "flag": "x", "day": date(2025, 6, 2), "variant": "on", "goal": "", "count": 9}
        with pytest.raises(Exception, match="row-level security"), uow.nested():
            uow.execute(insert(flag_figures).values(row))


def test_jobs_ask_as_pages_do(till, opened, decide):
    shop = opened(till)
    decide(HINT, {"off": 0, "on": 100})
    with till.for_shop(shop.id, system("worker")) as uow:
        assert uow.flag(HINT)
    assert met(till, shop) == {("till.hint", date(2025, 6, 2), "on", ""): 1}


def test_a_rule_is_what_the_database_says(till, decide):
    decide(HINT, {"off": 70, "on": 30}, {SHOPS[0]: "on"}, killed=True)
    with till.for_platform("read", system("test"), read_only=True) as work:
        assert rules(work)["till.hint"] == Rule({"off": 70, "on": 30}, {SHOPS[0]: "on"}, killed=True)
