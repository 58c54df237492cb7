"""Letters about announcements: to whom, once, in portions, and not when it has been withdrawn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from kernel.mail import NotCarried, PostIsClosed
from kernel.outbox import Envelope, run
from kernel.scheduler import start_platform
from kernel.tables import faults, outbox
from kernel.tenancy import system
from plugins.announcements import actions, jobs, queries
from plugins.announcements.domain import Reach
from tests.plugins.identity.fakes import POST


@pytest.fixture(autouse=True)
def post_office():
    POST.letters.clear()
    POST.refuse = None
    yield POST
    POST.refuse = None


@pytest.fixture
def people(shop, signed_in):
    """Two who work here, and their addresses."""
    signed_in(shop, "owner", "Sara")
    signed_in(shop, "employee", "Omid")


@pytest.fixture
def minute(database, clock):
    """What the clock starts each minute."""

    def passed():
        with database.for_platform("hand out", system("scheduler")) as work:
            jobs.hand_out(work, clock.now(), database)

    return passed


@pytest.fixture
def deliver_in_time(deliver_all, clock):
    """Letters of a shop leave one after the other: let the time pass."""

    def delivered(*shops):
        for _round in range(4):
            clock.advance(timedelta(minutes=10))
            deliver_all(*shops)

    return delivered


def reached(database, announcement, actor):
    with database.for_platform("read", actor, read_only=True) as work:
        return queries.reach(work, [announcement])[announcement.id]


def test_the_owners_get_a_letter_and_nobody_else(announce, shop, people, minute, deliver_in_time, database, actor):
    announced = announce(shop, post="owners", title_fa="جمعه بسته است")
    minute()
    deliver_in_time()
    [letter] = POST.letters
    assert letter.subject == "جمعه بسته است"
    assert "https://gold.example.com/announcements" in letter.text
    assert reached(database, announced, actor) == Reach(concerned=1, letters=1, sent=1)


def test_everybody_gets_one_letter_however_often_it_is_handed_out(
    announce, shop, people, minute, deliver_in_time, database, actor
):
    announced = announce(shop, post="everybody")
    for _time in range(3):
        minute()
        deliver_in_time()
    assert len({letter.to for letter in POST.letters}) == len(POST.letters) == 2
    assert reached(database, announced, actor) == Reach(concerned=1, letters=2, sent=2)


def test_nobody_gets_a_letter_before_it_begins_or_who_has_left_no_word(
    announce, shop, people, minute, deliver_in_time, clock
):
    announce(shop, post="everybody", begins_day="2025-06-10", begins_time="12:00")
    announce(shop, post="nobody")
    minute()
    deliver_in_time()
    assert POST.letters == []
    clock.at = datetime(2025, 6, 10, 9, 0, tzinfo=UTC)
    minute()
    deliver_in_time()
    assert len(POST.letters) == 2


def test_what_is_withdrawn_before_its_letter_leaves_is_not_sent(
    announce, shop, people, minute, deliver_in_time, database, actor
):
    announced = announce(shop, post="everybody")
    minute()
    with database.for_platform("withdraw", actor) as work:
        actions.withdraw(work, announced.id, "wrong")
    deliver_in_time()
    assert POST.letters == []
    assert reached(database, announced, actor).sent == 0


def test_a_letter_that_nobody_takes_has_failed(announce, shop, people, minute, deliver_in_time, database, actor):
    announced = announce(shop, post="everybody")
    POST.refuse = NotCarried()
    minute()
    deliver_in_time()
    assert reached(database, announced, actor) == Reach(concerned=1, letters=2, failed=2)


def test_while_the_post_is_closed_it_is_tried_again(
    announce, shop, people, minute, deliver_in_time, database, actor, monkeypatch
):
    announced = announce(shop, post="owners")
    tried = []

    def closed_at_first(letter):
        tried.append(letter)
        if len(tried) < 4:
            raise PostIsClosed

    monkeypatch.setattr(POST, "send", closed_at_first)
    minute()
    deliver_in_time()
    assert len(tried) == 4
    assert reached(database, announced, actor) == Reach(concerned=1, letters=1, sent=1)


def test_each_try_waits_twice_as_long_and_the_last_one_gives_up(
    announce, shop, people, minute, deliver_in_time, database, actor
):
    announced = announce(shop, post="owners")
    POST.refuse = PostIsClosed()
    minute()
    deliver_in_time()
    assert reached(database, announced, actor) == Reach(concerned=1, letters=1, failed=1)
    with database.for_shop(shop.id, actor, read_only=True) as uow:
        sent = select(outbox.c.run_at, outbox.c.created_at).where(outbox.c.name == "announcements.send")
        waits = [row.run_at - row.created_at for row in uow.execute(sent.order_by(outbox.c.created_at, outbox.c.id))]
    assert waits == [timedelta(minutes=minutes) for minutes in (0, 1, 2, 4, 8, 16, 32)]


def test_a_letter_of_a_worker_that_died_is_not_sent_twice(
    announce, shop, people, minute, deliver_all, database, actor, superuser
):
    """The first worker sent it and died before its commit; the row is claimed again."""
    announced = announce(shop, post="owners")
    minute()
    with database.for_shop(shop.id, actor, read_only=True) as uow:
        [row] = uow.execute(select(outbox.c.id).where(outbox.c.name == "announcements.write")).scalars()
    run(database, Envelope(shop.id, row, "low"))
    superuser.execute(
        "UPDATE shop.outbox SET tries = 2 WHERE tenant_id = %s AND name = 'announcements.send'", (shop.id,)
    )
    deliver_all()
    assert POST.letters == []
    assert reached(database, announced, actor) == Reach(concerned=1, letters=1)
    assert reached(database, announced, actor).open == 1


def test_a_shop_that_cannot_be_entered_keeps_no_other_from_its_letters(
    announce, new_shop, minute, monkeypatch, database, actor
):
    shops = [new_shop("AE") for _number in range(3)]
    announced = announce(*shops, post="owners")
    with database.for_platform("read", actor, read_only=True) as work:
        broken, *others = queries.waiting_for_post(work, announced.id, limit=9)
    enter = type(database).for_shop

    def torn(self, shop, *args, **kwargs):
        if shop == broken:
            raise RuntimeError("its row is torn")
        return enter(self, shop, *args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(type(database), "for_shop", torn)
        minute()
    with database.for_platform("read", actor, read_only=True) as work:
        assert len(others) == 2
        assert queries.waiting_for_post(work, announced.id, limit=9) == [broken]
        noted = work.execute(select(faults.c.kind, faults.c.error).where(faults.c.place == "announcements.hand_out"))
        assert [tuple(row) for row in noted] == [("schedule", "RuntimeError")]
    minute()
    with database.for_platform("read", actor, read_only=True) as work:
        assert queries.waiting_for_post(work, announced.id, limit=9) == []


def test_who_comes_after_it_began_finds_it_on_their_pages_and_gets_no_letter(
    announce, new_shop, minute, database, actor, clock
):
    """What has no end would be written to each new shop, for years."""
    # A market that hardly any other test has a shop in: letters are handed out to some shops at a time.
    early = new_shop("TR")
    announced = announce(post="owners", markets=[early.market])
    try:
        clock.advance(timedelta(seconds=1))
        late = new_shop("TR")
        minute()
        assert (handed_out(database, actor, early), handed_out(database, actor, late)) == (1, 0)
        with database.for_shop(late.id, actor, read_only=True) as uow:
            assert announced.id in [said.id for said in queries.live(uow)]
    finally:
        # It concerns shops of other tests, too.
        with database.for_platform("tidy up", actor) as work:
            actions.withdraw(work, announced.id, "It was a test")


def handed_out(database, actor, shop):
    with database.for_shop(shop.id, actor, read_only=True) as uow:
        return len(uow.execute(select(outbox.c.id).where(outbox.c.name == "announcements.write")).all())


def test_shops_are_given_their_letters_some_at_a_time(announce, new_shop, minute, monkeypatch, database, actor):
    monkeypatch.setattr(jobs, "SHOPS_A_MINUTE", 2)
    shops = [new_shop("AE") for _number in range(3)]
    announced = announce(*shops, post="owners")

    def left():
        with database.for_platform("look", actor, read_only=True) as work:
            return len(queries.waiting_for_post(work, announced.id, limit=10))

    minute()
    assert left() == 1
    minute()
    assert left() == 0


def test_the_clock_hands_them_out(announce, shop, people, deliver_in_time, database, clock):
    announce(shop, post="owners", title_fa="به وقت خود")
    start_platform(database, clock.now() - timedelta(minutes=2), clock.now())
    deliver_in_time()
    # The clock does other things, too, which write letters of their own.
    assert len([letter for letter in POST.letters if letter.subject == "به وقت خود"]) == 1
