"""The unit of work: one transaction, for exactly one shop or explicitly for the platform.

Opened at the edge (request, job, command). The shop is set inside the transaction only, so it is gone at commit and
a connection pool, ours or PgBouncer's, can never hand it on. `COMMIT` is written nowhere else.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, Literal, Protocol, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import namedtuple_row
from sqlalchemy import Connection, CursorResult, Engine, create_engine, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.sql.base import Executable

from kernel.audit import Outcome, Recorded, literal, sealing
from kernel.clock import Clock
from kernel.contributions import Setting
from kernel.errors import Conflict, GoldsmithError, NotFound, OtherBranch, TryLater
from kernel.events import Event, PluginDisabled, PluginEnabled, to_plain
from kernel.flags import NOBODY, Flag, Sighting, is_counted, variant_of, write
from kernel.i18n import _, language
from kernel.ids import new_id
from kernel.jobs import job_of
from kernel.plans import subscribe
from kernel.plugins import Plugins
from kernel.schema import BRANCH_GUARD
from kernel.signals import Signals
from kernel.tables import long_work, outbox, overrides, plans, settings, tenants
from kernel.tenancy import Actor, ActorKind, Shop, ShopState, TenantId, system

log = logging.getLogger(__name__)

#: PostgreSQL says these when it was unlucky, not when we were wrong: asking again helps.
PASSING = (
    psycopg.errors.SerializationFailure,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.LockNotAvailable,
    psycopg.errors.QueryCanceled,
    psycopg.errors.AdminShutdown,
    psycopg.errors.CannotConnectNow,
    psycopg.errors.TooManyConnections,
)


#: Counts `counter` on and answers its `value`; for a statement that writes the document with its number at once.
NEXT_NUMBER = """
    INSERT INTO shop.counters AS c (name, value) VALUES (%(counter)s, 1)
    ON CONFLICT (tenant_id, name) DO UPDATE SET value = c.value + 1 RETURNING value
"""

#: Plugins that this code does not have, because another process is newer, stay as they are.
NOTE_TOLD = """
    UPDATE platform.tenants
    SET told = ARRAY(SELECT unnest(told || %(arriving)s::text[]) EXCEPT SELECT unnest(%(leaving)s::text[]))
    WHERE id = %(shop)s
"""

#: So many statements that are written out are remembered; this installation has some dozens.
MOST_TEXTS = 2_000

T = TypeVar("T")


class Executes(Protocol):
    """What a store needs of a transaction, be it a shop's or the platform's."""

    def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[Any]: ...


class _Transaction:
    def __init__(self, connection: Connection, actor: Actor, now: datetime) -> None:
        self.connection = connection
        self.actor = actor
        self.now = now
        self.recorded: Recorded | None = None
        #: What changed for who looks at the platform's pages now.
        self.platform_topics: set[str] = set()
        #: Where nothing is written: what begins the transaction anew.
        self._anew: Callable[[], None] | None = None

    def record(self, action: str, *, outcome: Outcome = "done", **details: Any) -> None:
        """Have the audit trail say what no changed row tells: a sign-in, a refusal, an export. Once a transaction."""
        if self.recorded is not None:
            raise RuntimeError(f"this transaction is recorded as {self.recorded.action} already")
        self.recorded = Recorded(action, outcome, details)

    def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[Any]:
        """Run one SQLAlchemy Core statement in this transaction."""
        return self.connection.execute(statement, parameters)

    def ask(self, sql: str, values: Mapping[str, Any] | None = None) -> list[Any]:
        """Run SQL that is written out, `%(name)s` for each value; rows answer by name, and one without any is [].

        For the few statements that every sale or search sends: half the cost of `execute` (docs/decisions/0008).
        """
        cursor = _cursor(self.connection).execute(sql, values)
        return list(map(_row_of(sql, cursor), cursor.fetchall())) if cursor.rownumber is not None else []

    def begin_anew(self) -> None:
        """After a part of a page failed: the rest may ask on. Only where nothing is written; what failed is past."""
        if self._anew is None:
            raise RuntimeError("what is written cannot be begun anew: use nested()")
        self._anew()

    @contextmanager
    def nested(self) -> Iterator[None]:
        """A part that may fail by itself: an exception undoes the part and passes on; what came before stands."""
        self.connection.exec_driver_sql("SAVEPOINT part")
        try:
            yield
        except BaseException:
            self.connection.exec_driver_sql("ROLLBACK TO SAVEPOINT part")
            raise
        finally:
            self.connection.exec_driver_sql("RELEASE SAVEPOINT part")


class PlatformWork(_Transaction):
    """A transaction for the installation itself; it sees no shop's rows."""

    def __init__(self, connection: Connection, actor: Actor, now: datetime, reason: str) -> None:
        super().__init__(connection, actor, now)
        self.reason = reason

    def signal(self, topic: str) -> None:
        """Tell the platform's open pages that this changed: after commit, once, whoever listens."""
        self.platform_topics.add(topic)


