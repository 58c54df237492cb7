"""What an admin may do in the account of a shop's user (docs/how-to/act-for-a-user.md): look; change things where they
said why and proved who they are; and never what belongs to the user alone, or takes the shop's data along."""

from __future__ import annotations

from starlette.responses import Response

from kernel.access import SignedIn
from kernel.contributions import Route
from kernel.errors import GoldsmithError, NotAllowed
from kernel.i18n import _


class OnlyLooking(NotAllowed):
    def __init__(self) -> None:
        GoldsmithError.__init__(self, _("You are only looking: nothing can be changed in somebody else’s account."))
        self.permission = "impersonation.change"


class TheirsAlone(NotAllowed):
    def __init__(self) -> None:
        sentence = _("This belongs to the person alone: not even an admin does it in their account.")
        GoldsmithError.__init__(self, sentence)
        self.permission = "impersonation.never"


def check_impersonation(route: Route, person: SignedIn) -> None:
    """Raises OnlyLooking, TheirsAlone."""
    acting = person.impersonation
    if acting is None or route.impersonating:
        return
    # Pages ask no addresses of the API; for programs a person's own key is the way.
    if route.impersonating is False or route.own or route.sensitive or route.exports or route.is_api:
        raise TheirsAlone
    if route.changes and not acting.may_change:
        raise OnlyLooking


def check_taken_along(answer: Response, person: SignedIn) -> None:
    """A file to be saved, whatever its address is called. Raises TheirsAlone."""
    kept = answer.headers.get("content-disposition", "").startswith("attachment")
    if kept and person.impersonation is not None:
        raise TheirsAlone
