"""What a shop says of itself, and how it looks."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image

from plugins.shop import queries
from plugins.shop.public import letterhead

WORDS = {
    "name": "Parseh",
    "language": "fa",
    "calendar": "jalali",
    "zone": "Asia/Tehran",
    "names[en]": "Parseh Gold",
    "addresses[fa]": "بازار بزرگ، پلاک ۱۲",
    "phones": "۰۲۱-۵۵\r\n۰۹۱۲",
    "tax_number": "۱۴۰۰۱",
}


def png(colour: str = "gold", size: tuple[int, int] = (40, 20)) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", size, colour).save(drawn, "PNG")
    return drawn.getvalue()


@pytest.fixture
def owner(shop, signed_in):
    return signed_in(shop, "owner")


def logo_of(database, shop, actor):
    with database.for_shop(shop.id, actor) as uow:
        return queries.logo_id(uow)


def test_the_settings_lead_to_everything_that_a_shop_decides(owner):
    page = owner.get("/settings")
    assert page.status_code == 200
    for address in ("/settings/shop", "/settings/logo", "/settings/receipts", "/settings/labels", "/pricing/terms"):
        assert f'href="{address}"' in page.text


def test_only_the_owner_changes_them(shop, signed_in):
    for role in ("manager", "employee"):
        person = signed_in(shop, role)
        assert person.get("/settings/shop").status_code == 403
        assert 'href="/settings"' not in person.get("/").text


def test_the_shop_introduces_itself(database, shop, actor, owner):
    assert owner.post("/settings/shop", **WORDS).status_code == 303
    with database.for_shop(shop.id, actor) as uow:
        assert (uow.shop.name, uow.shop.language, uow.shop.zone) == ("Parseh", "fa", "Asia/Tehran")
        english, persian = letterhead(uow, "en"), letterhead(uow, "fa")
    assert (english.name, persian.name) == ("Parseh Gold", "Parseh")
    assert english.rows[0] == persian.rows[0] == "بازار بزرگ، پلاک ۱۲"
    page = owner.get("/settings/shop").text
    assert 'value="Parseh Gold"' in page
    assert "بازار بزرگ، پلاک ۱۲</textarea>" in page


def test_what_is_refused_stands_there_as_it_was_typed(owner):
    page = owner.post("/settings/shop", **{**WORDS, "zone": "Mars/Base", "names[en]": "x" * 81, "email": "nobody"})
    assert page.status_code == 400
    assert page.text.count('aria-invalid="true"') == 3
    assert "x" * 81 in page.text


def test_a_logo_is_put_up_seen_and_removed(database, shop, actor, owner):
    assert owner.upload("/settings/logo", "logo", png()).status_code == 303
    logo = logo_of(database, shop, actor)
    picture = owner.get(f"/logos/{logo}")
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    assert Image.open(io.BytesIO(picture.content)).size == (40, 20)
    assert (picture.headers["cache-control"], picture.headers["content-disposition"]) == ("no-store", "attachment")
    assert picture.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in picture.headers["content-security-policy"]
    assert f'src="/logos/{logo}"' in owner.get("/settings/logo").text

    assert owner.post("/settings/logo/removal").status_code == 303
    assert owner.get(f"/logos/{logo}").status_code == 404
    assert "/logos/" not in owner.get("/settings/logo").text


def test_a_new_logo_has_a_new_address_and_the_old_one_is_gone(database, shop, actor, owner):
    owner.upload("/settings/logo", "logo", png("gold"))
    before = logo_of(database, shop, actor)
    owner.upload("/settings/logo", "logo", png("black"))
    after = logo_of(database, shop, actor)
    assert before != after
    assert (owner.get(f"/logos/{before}").status_code, owner.get(f"/logos/{after}").status_code) == (404, 200)


def test_another_shops_logo_is_not_there(database, shop, new_shop, actor, owner, signed_in):
    owner.upload("/settings/logo", "logo", png())
    logo = logo_of(database, shop, actor)
    assert owner.get(f"/logos/{logo}").status_code == 200
    assert signed_in(new_shop("AE"), "owner").get(f"/logos/{logo}").status_code == 404


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"<script>alert(1)</script>", "not a picture"), (b"\x89PNG" + bytes(5 * 1024 * 1024), "At most 5 MB")],
)
def test_what_is_no_small_picture_is_refused_and_the_old_one_stays(database, shop, actor, owner, content, sentence):
    owner.upload("/settings/logo", "logo", png())
    before = logo_of(database, shop, actor)
    owner.client.cookies.set("language", "en")
    page = owner.upload("/settings/logo", "logo", content)
    assert (page.status_code, sentence in page.text) == (400, True)
    assert logo_of(database, shop, actor) == before


# Receipts


def test_receipts_are_chosen_with_a_picture_beside(owner):
    page = owner.get("/settings/receipts")
    assert page.text.count('src="data:image/png;base64,') == 1
    chosen = {"paper": "a4", "copies": "two", "footings[fa]": "سپاس", "discount_percent_max": "۷"}
    looked = owner.post("/settings/receipts/preview", **chosen)
    assert ("papers--wide" in looked.text, looked.text.count("data:image/png")) == (True, 1)
    assert owner.post("/settings/receipts", **chosen).status_code == 303
    again = owner.get("/settings/receipts").text
    assert "سپاس</textarea>" in again
    assert 'value="a4" checked' in again
    assert re.search(r'name="bars"[^>]* checked', again) is None


def test_a_discount_above_the_whole_price_is_refused(owner):
    page = owner.post("/settings/receipts", paper="80mm", discount_percent_max="101")
    assert (page.status_code, 'aria-invalid="true"' in page.text) == (400, True)


@pytest.mark.parametrize(("language", "words"), [("en", "Asia/Tehran"), ("fa", "تهران (Asia/Tehran)")])
def test_a_time_zone_says_its_place_in_the_readers_language(owner, language, words):
    owner.post("/preferences", language=language)
    shown = owner.get("/settings/shop").text
    assert re.search(rf'<option value="Asia/Tehran"[^>]*>{re.escape(words)}</option>', shown)
    assert '<option value="UTC"' in shown