class UnitOfWork(_Transaction):
    """A transaction for one shop. `now` is one moment for all that happens in it."""

    def __init__(self, connection: Connection, actor: Actor, now: datetime, shop: Shop, plugins: Plugins) -> None:
        super().__init__(connection, actor, now)
        self.shop = shop
        self.plugins = plugins
        #: What came true of what is hoped for from a flag; it counts when it is committed.
        self.reached: set[Sighting] = set()
        #: What changed, for who looks at the shop now; see `signal`.
        self.topics: set[str] = set()
        self._found: dict[str, Any] = {}
        #: Where `report` goes, in a job that somebody waits for.
        self.reports: Callable[[int, int], None] | None = None

    def publish(self, event: Event) -> None:
        """Tell who listens: at once those who may refuse, after commit (through the outbox) the others."""
        plain: dict[str, Any] | None = None
        for listener in self.plugins.listeners(type(event)):
            if listener.plugin not in self.shop.plugins:
                continue
            if not listener.subscription.after_commit:
                listener.call(self, event)
                continue
            plain = plain or {"event": type(event).__name__, "data": to_plain(event)}
            self._put("event", listener.name, listener.plugin, plain, queue="default", tries_max=8)

    def enqueue(
        self, work: Callable[..., Any], *, key: str | None = None, run_at: datetime | None = None, **args: Any
    ) -> UUID | None:
        """Start a job after commit with JSON-ready `args`. A `key` used before starts nothing and answers None."""
        job = job_of(work)
        worker = self.plugins.worker(job.name)
        if worker is None:
            raise LookupError(f"no plugin of this installation has the job {job.name}")
        return self._put(
            "job", job.name, worker.plugin, args, queue=job.queue, tries_max=job.tries, key=key, run_at=run_at
        )

    def begin_work(
        self,
        work: Callable[..., Any],
        *,
        about: str = "",
        result: str = "",
        total: int = 0,
        key: str | None = None,
        **args: Any,
    ) -> UUID | None:
        """Start a job that the person at hand waits for: it stands in the bell, and at `/tasks/{id}` with its progress.

        `about` says which one (a file's name), `result` is the address of what comes out. See `kernel/work.py`.
        """
        begun = self.enqueue(work, key=key, **args)
        if begun is None:
            return None
        worker = self.plugins.worker(job_of(work).name)
        assert worker is not None  # or nothing had been enqueued
        job = worker.job
        row = {"plugin": worker.plugin, "title": job.title, "may_stop": job.may_stop, "language": language()}
        who = {"begun_at": self.now, "begun_by": self.actor.name, "person": self.actor.id, "told_at": self.now}
        who["branches"] = _sorted(self.actor.branches)
        self.execute(insert(long_work).values(id=begun, about=about, result=result, total=total, **row, **who))
        self.signal("work")
        return begun

    def act_as(self, name: str, person: UUID | None, branches: frozenset[UUID] | None) -> None:
        """A job that somebody waits for is done in their name and in their branches, with the rights of the house."""
        self.actor = replace(self.actor, name=name, id=person, branches=branches)
        only = "" if branches is None else _array(branches)
        for setting, value in (("app.actor", name), ("app.branches", only)):
            self.ask("SELECT set_config(%(setting)s, %(value)s, true)", {"setting": setting, "value": value})

    def go_on_for(self, name: str, admin: UUID, subject_id: UUID, subject: str) -> None:
        """What an admin began in somebody's account stands under both names, though it is the house that does it."""
        self.actor = replace(self.actor, name=name, id=admin, subject_id=subject_id, subject=subject)
        self.ask("SELECT set_config('app.actor', %(name)s, true)", {"name": name})

    def report(self, done: int, total: int) -> None:
        """So much of the long work at hand is done, for whoever waits for it; nothing where nobody does.

        Seen at once, although the work itself commits later. Raises Stopped when the person does not want it any more.
        """
        if self.reports is not None:
            self.reports(done, total)

    def signal(self, topic: str) -> None:
        """Tell the pages that are open on this shop that this changed: after commit, once, whoever listens."""
        self.topics.add(topic)

    def signal_platform(self, topic: str) -> None:
        """The same for whoever runs the installation: that something changed in a shop, not what."""
        self.platform_topics.add(topic)

    def _put(
        self,
        kind: str,
        name: str,
        plugin: str,
        payload: Mapping[str, Any],
        *,
        queue: str,
        tries_max: int,
        key: str | None = None,
        run_at: datetime | None = None,
    ) -> UUID | None:
        row = upsert(outbox).values(
            id=new_id(),
            kind=kind,
            name=name,
            plugin=plugin,
            payload=payload,
            actor=self.actor.name,
            actor_id=self.actor.id if self.actor.subject_id else None,
            subject_id=self.actor.subject_id,
            subject=self.actor.subject,
            key=key,
            queue=queue,
            tries_max=tries_max,
            created_at=self.now,
            run_at=run_at or self.now,
        )
        put = row.on_conflict_do_nothing(constraint="outbox_key_key").returning(outbox.c.id)
        found: UUID | None = self.execute(put).scalar_one_or_none()
        return found

    def next_number(self, counter: str) -> int:
        """The next number without gaps. It locks the shop's counter until commit, so ask for it last."""
        number: int = self.ask(NEXT_NUMBER, {"counter": counter})[0].value
        return number

    def setting(self, setting: Setting) -> Any:
        """The shop's choice, or the default."""
        return self.shop.settings.get(setting.name, setting.default)

    def choose(self, setting: Setting, value: Any) -> None:
        """Make the shop's choice; every process sees it with its next unit of work."""
        chosen = upsert(settings).values(name=setting.name, value=value, set_by=self.actor.name)
        self.execute(
            chosen.on_conflict_do_update(
                index_elements=["tenant_id", "name"], set_={"value": value, "set_by": self.actor.name}
            )
        )
        self.renew_shop()

    def flag(self, flag: Flag) -> bool:
        """Is it on here, that is, anything but the first of its variants?"""
        return self.variant(flag) != flag.variants[0]

    def variant(self, flag: Flag) -> str:
        """Which variant this shop has now, by what the platform decided; it is counted as met, once a day.

        Without a statement. Raises LookupError for a flag that no plugin lists.
        """
        self._check_declared(flag)
        rule = self.plugins.known.rules.get(flag.name)
        variant = variant_of(flag, rule, self.shop.id)
        if is_counted(rule, self.shop.id) and self.actor.kind is not ActorKind.PLATFORM:
            self.plugins.known.sightings.note(self.shop.id, self._sighting(flag, variant))
        return variant

    def converted(self, flag: Flag, goal: str) -> None:
        """What is hoped for of a flag came true, if this is committed. It counts once a day, for who met the flag."""
        self._check_declared(flag)
        if goal not in flag.goals:
            raise LookupError(f"{flag.name} has no goal {goal}")
        rule = self.plugins.known.rules.get(flag.name)
        if is_counted(rule, self.shop.id):
            self.reached.add(self._sighting(flag, variant_of(flag, rule, self.shop.id), goal))

    def _check_declared(self, flag: Flag) -> None:
        if self.plugins.flags.get(flag.name) is not flag:
            raise LookupError(f"no plugin of this installation lists the flag {flag.name}")

    def _sighting(self, flag: Flag, variant: str, goal: str = "") -> Sighting:
        person = self.actor.id if flag.by_person and self.actor.id else NOBODY
        return Sighting(self.now.astimezone(ZoneInfo(self.shop.zone)).date(), flag.name, variant, goal, person)

    def keep(self, name: str, read: Callable[[], T]) -> T:
        """What `read` finds, asked once for each version of the shop: whoever changes it calls `renew_shop`."""
        # Who is limited to some branches reads less than others do.
        key = (name, self.actor.branches)
        if key not in self.shop.kept:
            self.shop.kept[key] = read()
        kept: T = self.shop.kept[key]
        return kept

    def once(self, name: str, read: Callable[[], T]) -> T:
        """What `read` finds, asked once in this unit of work: for what several parts of one page show."""
        if name not in self._found:
            self._found[name] = read()
        found: T = self._found[name]
        return found

    def renew_shop(self) -> None:
        """The shop's row, plugins, settings or what is kept with them changed: raise its version, so that no process
        goes on with the old. Plugins that are switched on or off by that are told."""
        self.execute(update(tenants).where(tenants.c.id == self.shop.id).values(version=tenants.c.version + 1))
        self.shop = _load_shop(self, self.shop.id, self.plugins)
        if self.shop.arriving or self.shop.leaving:
            self._tell_plugins()

    def _tell_plugins(self) -> None:
        """What goes hears it while it is still on, what comes when it is."""
        before, after = self.shop, self.note_told()
        self.shop = replace(after, plugins=before.plugins | before.leaving)
        for plugin in self.plugins.by_name:
            if plugin in before.leaving:
                self.publish(PluginDisabled(plugin))
        self.shop = after
        for plugin in self.plugins.by_name:
            if plugin in before.arriving:
                self.publish(PluginEnabled(plugin))

    def note_told(self) -> Shop:
        """The shop as it is when its plugins know what has been switched; whoever opens a shop tells them."""
        shop = self.shop
        switched = {"shop": shop.id, "arriving": list(shop.arriving), "leaving": list(shop.leaving)}
        self.ask(NOTE_TOLD, switched)
        return replace(shop, plugins=shop.plugins | shop.arriving, arriving=frozenset(), leaving=frozenset())


