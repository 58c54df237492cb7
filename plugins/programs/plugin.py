"""Programs: the tokens and keys with which they use a shop's API in somebody's name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Table

from kernel.access import SignedIn
from kernel.contributions import AnswerKeeper, Entry, Manifest, Route, Slot
from kernel.hooks import hookimpl
from kernel.i18n import N_
from kernel.jobs import Schedule
from plugins.programs import pages, rest
from plugins.programs.actions.keep_answer import keep, kept
from plugins.programs.actions.recognise import recognise
from plugins.programs.jobs import forget_answers
from plugins.programs.ports import Passes
from plugins.programs.tables import kept_answers, program_keys
from web.routing import routes_in


@hookimpl
def manifest() -> Manifest:
    summary = N_("Tokens and keys with which programs use the shop in somebody’s name.")
    return Manifest("programs", N_("Programs"), summary, requires=("identity",), platform=True)


@hookimpl
def routes() -> list[Route]:
    return [*routes_in(pages), *routes_in(rest)]


@hookimpl
def navigation() -> list[Entry]:
    return [Entry(N_("Keys for programs"), "/account/keys", "plug", None, order=520, place="person")]


@hookimpl
def slots() -> list[Slot]:
    return [pages.OF_PERSON]


@hookimpl
def tables() -> list[Table]:
    return [program_keys, kept_answers]


@hookimpl
def ports() -> list[type[Any]]:
    return [Passes]


@hookimpl
def bearers() -> list[Callable[..., SignedIn | None]]:
    return [recognise]


@hookimpl
def answer_keepers() -> list[AnswerKeeper]:
    return [AnswerKeeper(kept, keep)]


@hookimpl
def jobs() -> list[Callable[..., None]]:
    return [forget_answers]


@hookimpl
def schedules() -> list[Schedule]:
    return [Schedule("programs.forget", "10 4 * * *", forget_answers)]
