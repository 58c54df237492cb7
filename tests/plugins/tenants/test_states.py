"""How a shop goes from one state to another, and no other way; and that nothing of it is left when it is erased."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from time import monotonic, sleep
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DBAPIError

from adapters.waiting import WholeDays
from kernel import audit
from kernel.clock import SetClock
from kernel.errors import Conflict, NotFound
from kernel.tables import plans, platform_audit_entries, subscriptions
from kernel.tenancy import Actor, Shop, ShopState
from kernel.uow import Database, PlatformWork, ShopDeleted
from plugins.identity import public as identity
from plugins.identity.tables import users
from plugins.tenants import jobs as clockwork
from plugins.tenants import public as tenants
from plugins.tenants.actions.delete_shop import cancel_deletion, schedule_deletion
from plugins.tenants.actions.erase_shop import erase_shop
from plugins.tenants.actions.pay import begin_paying, fall_due, set_trial
from plugins.tenants.domain.deletion import BeingErased, Deletion, NotToBeErased, RowsAreLeft, StillWaiting
from plugins.tenants.domain.shop import NameDoesNotFit, NotOnTrial
from plugins.tenants.domain.states import WAYS, NotNow, Step, check
from plugins.tenants.forms import DeletionForm, SuspensionForm, TrialForm
from plugins.tenants.queries.shops import shop as shop_row
from plugins.tenants.queries.standing import deletion_of
from plugins.tenants.store import deletions as erasing
from tests.conftest import NOW
from tests.plugins.browser import Browser
from tests.plugins.conftest import PASSWORD

MONTH = WholeDays(30)


def deletion_form(shop: Shop) -> DeletionForm:
    return DeletionForm(because="They left", name=shop.name)


def do(database: Database, admin: Actor, shop: Shop, step: Step) -> None:
    with database.for_platform("test", admin) as work:
        match step:
            case Step.BEGIN_PAYING:
                begin_paying(work, shop.id)
            case Step.FALL_DUE:
                fall_due(work, shop.id)
            case Step.SUSPEND:
                tenants.suspend(database, work, shop.id, SuspensionForm(because="Three invoices"))
            case Step.REACTIVATE:
                tenants.reactivate(database, work, shop.id)
            case Step.SCHEDULE_DELETION:
                schedule_deletion(database, work, shop.id, deletion_form(shop), MONTH)
            case Step.CANCEL_DELETION:
                cancel_deletion(database, work, shop.id)
            case Step.ERASE:
                raise AssertionError("nobody erases by hand")


def state(database: Database, actor: Actor, shop: Shop) -> ShopState:
    with database.for_platform("test", actor, read_only=True) as work:
        return shop_row(work, shop.id).state


def at(database: Database, moment: datetime) -> None:
    assert isinstance(database.clock, SetClock)
    database.clock.at = moment


#: What hangs on the people of a shop, and says not which.
HANGING = ("platform.apps", "platform.letters", "platform.passkeys", "platform.recovery_codes", "platform.resets")

#: How a shop that is open comes to be in a state.
ROADS: dict[ShopState, tuple[Step, ...]] = {
    ShopState.TRIAL: (),
    ShopState.ACTIVE: (Step.BEGIN_PAYING,),
    ShopState.PAST_DUE: (Step.FALL_DUE,),
    ShopState.SUSPENDED: (Step.SUSPEND,),
    ShopState.PENDING_DELETION: (Step.SCHEDULE_DELETION,),
}
BY_HAND = [step for step in Step if step is not Step.ERASE]


@pytest.mark.parametrize("step", BY_HAND)
@pytest.mark.parametrize("since", ROADS)
def test_every_way_that_there_is_can_be_gone_and_no_other(
    database: Database, actor: Actor, new_shop: Callable[..., Shop], since: ShopState, step: Step
):
    shop = new_shop(state="trial")
    for taken in ROADS[since]:
        do(database, actor, shop, taken)
    assert state(database, actor, shop) is since
    if since in WAYS[step].since:
        do(database, actor, shop, step)
        assert state(database, actor, shop) is (WAYS[step].to or ShopState.TRIAL)
        return
    with pytest.raises(NotNow) as refused:
        do(database, actor, shop, step)
    assert shop.name in str(refused.value)
    assert state(database, actor, shop) is since


@pytest.mark.parametrize("step", Step)
def test_from_deleted_leads_no_way(step: Step):
    with pytest.raises(NotNow):
        check(step, ShopState.DELETED, "Zarrin")


def test_a_shop_does_not_open_itself(database: Database, actor: Actor, shop: Shop):
    """Nor does a plugin that runs statements in it."""
    do(database, actor, shop, Step.SUSPEND)
    with pytest.raises((DBAPIError, psycopg.Error), match="permission denied"):
        with database.for_shop(shop.id, actor) as uow:
            uow.ask("UPDATE platform.tenants SET state = 'active' WHERE id = app.tenant()")
    assert state(database, actor, shop) is ShopState.SUSPENDED


@pytest.mark.parametrize("step", [Step.SUSPEND, Step.SCHEDULE_DELETION, Step.BEGIN_PAYING])
def test_of_two_admins_at_once_one_wins(database: Database, actor: Actor, new_shop: Callable[..., Shop], step: Step):
    shop = new_shop(state="trial")

    def once(_number: int) -> str:
        try:
            do(database, actor, shop, step)
        except Conflict:
            return "refused"
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(once, range(2))) == ["done", "refused"]


# Trial and payment


def paid(database: Database, actor: Actor, shop: Shop) -> list[tuple[Any, ...]]:
    with database.for_platform("test", actor, read_only=True) as work:
        wanted = select(subscriptions.c.since, subscriptions.c.until).where(subscriptions.c.tenant_id == shop.id)
        return [tuple(row) for row in work.execute(wanted.order_by(subscriptions.c.since))]


@pytest.mark.parametrize(
    ("zone", "over"),
    [
        ("Asia/Tehran", datetime(2025, 6, 12, 20, 30, tzinfo=UTC)),
        ("Pacific/Honolulu", datetime(2025, 6, 13, 10, 0, tzinfo=UTC)),
    ],
)
def test_a_trial_ends_at_midnight_of_the_shop(
    database: Database, actor: Actor, new_shop: Callable[..., Shop], zone: str, over: datetime
):
    shop = new_shop(state="trial", zone=zone)
    with database.for_platform("test", actor) as work:
        set_trial(work, shop.id, TrialForm(until=date(2025, 6, 12)))
    at(database, over - timedelta(seconds=1))
    with database.for_platform("test", actor) as work:
        clockwork.end_trials_that_are_over(work, work.now)
    assert state(database, actor, shop) is ShopState.TRIAL
    at(database, over)
    with database.for_platform("test", actor) as work:
        clockwork.end_trials_that_are_over(work, work.now)
    assert state(database, actor, shop) is ShopState.PAST_DUE
    assert paid(database, actor, shop) == []
    do(database, actor, shop, Step.BEGIN_PAYING)
    assert (state(database, actor, shop), paid(database, actor, shop)) == (ShopState.ACTIVE, [(over, None)])


def test_who_was_past_due_pays_on_as_before(database: Database, actor: Actor, shop: Shop):
    assert paid(database, actor, shop) == [(NOW, None)]
    for step in (Step.FALL_DUE, Step.BEGIN_PAYING):
        at(database, database.clock.now() + timedelta(days=5))
        do(database, actor, shop, step)
    assert paid(database, actor, shop) == [(NOW, None)]


def test_only_a_trial_has_a_last_day(database: Database, actor: Actor, shop: Shop):
    with pytest.raises(NotOnTrial), database.for_platform("test", actor) as work:
        set_trial(work, shop.id, TrialForm(until=date(2025, 6, 12)))


# Deletion


@pytest.fixture
def leaving(database: Database, actor: Actor, new_shop: Callable[..., Shop]) -> Shop:
    """A shop with somebody in it and work that waits, which is to be deleted."""
    shop = new_shop(name="Old Gold")
    add_person(database, actor, shop, f"only-{shop.slug}@example.com")
    do(database, actor, shop, Step.SCHEDULE_DELETION)
    return shop


def add_person(database: Database, actor: Actor, shop: Shop, email: str) -> None:
    with database.for_shop(shop.id, actor) as uow:
        person = identity.NewUserForm.model_validate({"name": "Sara", "email": email, "role": "owner"})
        identity.add_user_with_password(uow, person, PASSWORD)


def planned(database: Database, actor: Actor, shop: Shop) -> Deletion:
    with database.for_platform("test", actor, read_only=True) as work:
        found = deletion_of(work, shop.id)
    assert found is not None
    return found


def rows(superuser: psycopg.Connection[Any], shop: Shop) -> dict[str, int]:
    """Every table that has the shop's id anywhere, but what the platform keeps about it."""
    tables = superuser.execute(
        "SELECT table_schema, table_name FROM information_schema.columns"
        " WHERE column_name = 'tenant_id' AND table_schema IN ('shop', 'platform')"
    ).fetchall()
    counted = {}
    for schema, name in tables:
        count = sql.SQL("SELECT count(*) FROM {} WHERE tenant_id = %s").format(sql.Identifier(schema, name))
        (number,) = superuser.execute(count, (shop.id,)).fetchone() or (0,)
        if number:
            counted[f"{schema}.{name}"] = number
    return counted


