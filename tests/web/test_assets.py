import gzip
import re

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from web.assets import FOR_EVER, HERE, Assets


@pytest.fixture
def assets():
    return Assets()


@pytest.fixture
def client(assets):
    return TestClient(Starlette(routes=[Mount("/static", assets)]))


def test_an_address_changes_with_the_content_and_is_kept_for_ever(assets, client):
    address = assets.address("app.css")
    assert re.fullmatch(r"/static/[0-9a-f]{10}/app\.css", address)
    answer = client.get(address)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, FOR_EVER)
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["content-encoding"] == "gzip"


def test_a_page_from_before_an_update_gets_todays_file_but_does_not_keep_it(client):
    answer = client.get("/static/0123456789/app.css")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")


def test_a_browser_that_has_the_file_is_told_so(assets, client):
    address = assets.address("app.js")
    mark = client.get(address).headers["etag"]
    assert client.get(address, headers={"If-None-Match": mark}).status_code == 304


def test_who_cannot_unzip_gets_it_plain(assets, client):
    answer = client.get(assets.address("app.js"), headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in answer.headers
    assert answer.content == assets.asset("app.js").content == gzip.decompress(assets.asset("app.js").zipped or b"")


def test_the_styles_name_fonts_by_their_marked_addresses(assets, client):
    fonts = re.findall(rb'url\("([^"]+)"\)', assets.asset("app.css").content)
    assert len(fonts) == 3
    for font in fonts:
        answer = client.get(font.decode())
        assert (answer.status_code, answer.headers["content-type"]) == (200, "font/woff2")
        assert "content-encoding" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "x/../assets.py",
        "x/%2e%2e/assets.py",
        "x/../../kernel/__init__.py",
        "x//etc/passwd",
        "x/",
        "x",
        "",
        "x/css",
        "x/a%00b",
    ],
)
def test_nothing_outside_the_folders_is_served(client, path):
    assert client.get(f"/static/{path}").status_code == 404


def test_only_reading_is_possible(assets, client):
    assert client.post(assets.address("app.css")).status_code == 405


def test_a_plugin_brings_its_own_files(tmp_path):
    (tmp_path / "pos").mkdir()
    (tmp_path / "pos" / "till.js").write_text("1")
    assert Assets([tmp_path]).asset("pos/till.js").content == b"1"
    with pytest.raises(KeyError):
        Assets().address("pos/till.js")


def test_a_developer_sees_a_change_at_once(tmp_path):
    file = tmp_path / "a.css"
    for development, seen in ((True, b"two"), (False, b"one")):
        file.write_text("one")
        assets = Assets([tmp_path], development=development)
        assets.address("a.css")
        file.write_text("two")
        assert assets.asset("a.css").content == seen


def test_foreign_work_keeps_its_licence():
    for file in ("built/LICENSES.txt", "fonts/inter.OFL.txt", "fonts/vazirmatn.OFL.txt", "icons/LICENSE"):
        assert (HERE / file).stat().st_size > 300
