"""The first page: what the shop's plugins say about the day, to those who may see it."""

from __future__ import annotations

import re


def test_every_role_has_a_first_page(shop, signed_in):
    assert [signed_in(shop, role).get("/").status_code for role in ("owner", "manager", "employee")] == [200] * 3


def test_a_shop_with_nothing_switched_on_has_one_too(new_shop, signed_in):
    page = signed_in(new_shop("AE", plan="bare")).get("/")
    assert (page.status_code, "A quiet start" in page.text) == (200, True)


def test_a_card_is_for_those_who_may_see_it(new_shop, signed_in, plugins):
    shop = new_shop("AE")
    main = {role: signed_in(shop, role).get("/").text.split("<main", 1)[1] for role in ("owner", "employee")}
    seen = {role: set(re.findall(r'href="(/[a-z]+)', text)) for role, text in main.items()}
    hidden = {
        given.value.title
        for given in plugins.given("widgets")
        if given.value.permission is not None and "employee" not in given.value.permission.roles
    }
    assert [title for title in hidden if title in main["employee"]] == []
    assert seen["employee"] <= seen["owner"]


def test_nobody_is_sent_to_the_door(browser):
    assert browser().get("/").headers["location"].startswith("/login")