def test_a_shop_that_is_to_be_deleted_pays_nothing_and_pays_what_it_paid_when_it_is_kept(
    database: Database, actor: Actor, shop: Shop
):
    """It is closed from that moment on. What the plan costs meanwhile is for who comes."""
    at(database, NOW + timedelta(days=3))
    do(database, actor, shop, Step.FALL_DUE)
    do(database, actor, shop, Step.SCHEDULE_DELETION)
    assert paid(database, actor, shop) == [(NOW, NOW + timedelta(days=3))]
    at(database, NOW + timedelta(days=9))
    with database.for_platform("test", actor) as work:
        work.execute(update(plans).where(plans.c.name == shop.plan).values(price=99_00))
    do(database, actor, shop, Step.CANCEL_DELETION)
    with database.for_platform("test", actor) as work:
        work.execute(update(plans).where(plans.c.name == shop.plan).values(price=0))
        prices = select(subscriptions.c.price).where(subscriptions.c.tenant_id == shop.id)
        assert set(work.execute(prices).scalars()) == {0}
    began = (NOW + timedelta(days=9), None)
    assert paid(database, actor, shop) == [(NOW, NOW + timedelta(days=3)), began]
    assert state(database, actor, shop) is ShopState.PAST_DUE
    # What was open is paid: it pays on, and not twice.
    do(database, actor, shop, Step.BEGIN_PAYING)
    assert paid(database, actor, shop)[1:] == [began]


