"""The shop says what it is called, where it is found and how it writes."""

from __future__ import annotations

from kernel.uow import UnitOfWork
from plugins.shop import store
from plugins.shop.domain.choices import ADDRESSES, EMAIL, HEADINGS, HOURS, NAMES, PHONES, TAX_NUMBER, WEBSITE
from plugins.shop.forms import ShopForm


def introduce(uow: UnitOfWork, wanted: ShopForm) -> None:
    store.change(uow, name=wanted.name, language=wanted.language, zone=wanted.zone, calendar=wanted.calendar)
    for setting, value in (
        (NAMES, dict(wanted.names)),
        (HEADINGS, dict(wanted.headings)),
        (ADDRESSES, dict(wanted.addresses)),
        (HOURS, dict(wanted.hours)),
        (PHONES, wanted.phones),
        (EMAIL, wanted.email or ""),
        (WEBSITE, wanted.website),
        (TAX_NUMBER, wanted.tax_number),
    ):
        if uow.setting(setting) != value:
            uow.choose(setting, value)
    uow.renew_shop()
