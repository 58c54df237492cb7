"""Pages that stand open for a moment only: at the door, behind a link, in somebody's account, in a shop that ends.

`test_pages.py` opens what always answers; here somebody has to do something first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count

import pytest
from playwright.sync_api import Locator, expect

from adapters.embedded.processes import wait_until
from tests.e2e.installation import ADMIN, PASSWORD, SHOPS, email
from tests.e2e.person import Person
from tests.e2e.test_pages import Tried, flaws
from tests.e2e.visitor import Visitor
from tests.plugins.announcements.conftest import fields as announced
from tests.plugins.browser import App

_numbers = count(1)


class Look:
    """At each page that somebody comes to, as closely as at every other one."""

    def __init__(self) -> None:
        self._tried = Tried(set())
        self._wrong: list[str] = []

    def __call__(self, person: Person, name: str) -> None:
        found = [*flaws(person.tab, f"{person.language}/moment-{name}", self._tried), *person.tab.told()]
        self._wrong += [f"{name}: {each}" for each in found]

    def told(self) -> str:
        return "\n".join(self._wrong)


@pytest.fixture
def look() -> Iterator[Look]:
    look = Look()
    yield look
    assert not look.told(), look.told()


def test_the_door_asks_for_a_second_step(open_tab, language, new_admin, look):
    with open_tab(language, None, axe=True) as tab:
        admin = Person(tab, language)
        signs_in(admin, new_admin)
        admin.is_at("/login/app")
        look(admin, "first-app")
        phone = App(re.findall(r"[A-Z2-7]{32}", admin.main.inner_text())[0])
        admin.types({"code": phone.code(datetime.now(UTC))})
        admin.presses("Continue")
        expect(admin.button("I have kept them: go on")).to_be_visible(timeout=30_000)
        look(admin, "first-codes")
    with open_tab(language, None, axe=True) as tab:
        again = Person(tab, language)
        signs_in(again, new_admin)
        again.is_at("/login/code")
        look(again, "code")


def signs_in(person: Person, address: str) -> None:
    person.opens("/login")
    person.types({"email": address, "password": PASSWORD})
    person.presses("Sign in")


def test_a_forgotten_password_is_set_anew(open_tab, language, visitor, installation, look):
    address = invited(visitor(email(language)))
    with open_tab(language, None, axe=True) as tab:
        newcomer = Person(tab, language)
        newcomer.opens(installation.link_in_letter(address))
        look(newcomer, "invitation")
        newcomer.types({"password": PASSWORD + "-mine", "repeated": PASSWORD + "-mine"})
        newcomer.presses("Begin")
        newcomer.is_at("/")
    with open_tab(language, None, axe=True) as tab:
        forgetful = Person(tab, language)
        forgetful.opens("/forgot")
        forgetful.types({"email": address})
        forgetful.main.locator("form button").first.click()
        forgetful.page.wait_for_load_state()
        look(forgetful, "letter-sent")
        forgetful.opens(installation.link_in_letter(address, "/reset"))
        look(forgetful, "reset")


def invited(owner: Visitor) -> str:
    address = f"moment-{next(_numbers)}@shop.example"
    sent = owner.post("/users/invitations", name="Noor", email=address, role="employee", reach="all")
    assert sent.status_code == 303, sent.text
    return address


def test_who_has_an_account_is_invited_by_another_shop(open_tab, language, visitor, installation, look):
    """They sign in and accept with one click; then there is another shop to change to."""
    address = email(language, "manager")
    shop, [other] = SHOPS[language], set(SHOPS) - {language}
    sent = visitor(email(other)).post("/users/invitations", name="Noor", email=address, role="employee", reach="all")
    assert sent.status_code == 303, (shop, sent.text)
    link = installation.link_in_letter(address)
    with open_tab(language, None, axe=True) as tab:
        stranger = Person(tab, language)
        stranger.opens(link)
        look(stranger, "invitation-sign-in")
    with open_tab(language, "manager", axe=True) as tab:
        known = Person(tab, language)
        known.opens(link)
        look(known, "invitation-join")


def test_a_critical_announcement_stands_above_every_page(open_tab, language, visitor, look):
    admin = visitor(ADMIN)
    said = announced(severity="critical", shops=SHOPS[language], title_en="Prices are wrong since nine")
    drafted = admin.post("/platform/announcements", **said).headers["location"]
    assert admin.post(f"{drafted}/publication").status_code == 303
    try:
        with open_tab(language, axe=True) as tab:
            owner = Person(tab, language)
            owner.opens("/branches")
            # Each process looks once a second.
            assert wait_until(lambda: owner.page.reload() is not None and band(owner).is_visible(), seconds=10)
            look(owner, "critical")
            owner.opens("/announcements")
            look(owner, "announcements")
        with open_tab(language, "admin", axe=True) as tab:
            looked_at = Person(tab, language)
            looked_at.opens(drafted)
            look(looked_at, "published")
    finally:
        ended = admin.post(f"{drafted}/withdrawal", because="they are right")
    assert ended.status_code == 303, ended.text


def band(person: Person) -> Locator:
    """Above the frame."""
    return person.page.locator(".band")


def test_an_admin_is_in_somebodys_account(open_tab, language, installation, new_admin, superuser_there, look):
    admin = Visitor(installation)
    admin.sign_in(new_admin, PASSWORD)
    slug, of = SHOPS[language], "SELECT id FROM platform.tenants WHERE slug = %s"
    [(shop,)] = superuser_there.execute(of, (slug,)).fetchall()
    [(user,)] = superuser_there.execute(
        "SELECT id FROM shop.users WHERE tenant_id = %s AND role = 'owner' ORDER BY id LIMIT 1", (shop,)
    ).fetchall()
    begun = admin.post(f"/platform/shops/{shop}/impersonation", user=str(user), because="a receipt", minutes="15")
    assert begun.headers["location"] == "/", begun.text
    with open_tab(language, None, axe=True) as tab:
        tab.context.add_cookies(admin.cookies)
        acting = Person(tab, language)
        acting.opens("/branches")
        look(acting, "acting")
        acting.opens("/impersonation")
        look(acting, "asks-to-change")
    with open_tab(language, "admin", axe=True) as tab:
        looking = Person(tab, language)
        looking.opens("/platform/impersonations")
        look(looking, "impersonations")
    assert admin.post("/impersonation/leave").status_code == 303


def test_a_shop_ends(open_tab, language, visitor, installation, look):
    """Suspended it is read and not changed; then it waits to be erased."""
    admin, n = visitor(ADMIN), next(_numbers)
    name, address = {"en": "Palm Gold", "fa": "طلای نخل"}[language], f"ends-{n}-{language}@shop.example"
    opened = admin.post(
        "/platform/shops", name=name, slug=f"ends-{n}-{language}", market={"en": "AE", "fa": "IR"}[language],
        plan="complete", owner_name="Noor", owner_email=address,
    )  # fmt: skip
    assert opened.status_code == 303, opened.text
    shop = opened.headers["location"]
    with open_tab(language, None, axe=True) as tab:
        owner = Person(tab, language)
        owner.opens(installation.link_in_letter(address))
        owner.types({"password": PASSWORD + "-mine", "repeated": PASSWORD + "-mine"})
        owner.presses("Begin")
        owner.is_at("/")
        look(owner, "first-day")
        assert admin.post(f"{shop}/suspension", because="unpaid").status_code == 303
        owner.opens("/branches")
        look(owner, "suspended")
    assert admin.post(f"{shop}/deletion", because="unpaid", name=name).status_code == 303
    with open_tab(language, "admin", axe=True) as tab:
        looking = Person(tab, language)
        for place in ("", "/users", "/subscription", "/plugins", "/activity"):
            looking.opens(shop + place)
            look(looking, f"pending-deletion{place.replace('/', '-')}")
