"""People of a shop come in by the provider that its owner chose, and nobody else does."""

from __future__ import annotations

import pytest

from plugins.identity.public import add_admin
from tests.plugins.conftest import PASSWORD
from tests.plugins.single_sign_on.conftest import asked, comes, said


def test_a_newcomer_comes_in_as_what_the_owner_chose(shop, set_up, person, browser):
    owner = set_up(shop, newcomers="employee")
    mina, visitor = person("mina"), browser()
    answer = comes(visitor, shop, mina, next="/branches")
    assert answer.status_code == 303, said(answer)
    assert (answer.status_code, answer.headers["location"]) == (303, "/branches")
    assert visitor.get("/branches").status_code == 200
    people = owner.get("/users").text
    assert mina.email in people
    assert visitor.get("/users/roles").status_code == 403
