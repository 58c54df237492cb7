"""What proves that a change comes from one of our own pages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from kernel.tenancy import Shop
from plugins.identity.domain.session import Token
from tests.plugins.browser import Browser
from tests.plugins.conftest import app, browser, signed_in
from web.guard import masked

__all__ = ["app", "browser", "signed_in"]

SignedIn = Callable[..., Browser]


def proofs(page: str) -> set[str]:
    return {*re.findall(r'name="csrf_token" value="([0-9a-f]+)"', page)}


def held(owner: Browser) -> str:
    return Token(owner.client.cookies["goldsmith"]).csrf


def send(owner: Browser, proof: str) -> int:
    answer = owner.client.post("/users/invitations", data={"csrf_token": proof})
    return int(answer.status_code)


def test_each_page_carries_another_proof_and_every_one_of_them_holds(signed_in: SignedIn, shop: Shop):
    owner = signed_in(shop)
    pages = [owner.get("/users/new").text for _each in range(3)]
    found = [proof for page in pages for proof in proofs(page)]
    assert len(found) == len(set(found)) == 3
    # In one page it is the same everywhere, also for htmx.
    assert all(
        f'"X-CSRF-Token": "{proof}"' in page.replace("&#34;", '"') for proof, page in zip(found, pages, strict=True)
    )
    assert [send(owner, proof) for proof in found] == [400, 400, 400]  # taken, and the empty form refused


def test_what_the_session_holds_stands_in_no_page(signed_in: SignedIn, shop: Shop):
    owner = signed_in(shop)
    assert held(owner) not in owner.get("/users/new").text


@pytest.mark.parametrize(
    "spoil",
    [
        lambda bare: bare,  # as it is, without a mask
        lambda bare: "",
        lambda bare: masked(bare)[:-2],
        lambda bare: masked(bare)[2:],
        lambda bare: masked(bare) + "00",
        lambda bare: masked("00" * 32),
        lambda bare: "0" * 128,
        lambda bare: "ff" * 10_000,
        lambda bare: "no hexadecimal figure at all",
        lambda bare: "۱۲",
    ],
)
def test_anything_else_is_refused(signed_in: SignedIn, shop: Shop, spoil: Callable[[str], str]):
    owner = signed_in(shop)
    assert send(owner, spoil(held(owner))) == 403


def test_another_sessions_proof_is_refused(signed_in: SignedIn, shop: Shop):
    owner, other = signed_in(shop), signed_in(shop, "owner", "Mina")
    assert send(owner, masked(held(other))) == 403
    assert send(owner, masked(held(owner))) == 400
