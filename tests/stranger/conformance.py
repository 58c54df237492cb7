"""The notes at work: a package the house has never seen. Run by `test_stranger.py` where it is installed."""

from __future__ import annotations

from collections.abc import Callable

import goldsmith_notes
import pytest
from goldsmith_notes import store
from goldsmith_notes.tables import notes
from sqlalchemy import select

from kernel import gate, i18n
from kernel.plugins import Plugins
from kernel.tenancy import Actor, Shop
from kernel.uow import Database, UnitOfWork
from plugins.pos.public import SaleCompleted
from plugins.tenants.public import switch_off, switch_on
from tests.kernel.test_event_samples import example
from tests.plugins.browser import Browser
from tests.plugins.conftest import app, browser, signed_in

__all__ = ["app", "browser", "signed_in"]


@pytest.fixture(autouse=True)
def its_own_texts(_in_the_language_of_the_code: None, plugins: Plugins) -> None:
    i18n.add_locale_dir(plugins.by_name["notes"].folder / "locale")


def texts(uow: UnitOfWork) -> list[str]:
    return list(uow.execute(select(notes.c.text).order_by(notes.c.id)).scalars())


def test_it_comes_from_a_package_outside_the_house(plugins: Plugins):
    assert goldsmith_notes.__file__ is not None
    assert plugins.by_name["notes"].module.__name__ == "goldsmith_notes.plugin"


def test_its_tables_pass_the_gate(database: Database, actor: Actor):
    with database.for_platform("ask the gate", actor) as work:
        assert gate.breaches(work) == []


def test_its_page_opens_takes_a_note_and_speaks_its_own_persian(signed_in: Callable[..., Browser], new_shop):
    tehran, dubai = signed_in(new_shop("IR", name="طلای مهر")), signed_in(new_shop("AE", name="Noor"))
    assert tehran.post("/notes", text="حلقه‌ها را بشمار").status_code == 303
    page = tehran.client.get("/notes", cookies={"language": "fa"}).text
    assert "یادداشت‌ها" in page
    assert "حلقه‌ها را بشمار" in page
    assert "Welcome, Noor." in dubai.get("/notes").text
    assert "حلقه" not in dubai.get("/notes").text


def test_its_form_says_what_is_wrong(signed_in: Callable[..., Browser], shop: Shop):
    refused = signed_in(shop).post("/notes", text="")
    assert refused.status_code == 400
    assert "Please" in refused.text


def test_its_static_files_are_served(signed_in: Callable[..., Browser], shop: Shop):
    owner = signed_in(shop)
    (address,) = [part.split('"')[0] for part in owner.get("/notes").text.split('src="') if "notes/notes" in part[:80]]
    assert owner.get(address).status_code == 200


def test_it_hears_of_a_new_shop_at_once(uow: UnitOfWork):
    assert texts(uow) == ["Welcome, IR Gold."]


def test_its_handler_is_asleep_where_there_is_no_till(database: Database, shop: Shop, actor: Actor, deliver_all):
    """It listens to the till and works without it; told all the same, it would write."""
    sold: SaleCompleted = example(SaleCompleted)
    with database.for_shop(shop.id, actor) as uow:
        uow.publish(sold)
    deliver_all()
    with database.for_shop(shop.id, actor) as uow:
        assert texts(uow) == ["Welcome, IR Gold.", f"Sale {sold.number}"]


def test_its_job_runs_at_night(database: Database, shop: Shop, actor: Actor, deliver_all, plugins: Plugins):
    (kept,) = [given.value for given in plugins.given("settings") if given.value.name == "notes.kept"]
    with database.for_shop(shop.id, actor) as uow:
        for text in "abc":
            store.add(uow, text)
        uow.choose(kept, 2)
        tidy = plugins.by_name["notes"].module.tidy
        uow.enqueue(tidy)
    deliver_all()
    with database.for_shop(shop.id, actor) as uow:
        assert texts(uow) == ["b", "c"]


def test_it_is_off_and_on_like_any_other(signed_in: Callable[..., Browser], database: Database, shop: Shop, actor):
    owner = signed_in(shop)
    with database.for_shop(shop.id, actor) as uow:
        switch_off(uow, "notes")
    assert owner.get("/notes").status_code == 404
    with database.for_shop(shop.id, actor) as uow:
        switch_on(uow, "notes")
    assert "Welcome, IR Gold." in owner.get("/notes").text
