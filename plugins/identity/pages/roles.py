"""What each role may do."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from kernel.contributions import Permission
from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.identity import queries
from plugins.identity.actions.adjust_roles import adjust_roles
from plugins.identity.actions.next_stage import REQUIRE_SECOND_FACTOR
from plugins.identity.domain.user import ADJUSTED_ROLES, Role, permissions_of
from plugins.identity.forms import RolesForm, SecondStepForm
from plugins.identity.pages.tabs import tabs
from plugins.identity.permissions import ADJUST_ROLES
from web.render import page
from web.routing import get, post, redirect


@dataclass(frozen=True, slots=True)
class Line:
    """A permission, who has it, and whether the person at hand may decide about it."""

    name: str
    title: str
    roles: frozenset[Role]
    decidable: bool


@get("/users/roles", permission=ADJUST_ROLES)
def show_roles(request: Request, uow: UnitOfWork) -> Response:
    return page(
        request,
        "identity/roles.html",
        tabs=tabs(uow, "/users/roles"),
        groups=_groups(uow),
        roles=ADJUSTED_ROLES,
        owner=Role.OWNER,
        second_step=uow.setting(REQUIRE_SECOND_FACTOR),
    )


@post(
    "/users/second-step",
    form=SecondStepForm,
    permission=ADJUST_ROLES,
    again=show_roles,
    impersonating=False,
    sensitive=True,
)
def require_second_step(request: Request, uow: UnitOfWork, form: SecondStepForm) -> Response:
    uow.choose(REQUIRE_SECOND_FACTOR, form.required)
    return redirect("/users/roles", say=_("Saved."))


@post("/users/roles", form=RolesForm, permission=ADJUST_ROLES, again=show_roles, impersonating=False, sensitive=True)
def change_roles(request: Request, uow: UnitOfWork, form: RolesForm) -> Response:
    adjust_roles(uow, form)
    return redirect("/users/roles", say=_("Saved. It counts from everybody’s next click."))


def _groups(uow: UnitOfWork) -> list[tuple[str, list[Line]]]:
    """By plugin, as far as it is on."""
    adjusted = queries.adjustments(uow)
    declared: dict[str, list[Permission]] = {}
    for given in uow.plugins.given("permissions"):
        if given.plugin in uow.shop.plugins and Role.OWNER in given.value.roles:
            declared.setdefault(given.plugin, []).append(given.value)
    return [
        (
            _(uow.plugins.by_name[plugin].manifest.title),
            [
                Line(
                    each.name,
                    _(each.title),
                    frozenset(
                        role for role in (Role.OWNER, *ADJUSTED_ROLES) if permissions_of(role, [each], adjusted[role])
                    ),
                    uow.actor.may(each.name),
                )
                for each in permissions
            ],
        )
        for plugin, permissions in declared.items()
    ]
