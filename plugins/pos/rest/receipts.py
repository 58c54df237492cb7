"""How receipts look."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kernel.uow import UnitOfWork
from plugins.pos.actions.choose_receipts import choose_receipts
from plugins.pos.forms import ReceiptsForm
from plugins.shop.public import SETTINGS
from web.routing import put


@put("/api/v1/pos/receipts", form=ReceiptsForm, permission=SETTINGS, status=204)
def api_change_receipts(request: Request, uow: UnitOfWork, form: ReceiptsForm) -> Response:
    """Choose how receipts look, and what discount is given without asking."""
    choose_receipts(uow, form)
    return Response(status_code=204)