def test_a_shop_that_is_kept_pays_what_another_plan_costs_that_it_was_put_on_meanwhile(
    database: Database, actor: Actor, shop: Shop
):
    do(database, actor, shop, Step.SCHEDULE_DELETION)
    with database.for_shop(shop.id, actor) as uow:
        tenants.change_plan(uow, tenants.PlanForm(plan="small"))
    assert paid(database, actor, shop) == [(NOW, NOW)]
    do(database, actor, shop, Step.CANCEL_DELETION)
    with database.for_platform("test", actor) as work:
        wanted = select(subscriptions.c.plan, subscriptions.c.until).where(subscriptions.c.tenant_id == shop.id)
        assert {tuple(row) for row in work.execute(wanted)} == {("all", NOW), ("small", None)}


def test_a_trial_that_is_kept_pays_as_little_as_before(database: Database, actor: Actor, new_shop: Callable[..., Shop]):
    shop = new_shop(state="trial")
    do(database, actor, shop, Step.SCHEDULE_DELETION)
    do(database, actor, shop, Step.CANCEL_DELETION)
    assert (state(database, actor, shop), paid(database, actor, shop)) == (ShopState.TRIAL, [])


def test_nobody_deletes_a_shop_by_a_slip_of_the_hand(database: Database, actor: Actor, shop: Shop):
    with pytest.raises(NameDoesNotFit), database.for_platform("test", actor) as work:
        schedule_deletion(database, work, shop.id, DeletionForm(because="They left", name="Another shop"), MONTH)
    assert state(database, actor, shop) is ShopState.ACTIVE


