"""The language somebody chose goes with them; the device remembers it for whoever comes to the door."""

from __future__ import annotations

from collections.abc import Callable

from kernel.tenancy import Shop
from tests.plugins.browser import Browser
from tests.plugins.conftest import PASSWORD


def language_of(browser: Browser) -> str:
    text = browser.get("/account/password").text
    return text.split('<html lang="', 1)[1][:2]


def somebody(signed_in: Callable[..., Browser], shop: Shop, superuser) -> tuple[str, Browser]:
    here = signed_in(shop)
    email = superuser.execute(
        "SELECT p.email FROM platform.people p JOIN shop.users u ON u.id = p.id WHERE u.tenant_id = %s", [shop.id]
    ).fetchone()[0]
    return email, here


def test_a_language_that_was_chosen_is_there_on_another_device(signed_in, browser, shop, superuser):
    email, here = somebody(signed_in, shop, superuser)
    here.post("/preferences", language="en", next="/")
    assert language_of(here) == "en"
    elsewhere = browser()
    elsewhere.client.cookies.set("language", "fa")  # whoever used that device before
    elsewhere.sign_in(email, PASSWORD)
    assert language_of(elsewhere) == "en"


def test_a_language_chosen_at_the_door_becomes_ones_own(signed_in, browser, shop, superuser):
    email, here = somebody(signed_in, shop, superuser)
    here.post("/preferences", language="en", next="/")
    door = browser()
    door.post("/preferences", language="fa", next="/login")
    assert '<html lang="fa"' in door.get("/login").text
    door.sign_in(email, PASSWORD)
    assert language_of(door) == "fa"
    third = browser()
    third.sign_in(email, PASSWORD)
    assert language_of(third) == "fa"


def test_who_never_chose_one_has_the_devices(signed_in, browser, shop, superuser):
    email, _here = somebody(signed_in, shop, superuser)
    device = browser()
    device.client.cookies.set("language", "en")
    device.sign_in(email, PASSWORD)
    assert language_of(device) == "en"


def test_a_language_that_is_none_is_not_kept(signed_in, browser, shop, superuser):
    email, _here = somebody(signed_in, shop, superuser)
    device = browser()
    device.client.cookies.set("language-at-the-door", "<script>")
    device.sign_in(email, PASSWORD)
    kept = superuser.execute("SELECT language FROM platform.people WHERE email = %s", [email]).fetchone()
    assert kept == (None,)


def test_the_look_can_be_chosen_at_the_door(browser):
    door = browser()
    door.post("/preferences", theme="dark", next="/login")
    assert 'data-theme="dark"' in door.get("/login").text
