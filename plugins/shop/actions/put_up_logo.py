"""The shop puts its logo on everything it prints."""

from __future__ import annotations

from uuid import UUID

from kernel.uow import UnitOfWork
from plugins.shop import store
from plugins.shop.domain.logo import MEGABYTES_MAX, PictureTooLarge
from plugins.shop.ports import Pictures


def put_up_logo(uow: UnitOfWork, uploaded: bytes, pictures: Pictures) -> UUID:
    """Raises NotAPicture, PictureTooLarge."""
    if len(uploaded) > MEGABYTES_MAX * 1024 * 1024:
        raise PictureTooLarge
    return store.put_logo(uow, pictures.logo(uploaded))
