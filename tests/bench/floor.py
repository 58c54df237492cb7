"""The floor: the same SQL without the product, sent by pgbench as the application role, prepared.

What the product sends for one request is written down as it is sent, by the product itself running in this process
with another kind of cursor. Values that differ from request to request become variables, which pgbench takes from a
table; so the floor follows the product, and only Python and HTTP are missing from it.
"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import httpx
from psycopg import Cursor, sql
from psycopg.types.json import Json, Jsonb
from sqlalchemy import Engine, event
from starlette.applications import Starlette

from adapters.container import Container
from tests.bench.installation import Installation
from tests.bench.load import Shot
from tests.bench.measure import costing
from web.app import build

#: A client of pgbench takes other values from the table after so many transactions; in between it repeats itself.
REFRESH_EVERY = 10
TABLE = "public.bench_shots"


@dataclass(frozen=True, slots=True)
class Sent:
    """A statement as the driver got it: one round trip."""

    text: str
    values: Mapping[str, Any]

    @property
    def in_short(self) -> str:
        return " ".join(self.text.split())[:100]


@dataclass(slots=True)
class Recorder:
    """The product in this process, and every statement it sends for a shop."""

    app: Starlette
    cookie: str
    sent: list[Sent] = field(default_factory=list)

    def statements_of(self, shot: Shot) -> list[Sent]:
        """What the product sends for a request. Raises RuntimeError when it refuses the request."""
        fresh = str(uuid4())
        headers = {name: value.replace("{uuid}", fresh) for name, value in shot.headers.items()}
        asyncio.run(self._ask(shot, headers, fresh))
        return [Sent(one.text, {**one.values, "": fresh}) for one in self.sent]

    async def _ask(self, shot: Shot, headers: dict[str, str], fresh: str) -> None:
        door = httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://localhost")
        async with door:
            for _time in range(2):  # the first may have to recognise somebody, or to load a shop
                self.sent.clear()
                body = shot.body.replace("{uuid}", fresh if _time else str(uuid4()))
                answer = await door.request(shot.method, shot.path, headers=headers, content=body)
                if answer.status_code >= 300:
                    raise RuntimeError(f"{shot.method} {shot.path}: {answer.status_code} {answer.text}")

    def watch(self, engine: Engine) -> None:
        sent = self.sent

        class Recording(Cursor[Any]):
            def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
                text = str(query, "utf-8") if isinstance(query, bytes) else str(query)
                sent.append(Sent(text, dict(params or {})))
                return super().execute(query, params, **options)

        @event.listens_for(engine, "do_connect")
        def _record(_dialect: Any, _record: Any, _args: Any, options: dict[str, Any]) -> None:
            options["cursor_factory"] = Recording


@contextmanager
def recorder(house: Installation) -> Iterator[Recorder]:
    container = Container(config=house.config)
    whole = container.house()
    watching = Recorder(build(whole), whole.session_cookie)
    watching.watch(container.shop_engine())
    try:
        yield watching
    finally:
        whole.database.close()


def floor(house: Installation, requests: Sequence[Sequence[Sent]], clients: int, seconds: float) -> dict[str, Any]:
    """What pgbench gets out of the database with the statements of these requests."""
    script, columns = _script(requests)
    _fill(house, columns)
    path = house.folder / "floor.sql"
    path.write_text(script)
    log = house.folder / "floor"
    for old in house.folder.glob("floor.*[0-9]"):
        old.unlink()
    with costing(database=house.database_processes) as cost:
        ran = subprocess.run(
            [
                str(house.postgres.programs / "pgbench"), "--no-vacuum", "--protocol=prepared", f"--client={clients}",
                f"--jobs={min(clients, 2)}", f"--time={max(round(seconds), 1)}", "--define=turn=0", "--log",
                f"--define=shots={len(requests)}", f"--log-prefix={log}", f"--file={path}", house.url("goldsmith_app"),
            ],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    with house.superuser() as admin:
        admin.execute(f"DROP TABLE {TABLE}")
    if ran.returncode or "aborted" in ran.stderr:
        raise RuntimeError(ran.stderr)
    took = sorted(
        int(line.split()[2]) for file in house.folder.glob("floor.*[0-9]") for line in file.read_text().splitlines()
    )
    return {
        "operations": len(took),
        **{f"p{q}_ms": round(took[min(len(took) - 1, len(took) * q // 100)] / 1000, 2) for q in (50, 95, 99)},
        "per_second": round(float(re.findall(r"tps = ([0-9.]+)", ran.stdout)[0]), 1),
        "cpu_ms": cost.per_operation(len(took)),
        "others_busy": cost.others,
    }


# From statements to a script

Columns = dict[str, list[str]]


def _script(requests: Sequence[Sequence[Sent]]) -> tuple[str, Columns]:
    """A transaction of pgbench, and for each of its variables the value of every request."""
    first = requests[0]
    if any(len(request) != len(first) for request in requests):
        raise ValueError("requests of the same kind send a different number of statements")
    columns: Columns = {}
    body: list[str] = []
    counted = ""
    for place, statements in enumerate(zip(*requests, strict=True)):
        lines = [_with_variables(statements, f"s{place}", columns, counted)]
        parts = [part.strip() for part in lines[0].split(";") if part.strip()]
        if len(parts) > 1:
            # One message with several statements is one round trip here, too.
            body += ["\\startpipeline", *(f"{part};" for part in parts), "\\endpipeline"]
        elif "shop.counters" in parts[0] and "RETURNING" in parts[0]:
            counted = f"n{place}_value"
            body.append(f"{parts[0]} \\gset n{place}_")
        else:
            body.append(f"{parts[0]};")
    return "\n".join([*_refresh(columns), "\\set fresh random(1, 9007199254740991)", *body, ""]), columns


def _refresh(columns: Columns) -> list[str]:
    names = ", ".join(columns)
    return [
        f"\\if :turn % {REFRESH_EVERY} = 0",
        "\\set pick random(1, :shots)",
        f"SELECT {names} FROM {TABLE} WHERE pick = :pick \\gset",
        "\\endif",
        "\\set turn :turn + 1",
    ]


# A value with a name; one that is written into the text, be it an id or (for the audit trail) a moment.
_PLACEHOLDER = re.compile(
    r"%\((\w+)\)s|(?<!E)'([0-9a-f]{8}-[0-9a-f-]{27})'|E'([0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT[0-9:.+]+)'|%%"
)
_FRESH = "lpad(to_hex(:fresh::bigint), 32, '0')::uuid"


def _with_variables(statements: Sequence[Sent], prefix: str, columns: Columns, counted: str) -> str:
    """The text that these have in common, with a variable for every value."""
    texts = {_PLACEHOLDER.sub("?", one.text) for one in statements}
    if len(texts) != 1:
        raise ValueError(f"not the same statement each time: {texts}")
    literals = iter(range(1_000))

    def variable(found: re.Match[str]) -> str:
        name, an_id, other = found.groups()
        if name is None and an_id is None and other is None:
            return "%"
        if name is None:
            place = next(literals)
            columns[f"{prefix}_w{place}"] = [
                [an_id or other for _name, an_id, other in _PLACEHOLDER.findall(one.text) if an_id or other][place]
                for one in statements
            ]
            return f":{prefix}_w{place}{'::uuid' if an_id else ''}"
        values = [one.values[name] for one in statements]
        if all(str(value) == one.values[""] for value, one in zip(values, statements, strict=True)):
            return _FRESH
        if all(value is None for value in values):
            return "NULL"
        if name == "number" and counted:
            return f":{counted}"
        written_out = [
            _written(value).replace(one.values[""], "{uuid}") for value, one in zip(values, statements, strict=True)
        ]
        columns[f"{prefix}_{name}"] = written_out
        if "{uuid}" in written_out[0]:
            return f"replace(:{prefix}_{name}, '{{uuid}}', ({_FRESH})::text)"
        return f":{prefix}_{name}{_cast(values[0])}"

    return _PLACEHOLDER.sub(variable, " ".join(statements[0].text.split()))


def _cast(value: object) -> str:
    """The type that the driver would name; for the rest PostgreSQL finds it, as it does for the driver."""
    kinds: list[tuple[type, str]] = [
        (UUID, "::uuid"), (bytes, "::bytea"), (datetime, "::timestamptz"), (date, "::date"), (Decimal, "::numeric"),
    ]  # fmt: skip
    return next((name for kind, name in kinds if isinstance(value, kind)), "")


def _written(value: object) -> str:
    """As PostgreSQL reads it."""
    match value:
        case bool():
            return "true" if value else "false"
        case bytes():
            return f"\\x{value.hex()}"
        case list() | tuple():
            return "{" + ",".join("NULL" if one is None else json.dumps(_written(one)) for one in value) + "}"
        case Json() | Jsonb():
            return json.dumps(value.obj)
        case _:
            return str(value)


def _fill(house: Installation, columns: Columns) -> None:
    """The variables' values, one row for each request."""
    rows = list(zip(*columns.values(), strict=True))
    names = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(name)) for name in columns)
    with house.superuser() as admin:
        admin.execute(f"DROP TABLE IF EXISTS {TABLE}")
        made = sql.SQL("CREATE TABLE {} (pick integer PRIMARY KEY, {})")
        admin.execute(made.format(sql.Identifier(*TABLE.split(".")), names))
        with admin.cursor() as cursor, cursor.copy(f"COPY {TABLE} FROM STDIN") as copy:
            for pick, row in enumerate(rows, 1):
                copy.write_row((pick, *row))
        admin.execute(f"ANALYZE {TABLE}")
        admin.execute(f"GRANT SELECT ON {TABLE} TO goldsmith_app")
        admin.execute("GRANT USAGE ON SCHEMA public TO goldsmith_app")