@dataclass(slots=True)
class _Opened:
    """A transaction that has begun, and what is to be said in it just before COMMIT."""

    connection: Connection
    last_words: Callable[[], str] | None = None
    anew: Callable[[], None] | None = None


class Database:
    """The two doors to PostgreSQL: for a shop, and for the platform. Each has a small pool of its own role."""

    def __init__(
        self, shops: Engine, platform: Engine, clock: Clock, plugins: Plugins, signals: Signals | None = None
    ) -> None:
        self._shops = shops
        self._platform = platform
        self.clock = clock
        self.plugins = plugins
        self._signals = signals
        self._known: dict[TenantId, Shop] = {}

    @contextmanager
    def for_shop(self, tenant: TenantId, actor: Actor, *, read_only: bool = False) -> Iterator[UnitOfWork]:
        """One transaction for one shop. Raises NotFound for a shop that does not exist, ShopDeleted, or TryLater when
        no connection is free."""
        while True:
            with self._transaction(self._shops, read_only, _enter(tenant, actor)) as (opened, version):
                if version is None:
                    raise NotFound(_("There is no such shop."))
                shop = self._known.get(tenant)
                uow = UnitOfWork(opened.connection, actor, self.clock.now(), shop or _nobody(tenant), self.plugins)
                uow._anew = opened.anew
                opened.last_words = partial(_seal, "shop", uow, read_only)
                fresh = shop is None or shop.version != version or shop.is_over(uow.now)
                if fresh:
                    uow.shop = self._known[tenant] = _load_shop(uow, tenant, self.plugins)
                # Or what proves that nothing of it is left would not be true for long.
                if uow.shop.state is ShopState.DELETED or (not read_only and _has_been_closed(uow)):
                    raise ShopDeleted
                if not (fresh and (uow.shop.arriving or uow.shop.leaving)):
                    yield uow
                    break
            # A plan was edited or an override ended, and nobody has been here since. In a transaction of its own:
            # the one at hand may be for reading only, or be taken back.
            self._tell_plugins(tenant)
        self._tell(tenant, uow.topics)
        for sighting in uow.reached:
            self.plugins.known.sightings.note(tenant, sighting)
        self._tell(None, uow.platform_topics)

    def _tell_plugins(self, tenant: TenantId) -> None:
        """A plugin that refuses to be switched on stays off; the shop goes on without it."""
        actor = system("plugins")
        try:
            with self._transaction(self._shops, False, _enter(tenant, actor)) as (opened, _version):
                uow = UnitOfWork(opened.connection, actor, self.clock.now(), _nobody(tenant), self.plugins)
                opened.last_words = partial(_seal, "shop", uow, False)
                uow.renew_shop()
        except Exception:
            log.exception("plugins of a shop could not be switched", extra={"tenant": str(tenant)})

    @contextmanager
    def for_new_shop(self, row: Mapping[str, Any], actor: Actor) -> Iterator[UnitOfWork]:
        """Make a shop and work in it at once: the shop and all that opens with it exist together or not at all.

        Whoever asks for it tells the plugins: ShopOpened, then PluginEnabled for each that is on.
        """
        tenant = TenantId(new_id())
        with self._transaction(self._shops, False, _enter(tenant, actor)) as (opened, _version):
            uow = UnitOfWork(opened.connection, actor, self.clock.now(), _nobody(tenant), self.plugins)
            opened.last_words = partial(_seal, "shop", uow, False)
            with refusing("tenants_slug_key", lambda: SlugTaken(row["slug"])):
                uow.execute(insert(tenants).values({"id": tenant, "created_at": uow.now, **row}))
            subscribe(uow, tenants.c.id == tenant, uow.now, actor.name)
            uow.shop = _load_shop(uow, tenant, self.plugins)
            uow.shop = uow.note_told()
            yield uow
        self._tell(None, uow.platform_topics)

    @contextmanager
    def for_platform(self, reason: str, actor: Actor, *, read_only: bool = False) -> Iterator[PlatformWork]:
        """One transaction for the installation. It has no shop, and no right on any shop's rows."""
        person = literal(str(_person(actor) or ""))
        enter = f"SELECT set_config('app.actor', {literal(actor.name)}, true), set_config('app.person', {person}, true)"
        with self._transaction(self._platform, read_only, enter) as (opened, _answer):
            work = PlatformWork(opened.connection, actor, self.clock.now(), reason)
            opened.last_words = partial(_seal, "platform", work, read_only)
            work._anew = opened.anew
            yield work
        self._tell(None, work.platform_topics)

    def _tell(self, shop: TenantId | None, topics: set[str]) -> None:
        if topics and self._signals is not None:
            self._signals.send(shop, topics)

    @contextmanager
    def _transaction(self, engine: Engine, read_only: bool, enter: str) -> Iterator[tuple[_Opened, Any]]:
        begin = f"BEGIN {'READ ONLY' if read_only else 'READ WRITE'}; {enter}"
        connection, driver, answer = _begin(engine, begin)
        opened = _Opened(connection)
        if read_only:
            opened.anew = partial(_begin_anew, driver, begin)
        ending = False
        try:
            yield opened, answer
            ending = True
            if driver.pgconn.transaction_status == TransactionStatus.INERROR:
                raise SwallowedError
            # One message: what the trail has to say costs no round trip.
            last_words = opened.last_words() if opened.last_words else ""
            left = driver.execute(f"{last_words}COMMIT; SELECT current_setting('app.current_tenant', true)".encode())
            if last_words:
                left.nextset()
            if left.statusmessage != "COMMIT":
                raise SwallowedError
            left.nextset()
            tenant_left = left.fetchone()
            if tenant_left and tenant_left[0]:
                log.error("a connection came back with a shop still set; thrown away")
                connection.invalidate()
        except DBAPIError as refused:
            if isinstance(refused.orig, PASSING) or refused.connection_invalidated:
                raise TryLater from refused
            if _is_of_another_branch(refused.orig):
                raise OtherBranch from refused
            raise
        except psycopg.errors.InsufficientPrivilege as refused:
            if _is_of_another_branch(refused):
                raise OtherBranch from refused
            raise
        except psycopg.OperationalError as refused:
            if driver.closed:
                raise (OutcomeUnknown if ending else TryLater) from refused
            if isinstance(refused, PASSING):
                raise TryLater from refused
            raise
        finally:
            _give_back(connection, driver)

    def learn(self) -> None:
        """Look what changed for all shops. While the database is away this process goes on with what it knew."""
        with self.for_platform("look what changed", system("watch"), read_only=True) as work:
            self.plugins.known.learn(work)

    def write_sightings(self) -> None:
        """Write down what this process has seen of flags, each shop's in its own context. Never raises."""
        for tenant, seen in self.plugins.known.sightings.take().items():
            try:
                with self.for_shop(tenant, system("flags")) as uow:
                    write(uow, seen)
            except TryLater:
                self.plugins.known.sightings.give_back(tenant, seen)
            except Exception:
                log.exception("what was seen of flags is lost", extra={"tenant": str(tenant)})

    def close(self) -> None:
        self.write_sightings()
        self._shops.dispose()
        self._platform.dispose()