def test_a_deletion_waits_for_whole_days_of_the_shop(database: Database, actor: Actor, leaving: Shop):
    # Thirty days after the second of June, to the end of that day in Tehran.
    assert planned(database, actor, leaving).due_at == datetime(2025, 7, 2, 20, 30, tzinfo=UTC)
    with pytest.raises(StillWaiting):
        erase_shop(database, actor, planned(database, actor, leaving))


def test_the_database_erases_nothing_before_the_time_is_over(
    database: Database, actor: Actor, shop: Shop, leaving: Shop, superuser: psycopg.Connection[Any]
):
    """Neither for an open shop nor for one that waits; and whoever runs statements in a shop cannot at all."""
    superuser.execute(
        "UPDATE platform.deletions SET due_at = now() + interval '1 day' WHERE tenant_id = %s", (leaving.id,)
    )
    for each in (shop, leaving):
        before = rows(superuser, each)
        for statement in (
            "SELECT * FROM app.count_shop(%(shop)s)",
            "SELECT app.erase_rows(%(shop)s, 'shop.users', 10)",
            "SELECT app.erase_people(%(shop)s)",
        ):
            with pytest.raises((DBAPIError, psycopg.Error), match="not to be erased"):
                with database.for_platform("test", actor) as work:
                    work.ask(statement, {"shop": each.id})
            with pytest.raises((DBAPIError, psycopg.Error), match="permission denied"):
                with database.for_shop(each.id, actor) as uow:
                    uow.ask(statement, {"shop": each.id})
        assert rows(superuser, each) == before


def test_a_shop_that_is_kept_after_all_is_what_it_was(
    database: Database, actor: Actor, shop: Shop, superuser: psycopg.Connection[Any]
):
    do(database, actor, shop, Step.SUSPEND)
    before = rows(superuser, shop)
    do(database, actor, shop, Step.SCHEDULE_DELETION)
    do(database, actor, shop, Step.CANCEL_DELETION)
    after = rows(superuser, shop)
    assert state(database, actor, shop) is ShopState.SUSPENDED
    books = ("platform.deletions", "platform.subscriptions", "shop.audit_entries")
    assert {name: number for name, number in after.items() if name not in books} == {
        name: number for name, number in before.items() if name not in books
    }
    do(database, actor, shop, Step.REACTIVATE)
    assert state(database, actor, shop) is ShopState.ACTIVE


def test_a_shop_is_erased_with_proof_and_nobody_elses_rows_are_touched(
    database: Database, actor: Actor, leaving: Shop, new_shop: Callable[..., Shop], superuser: psycopg.Connection[Any]
):
    other = new_shop()
    add_person(database, actor, other, f"other-{other.slug}@example.com")
    untouched, before = rows(superuser, other), rows(superuser, leaving)
    assert before["shop.users"] == 1
    assert before["shop.audit_entries"] > 0
    deletion = planned(database, actor, leaving)
    at(database, deletion.due_at)
    erase_shop(database, actor, deletion)

    after = rows(superuser, leaving)
    assert set(after) == {"platform.deletions", "platform.subscriptions"}
    assert rows(superuser, other) == untouched
    gone = superuser.execute("SELECT email FROM platform.people WHERE email LIKE %s", (f"%{leaving.slug}%",)).fetchall()
    assert gone == []
    proof = planned(database, actor, leaving)
    assert proof.erased_at == deletion.due_at
    assert proof.counts is not None
    counted = {name: rows for name, rows in before.items() if name not in after}
    assert {name: proof.counts[name] for name in counted} == {name: (n, n, 0) for name, n in counted.items()}
    assert proof.counts["platform.people"] == (1, 1, 0)
    assert {(erased - found, left) for found, erased, left in proof.counts.values()} == {(0, 0)}
    assert state(database, actor, leaving) is ShopState.DELETED
    assert paid(database, actor, leaving) == [(NOW, NOW)]
    with database.for_platform("test", actor, read_only=True) as work:
        told = work.execute(
            select(platform_audit_entries.c.details).where(platform_audit_entries.c.action == "tenants.erase")
        ).scalars()
        assert [
            (one["found"]["shop.users"], one["erased"]["shop.users"], one["left"]["shop.users"])
            for one in told
            if one["shop"] == str(leaving.id)
        ] == [(1, 1, 0)]
        assert audit.first_broken(work, "platform") is None


