"""An owner decides which provider vouches for the people of the shop, and for whom."""

from __future__ import annotations

from kernel.errors import BadInput
from kernel.i18n import _
from kernel.safe import Safe
from kernel.uow import UnitOfWork
from plugins.identity import public as identity
from plugins.single_sign_on import queries, store
from plugins.single_sign_on.actions.gate import about_secret
from plugins.single_sign_on.domain import Newcomers, NewcomersNeedDomains, OwnersAlone, Provider
from plugins.single_sign_on.forms import ProviderForm, domains_in
from plugins.single_sign_on.ports import Providers


def configure(uow: UnitOfWork, providers: Providers, safe: Safe, form: ProviderForm) -> None:
    """Raises OwnersAlone, UnfitIssuer, NewcomersNeedDomains, and BadInput where the secret is missing."""
    # Whoever runs the provider may come in as anybody for whom it vouches, whatever their role was adjusted to.
    if uow.actor.id is None or identity.user(uow, uow.actor.id).role is not identity.Role.OWNER:
        raise OwnersAlone
    providers.check(form.issuer)
    newcomers, domains = Newcomers(form.newcomers), domains_in(form.domains or "")
    if newcomers is not Newcomers.NOBODY and not domains:
        raise NewcomersNeedDomains
    before = queries.provider(uow)
    if before and (before.issuer, before.client_id) != (form.issuer, form.client_id):
        before = None
    provider = Provider(
        issuer=form.issuer,
        client_id=form.client_id,
        secret=_secret(uow, safe, form, before),
        title=form.title or "",
        domains=domains,
        newcomers=newcomers,
        own_ways=form.own_ways,
        is_on=form.is_on,
    )
    store.set_provider(uow, provider)
    if before is None or not provider.is_on:
        # What the one before has vouched for ends with it.
        identity.end_confined(uow)
    # Where nobody vouches, everybody needs a way of their own.
    identity.allow_own_ways(uow, provider.own_ways or not provider.is_on)


def _secret(uow: UnitOfWork, safe: Safe, form: ProviderForm, before: Provider | None) -> bytes:
    if form.secret:
        return safe.lock(form.secret.encode(), about_secret(uow))
    # What was told to one provider is not sent to another.
    if before is None:
        raise BadInput({"secret": _("Please enter the secret that this provider gave you.")})
    return before.secret
