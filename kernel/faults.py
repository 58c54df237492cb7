"""The book of faults: what broke, each kind once, for whoever runs the installation.

It is written in a transaction of its own, past the one that failed, and never breaks what is answered. Somebody's data
does not get in: of an exception its class, where it was raised, and its first line without whatever may be a name.
"""

from __future__ import annotations

import logging
import re
import traceback
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal
from uuid import UUID

from sqlalchemy import delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert

from kernel.errors import GoldsmithError
from kernel.ids import new_id
from kernel.tables import fault_times, faults
from kernel.tenancy import system
from kernel.uow import Database, PlatformWork

log = logging.getLogger(__name__)

Kind = Literal["page", "part", "job", "schedule"]

HOUSE = Path(__file__).resolve().parent.parent
UNIT_OF_WORK = HOUSE / "kernel" / "uow.py"
#: So many kinds are kept, and of each so many times that it happened.
MOST_KINDS, MOST_TIMES = 1_000, 100
#: Looked after once in so many times of a kind, not each time.
SWEEP_EVERY = 50
LONGEST_LINE = 200

#: What may be somebody's: in quotes or brackets, an address, a number, anything that is not plain English.
_THEIRS = re.compile(r"""'[^']*'|"[^"]*"|“[^”]*”|`[^`]*`|\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}|\S+@\S+|\S*\d\S*|[^ -~]+""")


@dataclass(frozen=True, slots=True)
class Description:
    """What is kept of an exception. `raised_at` is the last place in our own code that it came through."""

    error: str
    line: str
    raised_at: str

    def fingerprint(self, kind: Kind, place: str) -> bytes:
        """The same for the same fault at the same place: the line of code may move, and the words may differ."""
        function = self.raised_at.partition(":")[0] + self.raised_at.rpartition(" ")[2]
        return sha256("\0".join((kind, place, self.error, function)).encode()).digest()


def note(
    database: Database,
    kind: Kind,
    place: str,
    fault: BaseException,
    *,
    number: UUID | None = None,
    shop: UUID | None = None,
    request: str = "",
) -> UUID:
    """Write down that something broke. Answers the number under which it is found; never raises."""
    number = number or new_id()
    try:
        with database.for_platform("note a fault", system("faults")) as work:
            _write(work, kind, place, described(fault), number, shop, request)
            work.signal("faults")
    except Exception:
        log.exception("fault %s could not be noted", number)
    return number


def described(fault: BaseException) -> Description:
    """Of what the database refused, its own name for it."""
    cause = getattr(fault, "orig", None) or fault
    kind = type(cause)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    # A rule's sentence is for the person at the till, and names what they typed.
    said = "" if isinstance(cause, GoldsmithError) else str(cause)
    return Description(name, _without_theirs(said), _last_of_ours(fault))


def _without_theirs(said: str) -> str:
    first = said.strip().partition("\n")[0][: 4 * LONGEST_LINE]
    return re.sub(r"…(\s*…)+", "…", _THEIRS.sub("…", first))[:LONGEST_LINE]


def _last_of_ours(fault: BaseException) -> str:
    """`plugins/pos/actions/sell.py:41 sell`; of what was raised outside of our code, nothing."""
    for frame in reversed(traceback.extract_tb(fault.__traceback__)):
        path = Path(frame.filename)
        # Every statement goes through the unit of work: who sent it says more.
        if path.is_relative_to(HOUSE) and "site-packages" not in path.parts and path != UNIT_OF_WORK:
            return f"{path.relative_to(HOUSE)}:{frame.lineno} {frame.name}"
    return ""


def _write(
    work: PlatformWork, kind: Kind, place: str, what: Description, number: UUID, shop: UUID | None, request: str
) -> None:
    known = insert(faults).values(
        id=new_id(),
        fingerprint=what.fingerprint(kind, place),
        kind=kind,
        place=place,
        error=what.error,
        line=what.line,
        raised_at=what.raised_at,
        first_at=work.now,
        last_at=work.now,
    )
    # What comes back has not been mended: it stands among the open ones again.
    again = {
        "times": faults.c.times + 1,
        "last_at": work.now,
        "line": what.line,
        "raised_at": what.raised_at,
        "resolved_at": None,
        "resolved_by": None,
    }
    kept = known.on_conflict_do_update(index_elements=["fingerprint"], set_=again)
    counted = kept.returning(faults.c.id, faults.c.times).cte("counted")
    happened = insert(fault_times).from_select(
        ["id", "fault_id", "at", "tenant_id", "request"],
        select(
            literal(number, fault_times.c.id.type),
            counted.c.id,
            literal(work.now, fault_times.c.at.type),
            literal(shop, fault_times.c.tenant_id.type),
            literal(request[:LONGEST_LINE]),
        ),
    )
    noted = happened.returning(fault_times.c.id).cte("happened")
    row = work.execute(select(counted.c.id, counted.c.times).add_cte(noted)).one()
    if row.times % SWEEP_EVERY == 0:
        _forget_times(work, row.id)
    if row.times == 1:
        _forget_kinds(work)


def _forget_times(work: PlatformWork, fault: UUID) -> None:
    of_it = fault_times.c.fault_id == fault
    last = select(fault_times.c.at).where(of_it).order_by(fault_times.c.at.desc()).offset(MOST_TIMES).limit(1)
    work.execute(delete(fault_times).where(of_it, fault_times.c.at <= last.scalar_subquery()))


def _forget_kinds(work: PlatformWork) -> None:
    """What is resolved goes first, then what has not happened for longest."""
    if work.execute(select(func.count()).select_from(faults)).scalar_one() <= MOST_KINDS:
        return
    newest = select(faults.c.id).order_by(faults.c.resolved_at.is_(None).desc(), faults.c.last_at.desc())
    work.execute(delete(faults).where(faults.c.id.in_(newest.offset(MOST_KINDS))))
