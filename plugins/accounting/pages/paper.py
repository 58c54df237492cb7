"""Books on paper, below the shop's head, in the language of whoever prints them."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.responses import Response

from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.shop.public import Figure, Sheet, Table, letterhead
from web.formats import Formats, direction


def book_sheet(
    uow: UnitOfWork,
    show: Formats,
    title: str,
    subtitle: str,
    *,
    facts: Iterable[Figure] = (),
    tables: tuple[Table, ...],
    is_wide: bool = False,
) -> Sheet:
    """It says when and by whom it was printed: the books may go on meanwhile."""
    printed = (Figure(_("Printed"), show.datetime(uow.now)), Figure(_("By"), uow.actor.name))
    return Sheet(
        language=show.language,
        direction=direction(show.language),
        title=title,
        at=uow.now,
        letterhead=letterhead(uow, show.language),
        subtitle=subtitle,
        facts=(*facts, *printed),
        tables=tables,
        is_wide=is_wide,
    )


def as_file(pdf: bytes, name: str) -> Response:
    return Response(
        pdf, media_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}.pdf"'}
    )
