"""The addresses of the installation, from its route table, and the ids in a shop that they are about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice, product
from typing import get_type_hints
from uuid import UUID

from httpx import Response
from psycopg import sql

from kernel.contributions import Route, Scope
from kernel.plugins import Plugins
from kernel.tenancy import Shop, TenantId
from tests.house.typed import filled, pairs
from tests.plugins.browser import Browser
from tests.rows import Superuser, tenant_tables

#: What stands in an address where no id does. A new kind of word is added here the day it appears.
WORDS = {
    "plugin": "branches",
    "slug": "no-such-shop",
    "number": "1",
    "paper": "a4",
    "widget": "pricing.rates",
    "schedule": "audit.check",
    "part": "health",
    "plan": "all",
    "flag": "pos.shows_keys",
}

#: How many combinations of ids are tried before we say that there is none.
TRIES_MAX = 150


@dataclass(frozen=True, slots=True)
class Address:
    """One route and the plugin that answers it."""

    plugin: str
    route: Route

    def __str__(self) -> str:
        return f"{self.route.method} {self.route.path}"

    @property
    def names(self) -> list[str]:
        """What stands in braces."""
        return re.findall(r"{(\w+)}", self.route.path)

    @property
    def ids(self) -> list[str]:
        """Those of them that are ids."""
        hints = get_type_hints(self.route.endpoint)
        return [name for name in self.names if getattr(hints.get(name), "__supertype__", hints.get(name)) is UUID]

    @property
    def is_in_letters(self) -> bool:
        """Behind a link that is handed over, in a letter or by a shop: it opens in the tests of who hands it over."""
        return "token" in self.names or "slug" in self.names

    def at(self, values: Mapping[str, str]) -> str:
        return self.route.path.format_map({**WORDS, **values})


def addresses(plugins: Plugins, *, scope: Scope | None = None, changes: bool | None = None) -> list[Address]:
    """Every route there is, or those of a scope that change something or do not."""
    return [
        Address(given.plugin, given.value)
        for given in plugins.given("routes")
        if scope in (None, given.value.scope) and changes in (None, given.value.changes)
        if "{widget}" not in given.value.path or owner_of_widget() in plugins.by_name
    ]


def owner_of_widget() -> str:
    """The plugin whose card stands for all."""
    return WORDS["widget"].split(".")[0]


class Belongings:
    """The ids in a shop by their tables, and which of them an address is about."""

    def __init__(self, connection: Superuser, shop: TenantId, plugins: Plugins) -> None:
        self.ids: dict[str, list[str]] = {}
        self._plugins = {given.value.name: given.plugin for given in plugins.given("tables")}
        self._found: dict[str, dict[str, str] | None] = {}
        for table in tenant_tables(connection):
            if found := _ids(connection, table, shop):
                self.ids[table] = found
        self._of = {one: table for table, many in self.ids.items() for one in many}
        self._tables: dict[str, str] = {}

    def of(self, browser: Browser, address: Address) -> dict[str, str] | None:
        """Ids for which a reading address opens; None when nothing of this shop fits. It remembers what it found."""
        if str(address) not in self._found:
            self._found[str(address)] = self._sought(browser, address)
        return self._found[str(address)]

    def _sought(self, browser: Browser, address: Address) -> dict[str, str] | None:
        tables = product(*(self._likely(name, address.plugin) for name in address.ids))
        tried = (values for some in tables for values in product(*(self.ids[table] for table in some)))
        for values in islice(tried, TRIES_MAX):
            chosen = dict(zip(address.ids, values, strict=True))
            if opens(browser, address, chosen):
                self._tables |= {name: self._of[value] for name, value in chosen.items()}
                return chosen
        return None

    def probably(self, names: list[str]) -> dict[str, str]:
        """Ids for an address that changes something, by what was learned from those that do not."""
        return {name: self.likely_one(name) for name in names}

    def likely_one(self, name: str) -> str:
        return self.likely(name)[0]

    def likely(self, name: str) -> list[str]:
        """One id of every table, the likely ones first."""
        return [self.ids[table][0] for table in self._likely(name)]

    def _likely(self, name: str, plugin: str = "") -> list[str]:
        def distance(table: str) -> tuple[bool, bool, bool, int, str]:
            # A category is in `categories`, and a branch in `branches` rather than in `branch_closings`.
            named = name.rstrip("sy") in table
            return self._tables.get(name) != table, not named, self._plugins.get(table) != plugin, len(table), table

        return sorted(self.ids, key=distance)


def of_the_platform(connection: Superuser, address: Address, shop: Shop | TenantId) -> dict[str, str]:
    """Ids for an address of the platform: this shop, its newest job, the newest of whatever else has a table."""
    id = shop.id if isinstance(shop, Shop) else shop
    return {name: _newest(connection, name, id) or str(id) for name in address.ids}


def _newest(connection: Superuser, name: str, shop: TenantId) -> str | None:
    """Of the platform, or of this shop where the table is the shops'."""
    table = {"job": "outbox"}.get(name, f"{name}s")
    for schema, condition in (("platform", "true"), ("shop", "tenant_id = %s")):
        known = connection.execute("SELECT to_regclass(%s) IS NOT NULL", (f"{schema}.{table}",)).fetchone()
        if name != "shop" and known and known[0]:
            asked = sql.SQL(f"SELECT id::text FROM {{}} WHERE {condition} ORDER BY id DESC LIMIT 1")
            found = connection.execute(asked.format(sql.Identifier(schema, table)), (shop,) if schema == "shop" else ())
            return next((id for (id,) in found), None)
    return None


def opens(browser: Browser, address: Address, ids: Mapping[str, str]) -> bool:
    """Asked for as it is, or with something in its query."""
    path, query = address.at(ids), address.route.query
    return browser.get(path).status_code < 400 or (
        query is not None
        and any(
            browser.get(path, params=pairs(filled(query, sparingly=sparingly))).status_code < 400
            for sparingly in (False, True)
        )
    )


def _ids(connection: Superuser, table: str, shop: TenantId) -> list[str]:
    has_id = connection.execute(
        "SELECT true FROM pg_attribute WHERE attrelid = %s::regclass AND attname = 'id' AND atttypid = 'uuid'::regtype",
        (f"shop.{table}",),
    ).fetchone()
    if not has_id:
        return []
    asked = sql.SQL("SELECT id::text FROM shop.{} WHERE tenant_id = %s ORDER BY id DESC LIMIT 3")
    return [one for (one,) in connection.execute(asked.format(sql.Identifier(table)), (shop,))]


def everything(connection: Superuser, shop: Shop) -> dict[str, str]:
    """A fingerprint of each table of a shop: the same while nothing is written."""
    tables = tenant_tables(connection)
    asked = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {}, count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0) FROM shop.{} AS t "
                "WHERE tenant_id = {}").format(sql.Literal(table), sql.Identifier(table), sql.Literal(shop.id))
        for table in tables
    )  # fmt: skip
    return dict(connection.execute(asked).fetchall())


def said(answer: Response, *about: str) -> tuple[int, str]:
    """An answer without the ids it is about and what differs from one request to the next."""
    text = answer.text
    for one in about:
        text = text.replace(one, "…")
    # Ids of requests, and the proof of a page, which is another one in each.
    return answer.status_code, re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{128}", "…", text)
