"""What other sites could make of a browser that is signed in here, and what the browser keeps: nothing."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import pytest
from httpx import Response
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from kernel.contributions import Route
from kernel.contributions import Scope as For
from kernel.plugins import Plugins
from kernel.tenancy import Actor, Shop
from kernel.uow import Database
from plugins.identity.public import NewUserForm, add_user_with_password
from tests.plugins.browser import Browser
from tests.plugins.conftest import PASSWORD, app, browser, signed_in
from web.app import build
from web.house import House
from web.routing import is_ours, redirect

__all__ = ["app", "browser", "signed_in"]

SignedIn = Callable[..., Browser]
NAME = "gold.example.com"

ELSEWHERE = [
    "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
    "/\n/evil.example", "\t//evil.example", "/\r\n/evil.example", "https://evil.example", "https:evil.example",
    "HTTPS://evil.example", "javascript:alert(1)", "data:text/html,hello", "evil.example", "@evil.example",
    "localhost@evil.example", "%2F%2Fevil.example", "%2f/evil.example", "%5C%5Cevil.example", "", ".",
    "..//evil.example",
]  # fmt: skip
#: They look like it, and yet a browser stays.
HERE = [
    "/", "/users", "/users?text=a//b", "/users?next=https://evil.example", "/@evil.example", "/%2F%2Fevil.example",
    "/%5Cevil.example", "/%09/evil.example", "/.//evil.example", "/انبار?text=طلا",
]  # fmt: skip


# Leading away


@pytest.mark.parametrize("path", ELSEWHERE)
def test_what_leads_away_is_not_ours_and_no_redirect_goes_there(path: str):
    assert not is_ours(path)
    with pytest.raises(ValueError, match="stay on this site"):
        redirect(path)


@pytest.mark.parametrize("path", HERE)
def test_what_only_looks_like_it_stays_here(path: str):
    assert is_ours(path)
    assert leads_to(redirect(path).headers["location"]) == "localhost"


@pytest.mark.parametrize("next", [*ELSEWHERE, *HERE])
def test_neither_the_door_nor_the_preferences_lead_away(
    app: Starlette, browser: Callable[[], Browser], database: Database, shop: Shop, actor: Actor, next: str
):
    email = f"sara-{shop.slug}@example.com"
    with database.for_shop(shop.id, actor) as uow:
        add_user_with_password(uow, NewUserForm(name="Sara", email=email, role="owner"), PASSWORD)
    visitor = browser()
    assert visitor.get("/login", params={"next": next}).status_code == 200
    for answer in (
        visitor.post("/preferences", theme="dark", next=next),
        visitor.post("/login", email=email, password=PASSWORD, next=next),
        visitor.post("/preferences", language="en", next=next),
    ):
        assert answer.status_code in (303, 400)  # what no line can hold is refused
        assert leads_to(answer.headers.get("location", "/")) == "localhost"


@pytest.mark.parametrize("path", ["//evil.example/", "//evil.example/users", "/\\evil.example"])
def test_an_address_that_would_be_another_site_as_a_link_is_never_given_on(app: Starlette, path: str):
    answer = TestClient(app, follow_redirects=False).get("http://localhost" + path, headers={"accept-language": "en"})
    assert answer.status_code == 404
    assert 'href="//' not in answer.text
    assert 'href="/\\' not in answer.text


# Under one name


@pytest.fixture(scope="module")
def in_production(_database: Database, plugins: Plugins) -> Callable[..., Response]:
    """Ask an installation that is reached under NAME."""
    house = House(_database, plugins, NAME, production=True, threads=2, ready=list)
    installation = build(house)

    def ask(path: str, *hosts: str) -> Response:
        async def named(scope: Scope, receive: Receive, send: Send) -> None:
            others = [header for header in scope["headers"] if header[0] != b"host"]
            scope["headers"] = [*others, *((b"host", host.encode()) for host in hosts)]
            await installation(scope, receive, send)

        answer: Response = TestClient(named, base_url="https://x", follow_redirects=False).get(path)
        return answer

    return ask


@pytest.mark.parametrize("host", [NAME, NAME.upper(), f"{NAME}:443"])
def test_the_installation_answers_under_its_own_name(in_production: Callable[..., Response], host: str):
    assert in_production("/login", host).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "10.0.0.7", "localhost", f"{NAME}.evil.example", f"evil.{NAME}", f"{NAME}:8443", f"{NAME}.",
        f"{NAME}@evil.example", f"evil.example/{NAME}", "",
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/", "/login", "/api/v1/me", "/static/0/app.css", "/nothing/here"])
def test_under_another_name_nothing_is_served(in_production: Callable[..., Response], host: str, path: str):
    answer = in_production(path, host)
    assert (answer.status_code, answer.text) == (421, "Nothing is served under this name.")
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("names", [(), (NAME, "evil.example"), (NAME, NAME)])
def test_with_no_name_or_two_the_question_is_not_understood(
    in_production: Callable[..., Response], names: tuple[str, ...]
):
    assert in_production("/login", *names).status_code == 400


@pytest.mark.parametrize(("path", "status"), [("/health/live", 200), ("/health/ready", 200), ("/metrics", 404)])
def test_probes_come_by_number(in_production: Callable[..., Response], path: str, status: int):
    assert in_production(path, "10.0.0.7").status_code == status


def test_a_port_counts_where_the_name_has_one(database: Database, plugins: Plugins):
    house = House(database, plugins, "localhost:8443", production=True, threads=2, ready=list)
    client = TestClient(build(house), base_url="https://localhost:8443")
    assert client.get("/login").status_code == 200
    assert client.get("/login", headers={"host": "localhost"}).status_code == 421


# Kept by the browser


def test_no_page_of_anybody_is_kept_and_no_other_site_may_read_it(
    signed_in: SignedIn, shop: Shop, plugins: Plugins, browser: Callable[[], Browser]
):
    owner = signed_in(shop)
    routes: list[Route] = [given.value for given in plugins.given("routes")]
    pages = [one.path for one in routes if one.scope is not For.PLATFORM and not one.changes and "{" not in one.path]
    assert len(pages) > 40
    pages += ["/nothing/here", "/users/not-an-id", "/api", "/api/v1/openapi.json", "/health/ready", "/dev/ui"]
    for visitor in (owner, browser()):
        for path in pages:
            answer = visitor.get(path, headers={"origin": "https://evil.example"})
            assert (path, answer.headers["cache-control"]) == (path, "no-store")
            assert [name for name in answer.headers if name.startswith("access-control-")] == []
            assert answer.headers["cross-origin-resource-policy"] == "same-origin"


def test_a_picture_of_the_house_may_be_kept_by_everybody(browser: Callable[[], Browser], app: Starlette):
    answer = browser().get(app.state.look.assets.address("app.css"))
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("path", ["/", "/login", "/users", "/api/v1/me", "/live", "/static/0/app.css", "/nothing/here"])
def test_a_browser_that_asks_for_another_site_is_refused(signed_in: SignedIn, shop: Shop, path: str):
    asks = {
        "origin": "https://evil.example", "access-control-request-method": "POST",
        "access-control-request-headers": "x-csrf-token",
    }  # fmt: skip
    answer = signed_in(shop).client.options(path, headers=asks)
    assert answer.status_code in (404, 405)
    assert [name for name in answer.headers if name.startswith("access-control-")] == []


def test_who_signs_out_leaves_nothing_in_the_browser(signed_in: SignedIn, shop: Shop):
    answer = signed_in(shop).post("/logout")
    assert answer.status_code == 303
    assert answer.headers["clear-site-data"] == '"cache", "storage"'


def leads_to(location: str) -> str | None:
    """The host that a browser goes to: it leaves out tabs and line breaks, and takes `\\` for `/`."""
    read = location.translate({ord(sign): None for sign in "\t\r\n"}).strip().replace("\\", "/")
    return urlsplit(urljoin("http://localhost/login", read)).hostname