def open_engine(url: str, *, pool_size: int, prepare: bool = True) -> Engine:
    """A pool of connections that begin and commit only when the unit of work says so.

    `prepare=False` where a PgBouncer older than 1.21 stands between: prepared names of different clients clash there.
    """
    return create_engine(
        url,
        isolation_level="AUTOCOMMIT",
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=5,
        pool_reset_on_return=None,
        pool_pre_ping=False,
        # What is written is somebody's, or a secret, and a refusal of the database ends in a log.
        hide_parameters=True,
        connect_args={"prepare_threshold": 2 if prepare else None},
    )


class SlugTaken(Conflict):
    def __init__(self, slug: str) -> None:
        super().__init__(_("Another shop already has the short name “{slug}”.").format(slug=slug))


class ShopDeleted(NotFound):
    def __init__(self) -> None:
        super().__init__(_("This shop has been deleted: nobody can enter it any more."))


class OutcomeUnknown(TryLater):
    """The line broke while the database was told to commit: it may have, or not. The same key again finds out."""

    def __init__(self) -> None:
        super().__init__(_("The connection to the database broke. Please look whether it was saved, then try again."))


class SwallowedError(RuntimeError):
    """Somebody caught an error of the database and went on; PostgreSQL had given the transaction up by then."""

    def __init__(self) -> None:
        super().__init__("the transaction was rolled back, not committed: an error of the database was swallowed")


