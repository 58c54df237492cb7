"""The shop decides what its labels look like."""

from __future__ import annotations

from kernel.errors import BadInput
from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.labels.domain.choices import LAYOUT, OWN_LAYOUT, PRICE, SHOWN_FIELDS, freeze_layout, layouts
from plugins.labels.domain.layout import OWN
from plugins.labels.forms import ChoicesForm


def choose(uow: UnitOfWork, wanted: ChoicesForm) -> None:
    """Raises BadInput for a layout that there is not, or that does not fit its page."""
    own = freeze_layout(wanted.own.layout()) if wanted.layout == OWN else None
    if wanted.layout not in layouts(own):
        raise BadInput({"layout": _("Please choose one from the list.")})
    if own is not None:
        uow.choose(OWN_LAYOUT, own)
    uow.choose(LAYOUT, wanted.layout)
    uow.choose(SHOWN_FIELDS, [shown.value for shown in wanted.shown])
    uow.choose(PRICE, wanted.price.value)