def test_who_erases_sees_the_shops_rows_in_every_table(shop: Shop, superuser: psycopg.Connection[Any]):
    """Row-level security would let the erasing function, which is the owner's, find nothing and call that proof."""
    blind = superuser.execute(
        """
        SELECT called FROM app.tables_of_shops() AS called JOIN pg_class AS c ON c.oid = called::regclass
        WHERE c.relforcerowsecurity AND NOT EXISTS (
            SELECT FROM pg_policy AS p WHERE p.polrelid = c.oid AND p.polpermissive AND p.polcmd = '*'
                AND (p.polroles = '{0}' OR 'goldsmith_owner'::regrole = ANY (p.polroles))
        )
        """
    ).fetchall()
    assert blind == []


def test_of_an_erased_shop_only_the_platforms_own_books_are_shown(
    database: Database, actor: Actor, leaving: Shop, ada: Browser
):
    deletion = planned(database, actor, leaving)
    at(database, deletion.due_at)
    erase_shop(database, actor, deletion)
    at(database, NOW)
    here = f"/platform/shops/{leaving.id}"
    answers = {tab: ada.get(f"{here}{tab}").status_code for tab in ("", "/subscription", "/activity", "/users")}
    assert answers == {"": 200, "/subscription": 200, "/activity": 200, "/users": 404}
    for tab in ("", "/subscription", "/activity"):
        shown = ada.get(f"{here}{tab}").text
        assert [f'"{here}{other}"' in shown for other in ("/users", "/plugins", "/edit", "/plan")] == [False] * 4


def test_the_clock_is_held_up_for_a_while_only_and_the_next_slot_goes_on(
    database: Database, actor: Actor, leaving: Shop, monkeypatch: pytest.MonkeyPatch, superuser: psycopg.Connection[Any]
):
    before = rows(superuser, leaving)
    deletion = planned(database, actor, leaving)
    at(database, deletion.due_at)
    monkeypatch.setattr(clockwork, "due_deletions", lambda _work: [deletion])
    monkeypatch.setattr(clockwork, "A_SLOT_S", 0)
    with database.for_platform("test", actor) as work:
        clockwork.erase_what_is_due(work, work.now, database)
    assert state(database, actor, leaving) is ShopState.DELETED
    assert planned(database, actor, leaving).counts is None
    assert rows(superuser, leaving) == before
    monkeypatch.setattr(clockwork, "A_SLOT_S", 20)
    with database.for_platform("test", actor) as work:
        clockwork.erase_what_is_due(work, work.now, database)
    assert (planned(database, actor, leaving).counts or {})["shop.users"] == (1, 1, 0)


def test_a_shop_that_cannot_be_erased_keeps_no_other_waiting(
    database: Database, actor: Actor, leaving: Shop, new_shop: Callable[..., Shop], monkeypatch: pytest.MonkeyPatch
):
    other = new_shop()
    do(database, actor, other, Step.SCHEDULE_DELETION)
    due = [planned(database, actor, each) for each in (leaving, other)]
    at(database, max(each.due_at for each in due))
    monkeypatch.setattr(clockwork, "due_deletions", lambda _work: due)

    def stumble(found: Database, who: Actor, deletion: Deletion, **how: Any) -> bool:
        if deletion.shop == leaving.id:
            raise RuntimeError("broken")
        return erase_shop(found, who, deletion, **how)

    monkeypatch.setattr(clockwork, "erase_shop", stumble)
    with database.for_platform("test", actor) as work:
        clockwork.erase_what_is_due(work, work.now, database)
    assert [state(database, actor, each) for each in (leaving, other)] == [
        ShopState.PENDING_DELETION,
        ShopState.DELETED,
    ]