@contextmanager
def refusing(constraint: str, error: Callable[[], GoldsmithError]) -> Iterator[None]:
    """Where the database guards a rule by `constraint`, raise the rule's own error instead."""
    try:
        yield
    except (DBAPIError, psycopg.Error) as refused:
        if (said := diagnosis(refused)) and said.constraint_name == constraint:
            raise error() from refused
        raise


def diagnosis(refused: DBAPIError | psycopg.Error) -> psycopg.errors.Diagnostic | None:
    """What PostgreSQL itself said about an error, whichever way the statement went."""
    original = refused.orig if isinstance(refused, DBAPIError) else refused
    return original.diag if isinstance(original, psycopg.Error) else None


def _is_of_another_branch(refused: BaseException | None) -> bool:
    """Whatever language PostgreSQL speaks, it names the policy that refused a row."""
    return isinstance(refused, psycopg.errors.InsufficientPrivilege) and BRANCH_GUARD in str(refused)


def _enter(tenant: TenantId, actor: Actor) -> str:
    only = literal(None if actor.branches is None else _array(actor.branches))
    person = _person(actor)
    who = literal(str(person) if person else None)
    return f"SELECT app.enter_shop('{UUID(str(tenant))}', {literal(actor.name)}, {only}, {who})"


def _person(actor: Actor) -> UUID | None:
    """Who acts and nobody else: the house itself may do so in the name of others."""
    return None if actor.kind is ActorKind.SYSTEM else actor.id


