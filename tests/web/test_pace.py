"""How often the API may be asked: counted for all processes, told in headers, and never in the way of a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest
from pydantic import SecretStr
from redis import Redis
from starlette.applications import Starlette

from adapters.limits.memory import MemoryLimits
from adapters.limits.valkey import ValkeyLimits
from adapters.valkey import connect
from kernel.errors import TryLater
from kernel.ids import new_id
from kernel.plugins import Plugins
from kernel.tenancy import Shop
from plugins.identity.ports import Limits
from tests.plugins.browser import Browser
from tests.plugins.conftest import app, browser, signed_in
from tests.plugins.programs.conftest import ME, Program, employ
from tests.services import Services
from web.app import build
from web.pace import Pace, Quota, Used, headers

__all__ = ["app", "browser", "employ", "signed_in"]

ADDRESS, USER, SHOP = 4, 6, 10
RULES = "/api/v1/pricing/rules"


@pytest.fixture
def valkey(services: Services) -> Iterator[Redis]:
    connection = connect(SecretStr(services.redis))
    yield connection
    connection.close()


@pytest.fixture
def limits(valkey: Redis) -> ValkeyLimits:
    return ValkeyLimits(valkey)


@pytest.fixture
def paced(app: Starlette, limits: ValkeyLimits) -> Callable[..., Starlette]:
    """The application with small quotas, as another process has it."""

    def process(**more: int) -> Starlette:
        quotas = {"address": ADDRESS, "user": USER, "shop": SHOP, **more}
        return build(replace(app.state.house, pace=Pace(limits, **quotas)))

    return process


def address() -> str:
    """One that nobody asked from before."""
    drawn = new_id().bytes
    return f"10.{drawn[-3]}.{drawn[-2]}.{drawn[-1]}"


def statuses(client: Browser, times: int, path: str = ME) -> list[int]:
    return [client.get(path).status_code for _each in range(times)]


# Counting


@pytest.mark.parametrize("kind", ["memory", "valkey"])
def test_several_are_counted_at_once(kind: str, valkey: Redis):
    counter = MemoryLimits() if kind == "memory" else ValkeyLimits(valkey)
    user, shop, key = Quota("user", 2), Quota("shop", 3, 60), new_id().hex
    asked = [(f"{key}:user", user), (f"{key}:shop", shop)]
    assert [counter.count(asked) for _each in range(3)] == [
        [Used(user, count, 3600), Used(shop, count, 60)] for count in (1, 2, 3)
    ]
    assert [one.is_over for one in counter.count(asked)] == [True, True]


def test_all_counts_of_a_request_take_one_round_trip(valkey: Redis, limits: ValkeyLimits):
    limits.count([("warm", Quota("user", 1))])
    before = valkey.info("commandstats").get("cmdstat_evalsha", {}).get("calls", 0)
    limits.count([(new_id().hex, Quota("user", 1)), (new_id().hex, Quota("shop", 1))])
    assert valkey.info("commandstats")["cmdstat_evalsha"]["calls"] == before + 1


def test_what_is_left_is_said_as_the_draft_has_it():
    used = [Used(Quota("user", 1000), 2, 3412), Used(Quota("shop", 20_000), 20_001, 7)]
    assert headers(used) == {
        "RateLimit-Policy": '"user";q=1000;w=3600, "shop";q=20000;w=3600',
        "RateLimit": '"user";r=998;t=3412, "shop";r=0;t=7',
    }
    assert headers([]) == {}


# Asking


def test_who_asks_too_often_is_told_when_to_come_back(paced, employ):
    program = Program(paced())
    program.sign_in(employ("employee"))
    answers = [program.get() for _each in range(USER + 1)]
    assert [answer.status_code for answer in answers] == [200] * USER + [429]
    assert re.fullmatch(rf'"user";r={USER - 1};t=\d+, "shop";r={SHOP - 1};t=\d+', answers[0].headers["RateLimit"])
    refused = answers[-1]
    assert (refused.json()["type"], refused.headers["content-type"]) == (
        "urn:goldsmith:problem:asked_too_often",
        "application/problem+json",
    )
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert re.match(r'"user";r=0;', refused.headers["RateLimit"])


def test_all_processes_count_together(paced, employ):
    program = Program(paced())
    program.sign_in(employ("employee"))
    elsewhere = Program(paced(), program.access)
    assert [one.get().status_code for one in (program, elsewhere) * 4] == [200] * USER + [429] * 2


def test_a_person_has_one_quota_with_all_their_programs(paced, employ):
    email = employ("employee")
    first, second = Program(paced()), Program(paced())
    first.sign_in(email)
    second.sign_in(email)
    assert [one.get().status_code for one in (first, second) * 4] == [200] * USER + [429] * 2


def test_a_shop_has_one_quota_with_all_its_people(paced, employ):
    programs = [Program(paced()) for _each in range(3)]
    for program in programs:
        program.sign_in(employ("employee"))
    answered = [program.get() for _round in range(4) for program in programs]
    assert [answer.status_code for answer in answered] == [200] * SHOP + [429] * 2
    assert answered[-1].json()["title"] == "The programs of this shop ask too often."


def test_another_shop_is_none_the_worse(paced, employ, new_shop, signed_in):
    program = Program(paced(shop=2))
    program.sign_in(employ("employee"))
    assert [program.get().status_code for _each in range(3)] == [200, 200, 429]
    other = Browser(paced(shop=2))
    other.client.cookies = signed_in(new_shop("AE")).client.cookies
    assert other.get(ME).status_code == 200


def test_who_shows_nothing_is_counted_by_address(paced):
    stranger = Browser(paced(), address())
    assert statuses(stranger, ADDRESS + 1) == [401] * ADDRESS + [429]
    assert statuses(Browser(paced(), address()), 1) == [401]


def test_wrong_tokens_are_counted_by_address_too(paced):
    guesser = Program(paced(), "gsk_nothing")
    guesser.browser = Browser(paced(), address())
    assert [guesser.get().status_code for _each in range(ADDRESS + 1)] == [401] * ADDRESS + [429]


def test_who_is_known_is_let_in_from_an_address_that_asked_too_often(paced, employ):
    """A colleague behind the same address, or a stranger with a made-up token, keeps nobody out."""
    here = address()
    program = Program(paced())
    program.sign_in(employ("employee"))
    program.browser = Browser(paced(), here)
    assert statuses(Browser(paced(), here), ADDRESS + 1)[-1] == 429
    assert program.get().status_code == 200


def test_programs_behind_one_address_refresh_as_long_as_they_like(paced, employ):
    """A refresh token says who sends it: that counts as theirs, also where strangers used up the address."""
    here = address()
    program = Program(paced())
    program.sign_in(employ("employee"))
    program.browser = Browser(paced(), here)
    for left in reversed(range(USER)):
        answer = program.refresh()
        program.take(answer)
        assert re.fullmatch(rf'"user";r={left};t=\d+, "shop";r={SHOP - USER + left};t=\d+', answer.headers["RateLimit"])
    refused = program.refresh()
    assert (refused.status_code, refused.json()["title"]) == (429, "Your programs ask too often.")
    colleague = Program(paced())
    colleague.sign_in(employ("employee"))
    colleague.browser = Browser(paced(), here)
    assert statuses(Browser(paced(), here), ADDRESS + 1) == [401] * ADDRESS + [429]
    assert colleague.refresh().status_code == 200


def test_refresh_tokens_that_open_nothing_are_counted_by_address(paced, employ):
    here = address()
    guesser = Program(paced())
    guesser.sign_in(employ("employee"))
    assert guesser.send("DELETE", "/api/v1/tokens").status_code == 204
    guesser.browser = Browser(paced(), here)
    sent = [guesser.refresh(), guesser.refresh("nothing"), guesser.refresh("x" * 101), guesser.refresh(" ")]
    assert [answer.status_code for answer in sent] == [401, 401, 400, 400]
    assert guesser.refresh("nothing").status_code == 429
    assert statuses(Browser(paced(), here), 1) == [429]


def test_a_whole_network_of_version_six_is_one_address(paced):
    network = ":".join(f"{new_id().int >> shift & 0xFFFF:x}" for shift in (0, 16, 32))
    asked = [Browser(paced(), f"2001:{network}::{number}").get(ME).status_code for number in range(ADDRESS + 1)]
    assert asked == [401] * ADDRESS + [429]
    assert Browser(paced(), f"2002:{network}::1").get(ME).status_code == 401


def test_pages_are_not_counted(paced, signed_in, shop: Shop):
    owner = Browser(paced())
    owner.client.cookies = signed_in(shop).client.cookies
    assert statuses(owner, USER + 1) == [200] * USER + [429]
    answer = owner.get("/sales")
    assert (answer.status_code, "RateLimit" in answer.headers) == (200, False)


# The store of counts is gone


@pytest.fixture
def storeless(app: Starlette) -> Starlette:
    nowhere = ValkeyLimits(connect(SecretStr("redis://127.0.0.1:1/0")))
    return build(replace(app.state.house, pace=Pace(nowhere, address=1, user=1, shop=1)))


def test_without_a_store_the_api_is_open(storeless, employ, app: Starlette):
    """What is sold must be booked, whichever cache is down; the quota guards capacity, and no door."""
    program = Program(app)
    program.sign_in(employ("owner"))
    open_ = Program(storeless, program.access)
    assert [open_.get().status_code for _each in range(3)] == [200] * 3
    made = [open_.send("POST", RULES, name=name, markup_percent="1").status_code for name in ("Rings", "Chains")]
    assert made == [201, 201]
    assert "RateLimit" not in open_.get().headers
    assert Browser(storeless).get(ME).status_code == 401


def test_a_store_that_is_gone_is_not_asked_by_everybody():
    asked: list[object] = []

    class Gone:
        def count(self, callers: Sequence[tuple[str, Quota]]) -> list[Used]:
            asked.append(callers)
            raise TryLater

    pace = Pace(Gone(), address=1, user=1, shop=1)
    assert [pace.of_nobody("192.0.2.1") for _each in range(3)] == [[]] * 3
    assert len(asked) == 1


def test_without_a_store_nobody_signs_in(employ, app: Starlette, plugins: Plugins, monkeypatch):
    """Whoever guesses passwords is counted, or the door stays shut."""
    nowhere = ValkeyLimits(connect(SecretStr("redis://127.0.0.1:1/0")))
    counted = plugins._adapters[Limits]
    monkeypatch.setattr(counted, "allow", nowhere.allow)
    answer = Browser(app).client.post("/api/v1/tokens", json={"email": employ("owner"), "password": "x" * 12})
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:goldsmith:problem:try_later")
    assert answer.headers["Retry-After"] == "2"
