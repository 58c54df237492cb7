"""How the shop trades in its market."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kernel.uow import UnitOfWork
from plugins.pricing.actions.choose import choose_buyback, choose_terms
from plugins.pricing.forms.terms import BuyBackForm, TermsForm
from plugins.pricing.permissions import EDIT_RULES
from web.routing import put


@put("/api/v1/pricing/terms", form=TermsForm, permission=EDIT_RULES, status=204)
def api_change_terms(request: Request, uow: UnitOfWork, form: TermsForm) -> Response:
    """Choose profit, rounding and the taxes that the market leaves to the shop."""
    choose_terms(uow, form)
    return Response(status_code=204)


@put("/api/v1/pricing/buyback", form=BuyBackForm, permission=EDIT_RULES, status=204)
def api_change_buyback(request: Request, uow: UnitOfWork, form: BuyBackForm) -> Response:
    """Choose how old metal is paid where no buy-back rate is set."""
    choose_buyback(uow, form)
    return Response(status_code=204)
