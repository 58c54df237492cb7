"""Somebody does without what they had beside their password."""

from __future__ import annotations

from uuid import UUID

from kernel.errors import NotFound
from kernel.i18n import language
from kernel.uow import PlatformWork
from plugins.identity import queries, store
from plugins.identity.domain.factor import NeedsFactor
from plugins.identity.domain.letter import About


def remove_app(work: PlatformWork, person: UUID, *, required: bool) -> None:
    """`required`: the shop they are in wants everybody to have a factor. Raises NeedsFactor, NotFound."""
    check_spare(work, person, required=required)
    if not store.remove_app(work, person):
        raise NotFound
    tidy_up(work, person)
    store.put_letter(work, person, About.APP_REMOVED, language())


def check_spare(work: PlatformWork, person: UUID, *, required: bool) -> None:
    """May one factor go? Raises NeedsFactor."""
    # Of two that are removed at once, the second sees that the first is gone.
    store.hold_person(work, person)
    if (required or queries.is_admin(work, person)) and not queries.factors(work, person).are_several:
        raise NeedsFactor


def tidy_up(work: PlatformWork, person: UUID) -> None:
    """Without a factor there is nothing that recovery codes could stand in for."""
    if not queries.factors(work, person).any:
        store.drop_recovery_codes(work, person)
