"""No address that belongs to a user alone is open to an admin who acts in their account, whichever plugin brings it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kernel.access import Impersonation, SignedIn
from kernel.contributions import Route, Scope
from kernel.ids import new_id
from kernel.plugins import Plugins
from kernel.tenancy import Actor, ActorKind, TenantId
from tests.house.addresses import addresses
from web.impersonation import OnlyLooking, TheirsAlone, check_impersonation

#: What these bring is about passwords, factors, sessions, keys, roles and invitations.
OF_CREDENTIALS = ("identity", "programs", "single_sign_on")


def acting(*, may_change: bool) -> SignedIn:
    admin = Actor(ActorKind.PLATFORM, new_id(), "Ada", subject_id=new_id(), subject="Mina")
    until = datetime(2025, 6, 2, 10, tzinfo=UTC)
    return SignedIn(TenantId(new_id()), admin, new_id(), "", impersonation=Impersonation(until, may_change))


def refuses(route: Route, *, may_change: bool) -> type[Exception] | None:
    try:
        check_impersonation(route, acting(may_change=may_change))
    except (OnlyLooking, TheirsAlone) as refused:
        return type(refused)
    return None


def test_credentials_are_changed_by_nobody_else(plugins: Plugins):
    changing = addresses(plugins, scope=Scope.SHOP, changes=True)
    theirs = [each for each in changing if each.plugin in OF_CREDENTIALS and each.route.path != "/account/prove"]
    assert len(theirs) > 10
    assert [str(each) for each in theirs if refuses(each.route, may_change=True) is not TheirsAlone] == []


def test_who_only_looks_changes_nothing(plugins: Plugins):
    open_ = {
        str(each)
        for each in addresses(plugins, scope=Scope.SHOP, changes=True)
        if refuses(each.route, may_change=False) is None
    }
    # The bell opens and stays unread.
    assert open_ == {"POST /impersonation", "POST /impersonation/leave", "POST /account/prove", "POST /bell"}


def test_no_list_is_taken_along_and_no_program_speaks(plugins: Plugins):
    shops = addresses(plugins, scope=Scope.SHOP)
    closed = [each for each in shops if each.route.exports or each.route.is_api or each.route.sensitive]
    open_ = [str(each) for each in closed if refuses(each.route, may_change=True) is None]
    assert sorted(open_) == ["GET /impersonation", "POST /impersonation"]


@pytest.mark.parametrize("may_change", [False, True])
def test_pages_can_be_looked_at(plugins: Plugins, may_change: bool):
    pages = [each for each in addresses(plugins, scope=Scope.SHOP, changes=False) if not each.route.is_api]
    assert sum(refuses(each.route, may_change=may_change) is None for each in pages) > 50
