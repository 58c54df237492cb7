"""Decide who gets what of a flag. Every process knows it within two seconds of the commit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from kernel.flags import Flag, Rule
from kernel.known import FLAGS, raise_version
from kernel.uow import PlatformWork
from plugins.flags import queries, store
from plugins.flags.domain import ALL, KilledAlready, MoreThanAll, NoSuchVariant, NotKilled, without
from plugins.flags.forms import NamedShopForm, SharesForm
from plugins.tenants import public as tenants


def share_out(work: PlatformWork, flag: Flag, form: SharesForm) -> None:
    """Give each variant its part of the shops, and the rest to the first: as it was before."""
    tried = {share.variant: share.percent for share in form.shares}
    if not tried.keys() <= set(flag.variants[1:]):
        raise NoSuchVariant
    rest = ALL - sum(tried.values())
    if rest < 0:
        raise MoreThanAll
    shares = {flag.variants[0]: rest, **tried}
    _decide(work, flag, form.because, lambda rule: replace(rule, shares=shares))


def pull_kill_switch(work: PlatformWork, flag: Flag, because: str) -> None:
    """As it was before, in every shop; what else was decided stays for later."""

    def killed(rule: Rule) -> Rule:
        if rule.killed:
            raise KilledAlready
        return replace(rule, killed=True)

    _decide(work, flag, because, killed)


def release_kill_switch(work: PlatformWork, flag: Flag, because: str) -> None:
    def released(rule: Rule) -> Rule:
        if not rule.killed:
            raise NotKilled
        return replace(rule, killed=False)

    _decide(work, flag, because, released)


def name_shop(work: PlatformWork, flag: Flag, form: NamedShopForm) -> None:
    """This shop has this variant, whatever the shares say. Raises NotFound for a shop that does not exist."""
    if form.variant not in flag.variants:
        raise NoSuchVariant
    shop = tenants.shop_called(work, form.shop).id
    _decide(work, flag, form.because_shop, lambda rule: replace(rule, shops={**rule.shops, shop: form.variant}))


def let_draw_again(work: PlatformWork, flag: Flag, shop: UUID, because: str) -> None:
    """The shop has what the shares give it."""
    _decide(work, flag, because, lambda rule: replace(rule, shops=without(rule.shops, shop)))


def _decide(work: PlatformWork, flag: Flag, because: str, changed: Callable[[Rule], Rule]) -> None:
    # Before anybody has decided, all shops have the default: a kill switch or a named shop changes nothing for others.
    rule = queries.rule_to_change(work, flag.name) or Rule({flag.default: ALL})
    store.decide(work, flag.name, changed(rule), because)
    raise_version(work, FLAGS)