def test_two_schedulers_erase_a_shop_once(
    database: Database,
    actor: Actor,
    leaving: Shop,
    monkeypatch: pytest.MonkeyPatch,
    superuser: psycopg.Connection[Any],
):
    before = rows(superuser, leaving)
    deletion = planned(database, actor, leaving)
    at(database, deletion.due_at)
    monkeypatch.setattr(erasing, "AT_ONCE", 2)

    def erase(_number: int) -> str:
        try:
            return "done" if erase_shop(database, actor, deletion) else "out of time"
        except (BeingErased, NotToBeErased):
            return "left to the other"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(erase, range(2))) == ["done", "left to the other"]
    assert proven(database, actor, leaving) == expected(before)
    with database.for_platform("test", actor, read_only=True) as work:
        told = work.execute(
            select(platform_audit_entries.c.details).where(platform_audit_entries.c.action == "tenants.erase")
        ).scalars()
        assert [one["shop"] for one in told].count(str(leaving.id)) == 1


def test_a_shop_that_is_kept_in_the_last_moment_is_not_erased_and_the_log_says_so(
    database: Database,
    actor: Actor,
    leaving: Shop,
    monkeypatch: pytest.MonkeyPatch,
    superuser: psycopg.Connection[Any],
    caplog: pytest.LogCaptureFixture,
):
    deletion = planned(database, actor, leaving)
    do(database, actor, leaving, Step.CANCEL_DELETION)
    before = rows(superuser, leaving)
    at(database, deletion.due_at)
    with pytest.raises(NotToBeErased):
        erase_shop(database, actor, deletion)
    monkeypatch.setattr(clockwork, "due_deletions", lambda _work: [deletion])
    with caplog.at_level("INFO", clockwork.__name__), database.for_platform("test", actor) as work:
        clockwork.erase_what_is_due(work, work.now, database)
    assert f"{leaving.id} has been erased meanwhile, or is kept" in caplog.messages
    assert rows(superuser, leaving) == before


def test_who_finds_a_shop_in_other_hands_leaves_it_to_them_and_the_log_says_so(
    database: Database,
    actor: Actor,
    leaving: Shop,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    superuser: psycopg.Connection[Any],
):
    deletion = planned(database, actor, leaving)
    at(database, deletion.due_at)
    monkeypatch.setattr(clockwork, "due_deletions", lambda _work: [deletion])
    with (
        caplog.at_level("INFO", clockwork.__name__),
        superuser.transaction(),
        database.for_platform("test", actor) as work,
    ):
        superuser.execute("SELECT FROM platform.deletions WHERE id = %s FOR UPDATE", (deletion.id,))
        clockwork.erase_what_is_due(work, work.now, database)
    assert f"another scheduler erases {leaving.id}" in caplog.messages
    assert state(database, actor, leaving) is ShopState.PENDING_DELETION


def expected(before: dict[str, int]) -> dict[str, tuple[int, int, int]]:
    """What the proof says of the tables that had rows; the platform's own books are not among them."""
    books = ("platform.deletions", "platform.subscriptions", "platform.suspensions")
    return {name: (rows, rows, 0) for name, rows in before.items() if name not in books}


def proven(database: Database, actor: Actor, shop: Shop) -> dict[str, tuple[int, int, int]]:
    """Of the tables that have the shop's id in them."""
    counts = planned(database, actor, shop).counts or {}
    hanging = ("platform.people", *(name for name in counts if name in HANGING))
    return {name: rows for name, rows in counts.items() if any(rows) and name not in hanging}


def test_tokens_of_an_erased_shops_sessions_go_with_them(
    database: Database, actor: Actor, leaving: Shop, new_shop, superuser: psycopg.Connection[Any]
):
    """They say neither whose nor which shop's they are; and a dump with tokens of no session cannot be read again."""
    stays = new_shop()
    add_person(database, actor, stays, f"stays-{stays.slug}@example.com")
    for each in (leaving, stays):
        superuser.execute(
            """
            WITH opened AS (
                INSERT INTO platform.sessions
                    (id, token_hash, person_id, tenant_id, stage, address, device, opened_at, seen_at, expires_at)
                SELECT uuidv7(), sha256(u.id::text::bytea), u.id, u.tenant_id, 'program', '', '', now(), now(),
                    now() + interval '1 day'
                FROM shop.users AS u WHERE u.tenant_id = %s RETURNING token_hash
            )
            INSERT INTO platform.refresh_tokens (token_hash, session_hash, program, given_at)
            SELECT sha256(token_hash), token_hash, %s, now() FROM opened
            """,
            (each.id, each.slug),
        )
    deletion = planned(database, actor, leaving)
    at(database, deletion.due_at)
    erase_shop(database, actor, deletion)
    left = superuser.execute(
        "SELECT program FROM platform.refresh_tokens WHERE program = ANY (%s)", ([leaving.slug, stays.slug],)
    ).fetchall()
    assert left == [(stays.slug,)]


