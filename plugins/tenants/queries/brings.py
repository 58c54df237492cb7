"""What a plugin brings into a shop, from what it declares: shown before it is switched on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kernel.contributions import Scope
from kernel.i18n import _
from kernel.jobs import job_of
from kernel.plugins import Plugins

ROLES = ("owner", "manager", "employee")


@dataclass(frozen=True, slots=True)
class Brings:
    """Titles in the reader's language. `permissions` come with the roles that have them until the shop decides."""

    name: str
    title: str
    summary: str
    pages: tuple[tuple[str, str], ...]
    permissions: tuple[tuple[str, tuple[str, ...]], ...]
    jobs: tuple[str, ...]
    schedules: tuple[tuple[str, str], ...]
    widgets: tuple[str, ...]


def brings(plugins: Plugins, name: str) -> Brings:
    manifest = plugins.by_name[name].manifest

    def given(hook: str) -> Iterator[Any]:
        return (each.value for each in plugins.given(hook) if each.plugin == name)

    return Brings(
        name=name,
        title=_(manifest.title),
        summary=_(manifest.summary),
        pages=tuple((_(one.title), one.path) for one in given("navigation") if one.scope is Scope.SHOP),
        permissions=tuple(
            (_(one.title), tuple(role for role in ROLES if role in one.roles)) for one in given("permissions")
        ),
        jobs=tuple(_(job_of(one).title) for one in given("jobs")),
        schedules=tuple((_(job_of(one.work).title), one.cron) for one in given("schedules")),
        widgets=tuple(_(one.title) for one in given("widgets")),
    )