def _array(branches: frozenset[UUID]) -> str:
    return "{" + ",".join(str(UUID(str(branch))) for branch in sorted(branches)) + "}"


def _sorted(branches: frozenset[UUID] | None) -> list[UUID] | None:
    return None if branches is None else sorted(branches)


def _seal(scope: Literal["shop", "platform"], work: _Transaction, read_only: bool) -> str:
    if not read_only:
        return f"{sealing(scope, work.actor, work.now, work.recorded)}; "
    if work.recorded is not None:
        raise RuntimeError(f"{work.recorded.action} cannot be recorded where nothing is written")
    return ""


def _begin(engine: Engine, begin: str) -> tuple[Connection, psycopg.Connection[Any], Any]:
    """A connection of the pool with its transaction begun, and the first answer.

    One message, one answer: a round trip less than BEGIN on its own. A connection that the server ended while it lay
    in the pool is replaced: nothing was done on it yet.
    """
    while True:
        try:
            connection = engine.connect()
        except PoolTimeout as full:
            raise TryLater from full
        except DBAPIError as down:
            raise TryLater(_("The database does not answer. Nothing was changed; please try again.")) from down
        driver: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
        try:
            cursor = driver.execute(begin.encode())
            cursor.nextset()
            row = cursor.fetchone()
        except psycopg.Error as refused:
            lay_in_the_pool = driver.closed and "begun" in connection.info
            _give_back(connection, driver)
            if lay_in_the_pool:
                continue
            if isinstance(refused, psycopg.OperationalError):
                raise TryLater from refused
            raise
        connection.info["begun"] = True
        return connection, driver, row[0] if row else None