def test_whoever_is_let_into_another_shop_meanwhile_is_not_erased(
    database: Database, actor: Actor, leaving: Shop, new_shop, superuser: psycopg.Connection[Any]
):
    other = new_shop()
    [(person,)] = superuser.execute("SELECT id FROM shop.users WHERE tenant_id = %s", (leaving.id,)).fetchall()
    deletion = planned(database, actor, leaving)
    at(database, deletion.due_at)
    with ThreadPoolExecutor(1) as pool:
        with database.for_shop(other.id, actor) as uow:
            # As by an invitation that is accepted just now.
            uow.execute(insert(users).values(id=person, name="Sara", role="employee", since=uow.now))
            erased = pool.submit(erase_shop, database, actor, deletion)
            deadline = monotonic() + 5
            while not _waits_for_a_lock(superuser) and monotonic() < deadline:
                sleep(0.02)
        with pytest.raises((DBAPIError, psycopg.Error), match="these people are not to be erased"):
            erased.result()
    erase_shop(database, actor, deletion)
    assert superuser.execute("SELECT count(*) FROM platform.people WHERE id = %s", (person,)).fetchone() == (1,)
    assert rows(superuser, other)["shop.users"] == 1


def _waits_for_a_lock(superuser: psycopg.Connection[Any]) -> bool:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%%erase_people%%'"
    return superuser.execute(waiting).fetchone() != (0,)


def test_into_an_erased_shop_nothing_is_written_any_more(
    database: Database, actor: Actor, leaving: Shop, superuser: psycopg.Connection[Any]
):
    """Or the proof would not be true for long; what the platform knows of it can be read."""
    deletion = planned(database, actor, leaving)
    at(database, deletion.due_at)
    erase_shop(database, actor, deletion)
    before = rows(superuser, leaving)
    with pytest.raises(NotFound), database.for_shop(leaving.id, actor) as uow:
        uow.record("tenants.show_users", people=0)
    assert rows(superuser, leaving) == before
    assert state(database, actor, leaving) is ShopState.DELETED


def test_the_address_of_an_erased_shop_is_free_again(database: Database, actor: Actor, leaving: Shop, new_shop):
    deletion = planned(database, actor, leaving)
    at(database, deletion.due_at)
    erase_shop(database, actor, deletion)
    assert new_shop(slug=leaving.slug).slug == leaving.slug


def test_erasing_goes_on_where_it_broke_off_and_proves_all_that_was_erased(
    database: Database,
    actor: Actor,
    leaving: Shop,
    ada: Browser,
    monkeypatch: pytest.MonkeyPatch,
    superuser: psycopg.Connection[Any],
):
    """The process dies between two batches, each time a little further on; between its lives nobody comes in."""
    before = rows(superuser, leaving)
    deletion = planned(database, actor, leaving)
    at(database, deletion.due_at)
    monkeypatch.setattr(erasing, "AT_ONCE", 2)
    take, left = erasing.take, [0]

    def take_until_it_dies(*args: Any) -> bool:
        if not left[0]:
            raise RuntimeError("the process died")
        left[0] -= 1
        return take(*args)

    monkeypatch.setattr(erasing, "take", take_until_it_dies)
    here = f"/platform/shops/{leaving.id}"
    lives, done = 0, False
    while not done:
        lives += 1
        left[0] = 9 * lives
        try:
            done = erase_shop(database, actor, deletion)
        except RuntimeError:
            with pytest.raises(ShopDeleted), database.for_shop(leaving.id, actor, read_only=True):
                pass
            with pytest.raises(NotNow), database.for_platform("test", actor) as work:
                cancel_deletion(database, work, leaving.id)
            if lives % 4 == 1:
                at(database, NOW)  # Ada has signed in today
                shown = {tab: ada.get(f"{here}{tab}") for tab in ("", "/subscription", "/activity", "/proof")}
                assert {tab: page.status_code for tab, page in shown.items()} == dict.fromkeys(shown, 200)
                assert "being erased just now" in shown[""].text
                assert "being erased just now" in shown["/proof"].text
                gone = [ada.get(f"{here}{tab}") for tab in ("/users", "/plugins", "/edit", "/plan", "/plugins/till")]
                assert [page.status_code for page in gone] == [404] * 5
                assert "This shop has been deleted" in gone[0].text
                at(database, deletion.due_at)
    assert lives > 5
    assert proven(database, actor, leaving) == expected(before)
    assert set(rows(superuser, leaving)) == {"platform.deletions", "platform.subscriptions"}
    assert state(database, actor, leaving) is ShopState.DELETED


