"""Where documents are booked: which account plays which part."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.accounting.actions import edit_chart
from plugins.accounting.domain.chart import PARTS
from plugins.accounting.forms import PartForm
from plugins.accounting.permissions import EDIT_CHART
from plugins.accounting.queries import chart
from web.render import formats, page
from web.routing import get, post, redirect


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part of the shop's documents and the account that plays it."""

    role: str
    title: str
    account: UUID
    code: str
    name: str


@get("/books/parts", permission=EDIT_CHART)
def list_parts(request: Request, uow: UnitOfWork) -> Response:
    show = formats(request)
    accounts = {one.id: one for one in chart.all_accounts(uow)}
    rows = [
        PartRow(role, part_title(role), account, accounts[account].code, accounts[account].name)
        for role, account in chart.roles(uow).items()
    ]
    return page(
        request,
        "accounting/parts.html",
        rows=rows,
        parts=[(row.role, row.title) for row in rows],
        accounts=[(one.id, f"{show.digits(one.code)} · {one.name}") for one in accounts.values() if one.is_active],
    )


@post("/books/parts", form=PartForm, permission=EDIT_CHART, again=list_parts)
def book_to(request: Request, uow: UnitOfWork, form: PartForm) -> Response:
    edit_chart.book_to(uow, form.role, form.account)
    return redirect("/books/parts", say=_("From now on it is booked there. What is posted stays where it is."))


def part_title(role: str) -> str:
    """A tax of its own is shown by its name, which its market has: `tax.CGST` is CGST."""
    return _(PARTS[role]) if role in PARTS else _(role.partition(".")[2] or role)
