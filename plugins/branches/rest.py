"""Branches and tills for programs: a till in another shape needs to know where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request

from kernel.uow import UnitOfWork
from plugins.branches import queries
from plugins.branches.permissions import SEE_BRANCHES
from web.routing import get


@dataclass(frozen=True, slots=True)
class TillAnswer:
    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class BranchAnswer:
    id: UUID
    code: str
    name: str
    tills: list[TillAnswer]


@dataclass(frozen=True, slots=True)
class BranchesAnswer:
    branches: list[BranchAnswer]


@get("/api/v1/branches", permission=SEE_BRANCHES, answers=BranchesAnswer)
def api_list_branches(request: Request, uow: UnitOfWork) -> BranchesAnswer:
    """The open branches with their tills."""
    tills = queries.open_terminals(uow)
    return BranchesAnswer(
        [
            BranchAnswer(
                branch.id,
                branch.code,
                branch.name,
                [TillAnswer(till.id, till.name) for till in tills if till.branch == branch.id],
            )
            for branch in queries.open_branches(uow)
        ]
    )