def test_a_shop_is_not_closed_while_somebody_writes_in_it(database: Database, actor: Actor, leaving: Shop):
    """What they write is found, and erased."""
    deletion = planned(database, actor, leaving)
    at(database, deletion.due_at)
    with ThreadPoolExecutor(1) as pool:
        with database.for_shop(leaving.id, actor) as uow:
            erased = pool.submit(erase_shop, database, actor, deletion)
            sleep(0.5)
            assert not erased.done()
            uow.next_number("written meanwhile")
        assert erased.result()
    counts = planned(database, actor, leaving).counts or {}
    assert counts["shop.counters"][0] == counts["shop.counters"][1] > 0
    assert {left for _found, _erased, left in counts.values()} == {0}


def test_who_waits_to_write_while_a_shop_is_being_closed_does_not_come_in(
    database: Database, actor: Actor, leaving: Shop, superuser: psycopg.Connection[Any]
):
    def write(when: str) -> None:
        with database.for_shop(leaving.id, actor) as uow:
            uow.next_number(when)

    write("in time")
    with ThreadPoolExecutor(1) as pool:
        with superuser.transaction():
            superuser.execute(
                "UPDATE platform.tenants SET state = 'deleted', version = version + 1 WHERE id = %s", (leaving.id,)
            )
            late = pool.submit(write, "too late")
            sleep(0.5)
            assert not late.done()
        with pytest.raises(ShopDeleted):
            late.result()
    counters = superuser.execute("SELECT name FROM shop.counters WHERE tenant_id = %s", (leaving.id,)).fetchall()
    assert {("in time",), ("too late",)} & set(counters) == {("in time",)}


def test_what_somebody_adds_who_was_in_already_goes_with_the_next_call_and_is_counted(
    database: Database,
    actor: Actor,
    leaving: Shop,
    monkeypatch: pytest.MonkeyPatch,
    superuser: psycopg.Connection[Any],
):
    before = rows(superuser, leaving)
    deletion = planned(database, actor, leaving)
    at(database, deletion.due_at)
    really = erasing.erase_people

    def late(work: PlatformWork, shop: UUID) -> None:
        really(work, shop)
        superuser.execute("INSERT INTO shop.counters (tenant_id, name, value) VALUES (%s, 'late', 1)", (shop,))

    with monkeypatch.context() as patched:
        patched.setattr(erasing, "erase_people", late)
        with pytest.raises(RowsAreLeft, match=r"shop\.counters"):
            erase_shop(database, actor, deletion)
    assert planned(database, actor, leaving).counts is None
    assert erase_shop(database, actor, deletion)
    found = before.get("shop.counters", 0)
    assert (planned(database, actor, leaving).counts or {})["shop.counters"] == (found, found + 1, 0)


def test_children_go_before_what_they_refer_to(superuser: psycopg.Connection[Any]):
    """A backup that is made between two batches can be restored: no row in it refers to one that is gone."""
    order = [name for (name,) in superuser.execute("SELECT app.tables_of_shops()")]
    references = superuser.execute(
        "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint"
        " WHERE contype = 'f' AND conrelid <> confrelid"
    ).fetchall()
    among = [(child, parent) for child, parent in references if {child, parent} <= set(order)]
    assert len(among) > 20
    assert [pair for pair in among if order.index(pair[0]) > order.index(pair[1])] == []
