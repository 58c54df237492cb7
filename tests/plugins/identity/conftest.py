"""Somebody who owns a shop, by the address they sign in with."""

from __future__ import annotations

import pytest

from kernel.tenancy import Actor, Shop
from kernel.uow import Database
from plugins.identity.public import NewUserForm, add_user_with_password
from tests.plugins.conftest import PASSWORD


@pytest.fixture
def sara(database: Database, shop: Shop, actor: Actor) -> str:
    email = f"sara-{shop.slug}@example.com"
    with database.for_shop(shop.id, actor) as uow:
        add_user_with_password(uow, NewUserForm(name="Sara", email=email, role="owner"), PASSWORD)
    return email