def _begin_anew(driver: psycopg.Connection[Any], begin: str) -> None:
    driver.execute(f"ROLLBACK; {begin}".encode())


def _cursor(connection: Connection) -> psycopg.Cursor[Any]:
    """One for each connection of the pool: a new one for each statement would learn anew how to write and read."""
    if "cursor" not in connection.info:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        connection.info["cursor"] = driver.cursor()
    cursor: psycopg.Cursor[Any] = connection.info["cursor"]
    return cursor


_rows: dict[str, Callable[[Sequence[Any]], Any]] = {}


def _row_of(sql: str, cursor: psycopg.Cursor[Any]) -> Callable[[Sequence[Any]], Any]:
    """What makes a row that answers by name. The same text always has the same columns, so they are read once."""
    if sql not in _rows:
        if len(_rows) >= MOST_TEXTS:
            _rows.clear()
        _rows[sql] = namedtuple_row(cursor)
    return _rows[sql]


def _give_back(connection: Connection, driver: psycopg.Connection[Any]) -> None:
    status = driver.pgconn.transaction_status
    if status not in (TransactionStatus.IDLE, TransactionStatus.UNKNOWN):
        try:
            driver.execute(b"ROLLBACK")
        except psycopg.Error:
            connection.invalidate()
    elif status == TransactionStatus.UNKNOWN:
        connection.invalidate()
    connection.close()


def _has_been_closed(uow: UnitOfWork) -> bool:
    """Whoever writes in a shop that is to be deleted holds its row, so that it is closed after them or before."""
    if uow.shop.state is not ShopState.PENDING_DELETION:
        return False
    row = select(tenants.c.state).where(tenants.c.id == uow.shop.id).with_for_update(key_share=True)
    return bool(uow.execute(row).scalar_one() == ShopState.DELETED.value)


def _nobody(tenant: TenantId) -> Shop:
    """Stands in until the row is read."""
    return Shop(tenant, 0, "", "", "", "", "en", "UTC", "gregorian", ShopState.SUSPENDED, "", frozenset())


def _load_shop(uow: _Transaction, tenant: TenantId, plugins: Plugins) -> Shop:
    content = func.json_build_array(
        overrides.c.kind, overrides.c.name, overrides.c.enabled, overrides.c.number, overrides.c.until
    )
    in_force = (overrides.c.ended_at.is_(None)) & (overrides.c.until.is_(None) | (overrides.c.until > uow.now))
    granted = select(func.json_agg(content)).where(overrides.c.tenant_id == tenant, in_force).scalar_subquery()
    chosen = select(func.json_object_agg(settings.c.name, settings.c.value)).scalar_subquery()
    row = uow.execute(
        select(
            tenants,
            plans.c.plugins.label("contained"),
            plans.c.limits,
            granted.label("granted"),
            chosen.label("settings"),
        )
        .outerjoin_from(tenants, plans, plans.c.name == tenants.c.plan)
        .where(tenants.c.id == tenant)
    ).one()
    switched: dict[bool, list[str]] = {True: [], False: []}
    limits, ends = dict(row.limits or {}), []
    for kind, name, enabled, number, until in row.granted or ():
        if kind == "plugin":
            switched[enabled].append(name)
        elif number is None:
            limits.pop(name, None)
        else:
            limits[name] = number
        if until is not None:
            ends.append(datetime.fromisoformat(until))
    enabled = plugins.enabled(row.contained or (), added=switched[True], removed=switched[False])
    told = frozenset(name for name in row.told if name in plugins.by_name)
    return Shop(
        id=tenant,
        version=row.version,
        slug=row.slug,
        name=row.name,
        market=row.market,
        currency=row.currency,
        language=row.language,
        zone=row.zone,
        calendar=row.calendar,
        state=ShopState(row.state),
        plan=row.plan,
        plugins=enabled & told,
        limits=limits,
        settings=row.settings or {},
        arriving=enabled - told,
        leaving=told - enabled,
        good_until=min(ends, default=None),
        trial_until=row.trial_until,
    )
