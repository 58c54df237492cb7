"""What a provider answers is believed when everything about it is right, and only hosts that may be asked are asked.

The way through a real provider is in tests/plugins/single_sign_on; here are answers that no real one gives.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from adapters.openid import hosts
from adapters.openid.hosts import is_public
from adapters.openid.providers import BYTES_MAX, KEPT_S, KEYS_AGAIN_S, SKEW_S, OpenIdProviders
from plugins.single_sign_on.domain import Asked, Client, NotVouchedFor, ProviderIsAway, UnfitIssuer, Vouched

NOW = 1_750_000_000
KEY, OTHER_KEY = (RSAKey.generate_key(2048, {"kid": kid}) for kid in ("first", "second"))
ASKED = Asked("state", "the nonce", "a verifier that is long enough to be one of the real ones")


class Provider:
    """One that says whatever a test wants."""

    def __init__(self) -> None:
        self.key = KEY
        self.published = [self.key]
        self.asked: list[str] = []
        self.fields: dict[str, str] = {}
        self.authorization = ""
        self.said: dict[str, Any] = {}
        self.person: dict[str, Any] = {}
        self.token: str | None = None
        self.status = 200
        self.body: bytes | None = None
        self.server = ThreadingHTTPServer(("localhost", 0), self._handler())
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def issuer(self) -> str:
        return f"http://localhost:{self.server.server_address[1]}"

    @property
    def client(self) -> Client:
        return Client(self.issuer, "the shop", "the secret", "https://gold.example.com/sign-in/shop/answer")

    def signs(self, key: Any = None, alg: str = "RS256", kid: str = "first", **changes: Any) -> None:
        claims = {
            "iss": self.issuer, "sub": "u-1", "aud": "the shop", "iat": NOW, "exp": NOW + 300, "nonce": ASKED.nonce,
            "email": "mina@gold.example", "email_verified": True, "name": "Mina",
        }  # fmt: skip
        claims = {name: value for name, value in {**claims, **changes}.items() if value is not None}
        self.token = jwt.encode({"alg": alg, "kid": kid}, claims, key or self.key, algorithms=[alg])

    def answer(self, path: str) -> tuple[int, bytes]:
        self.asked.append(path)
        if path == "/.well-known/openid-configuration":
            about = {
                "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize?tenant=1",
                "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys",
                "userinfo_endpoint": f"{self.issuer}/person",
            }  # fmt: skip
            return 200, json.dumps({**about, **self.said}).encode()
        if path == "/keys":
            return 200, json.dumps({"keys": [key.as_dict(private=False) for key in self.published]}).encode()
        if path == "/person":
            return 200, json.dumps(self.person).encode()
        if self.body is not None:
            return self.status, self.body
        return self.status, json.dumps({"access_token": "at", "id_token": self.token}).encode()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._send(*provider.answer(self.path))

            def do_POST(self) -> None:
                typed = self.rfile.read(int(self.headers["content-length"])).decode()
                provider.fields = {name: values[0] for name, values in parse_qs(typed).items()}
                provider.authorization = self.headers.get("authorization", "")
                self._send(*provider.answer(self.path))

            def _send(self, status: int, body: bytes) -> None:
                self.send_response(status)
                if status == 302:
                    self.send_header("location", f"{provider.issuer}/elsewhere")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: Any) -> None:
                return

        return Handler


@pytest.fixture
def provider() -> Iterator[Provider]:
    found = Provider()
    yield found
    found.server.shutdown()
    found.server.server_close()


class Clock:
    at = float(NOW)

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def providers(clock: Clock) -> OpenIdProviders:
    return OpenIdProviders(private_hosts=None, now=clock)


def finish(providers: OpenIdProviders, provider: Provider, issuer: str | None = None) -> Vouched:
    return providers.finish(provider.client, ASKED, "the code", issuer)


def test_the_browser_takes_along_what_must_come_back(providers, provider):
    address = providers.begin(provider.client, ASKED)
    parts = urlsplit(address)
    sent = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert address.startswith(f"{provider.issuer}/authorize?tenant=1&")
    assert sent == {
        "tenant": "1", "response_type": "code", "client_id": "the shop", "redirect_uri": provider.client.back,
        "scope": "openid email profile", "state": "state", "nonce": ASKED.nonce,
        "code_challenge": sent["code_challenge"], "code_challenge_method": "S256",
    }  # fmt: skip
    assert ASKED.verifier not in address
    assert "the secret" not in address


def test_what_is_right_is_believed(providers, provider):
    provider.signs()
    assert finish(providers, provider) == Vouched("u-1", "mina@gold.example", True, "Mina")
    assert provider.fields == {
        "grant_type": "authorization_code", "code": "the code", "redirect_uri": provider.client.back,
        "code_verifier": ASKED.verifier,
    }  # fmt: skip
    assert base64.b64decode(provider.authorization.removeprefix("Basic ")) == b"the shop:the secret"


def test_one_can_be_asked_for_anew_and_hears_when_that_was(providers, provider):
    sent = parse_qs(urlsplit(providers.begin(provider.client, ASKED, anew=True)).query)
    assert (sent["prompt"], sent["max_age"]) == (["login"], ["600"])
    for said, ago in ((NOW - 90, timedelta(seconds=90)), (None, None), (True, None)):
        provider.signs(auth_time=said)
        assert finish(providers, provider).shown_ago == ago


def test_the_secret_goes_in_the_form_where_that_is_asked_for(providers, provider):
    provider.said = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    provider.signs()
    finish(providers, provider)
    assert (provider.fields["client_id"], provider.fields["client_secret"]) == ("the shop", "the secret")
    assert provider.authorization == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another shop"},
        {"aud": ["another shop"]},
        {"aud": []},
        {"aud": None},
        {"aud": ["the shop", "another"]},  # for whom of them, it does not say
        {"aud": ["the shop", "another"], "azp": "another"},
        {"azp": "another"},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"exp": NOW - SKEW_S - 1},
        {"exp": None},
        {"exp": "soon"},
        {"iat": NOW + SKEW_S + 60},
        {"nbf": NOW + SKEW_S + 60},
        {"sub": None},
        {"sub": ""},
        {"sub": 17},
        {"at_hash": "of another token"},
    ],
    ids=str,
)
def test_what_is_wrong_in_a_token_is_not_believed(providers, provider, changes):
    provider.signs(**changes)
    with pytest.raises(NotVouchedFor):
        finish(providers, provider)


def test_clocks_may_differ_a_little(providers, provider):
    provider.signs(exp=NOW - SKEW_S + 5, iat=NOW + SKEW_S - 5)
    assert finish(providers, provider).subject == "u-1"


def test_nobodys_signature_is_none(providers, provider):
    provider.signs()
    assert provider.token is not None
    _head, claims, _signature = provider.token.split(".")
    head = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    for token in (f"{head}.{claims}.", f"{head}.{claims}", "nothing", "a.b.c", ""):
        provider.token = token
        with pytest.raises(NotVouchedFor):
            finish(providers, provider)


def test_what_we_could_sign_ourselves_is_not_believed(providers, provider):
    provider.signs(OctKey.import_key("the secret" * 4), "HS256")
    with pytest.raises(NotVouchedFor):
        finish(providers, provider)


def test_another_key_under_the_same_name_is_not_believed(providers, provider):
    provider.signs(OTHER_KEY, kid="first")
    with pytest.raises(NotVouchedFor):
        finish(providers, provider)


def test_new_keys_are_asked_for_but_not_all_the_time(providers, provider, clock):
    provider.signs()
    finish(providers, provider)
    provider.published = [OTHER_KEY]
    provider.signs(OTHER_KEY, kid="second")
    with pytest.raises(NotVouchedFor):
        finish(providers, provider)
    assert provider.asked.count("/keys") == 1
    clock.at += KEYS_AGAIN_S + 1
    assert finish(providers, provider).subject == "u-1"
    assert provider.asked.count("/keys") == 2


def test_what_it_says_of_itself_is_asked_once_in_a_while(providers, provider, clock):
    for _each in range(3):
        providers.begin(provider.client, ASKED)
    assert provider.asked.count("/.well-known/openid-configuration") == 1
    clock.at += KEPT_S
    providers.begin(provider.client, ASKED)
    assert provider.asked.count("/.well-known/openid-configuration") == 2


@pytest.mark.parametrize(
    ("verified", "is_verified"),
    [(True, True), ("true", True), (False, False), ("false", False), (1, False), (None, False)],
)
def test_an_address_is_verified_where_the_provider_says_so(providers, provider, verified, is_verified):
    provider.signs(email_verified=verified)
    assert finish(providers, provider).email_is_verified is is_verified


def test_what_is_not_in_the_token_is_asked_for(providers, provider):
    provider.signs(email=None, email_verified=None)
    provider.person = {"sub": "u-1", "email": "mina@gold.example", "email_verified": True, "iss": "x"}
    assert finish(providers, provider) == Vouched("u-1", "mina@gold.example", True, "Mina")
    provider.person = {"sub": "u-2", "email": "omid@gold.example", "email_verified": True}
    with pytest.raises(NotVouchedFor):
        finish(providers, provider)


def test_who_says_to_be_somebody_else_is_not_asked(providers, provider):
    provider.said = {"issuer": "https://accounts.google.com"}
    with pytest.raises(UnfitIssuer):
        providers.begin(provider.client, ASKED)


def test_an_answer_in_another_name_is_not_believed(providers, provider):
    provider.signs()
    with pytest.raises(NotVouchedFor):
        finish(providers, provider, "https://evil.example")
    assert finish(providers, provider, provider.issuer).subject == "u-1"
    assert "/token" not in provider.asked[:1]


def test_a_code_that_is_refused_opens_nothing(providers, provider):
    provider.status, provider.body = 400, b'{"error": "invalid_grant"}'
    with pytest.raises(NotVouchedFor):
        finish(providers, provider)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b'"x"', b"x" * (BYTES_MAX + 1)], ids=len)
def test_what_is_no_answer_is_none(providers, provider, body):
    provider.body = body
    with pytest.raises(ProviderIsAway):
        finish(providers, provider)


def test_nobody_is_followed_elsewhere(providers, provider):
    provider.status, provider.body = 302, b""
    with pytest.raises(ProviderIsAway):
        finish(providers, provider)
    assert "/elsewhere" not in provider.asked


def test_who_does_not_answer_is_away(providers, provider):
    provider.server.shutdown()
    provider.server.server_close()
    with pytest.raises(ProviderIsAway):
        providers.begin(provider.client, ASKED)


# In production


@pytest.mark.parametrize(
    "issuer", ["http://id.example.com", "ftp://id.example.com", "https://", "https://u:p@id.example.com", "//id"]
)
def test_in_production_an_issuer_is_https(issuer):
    with pytest.raises(UnfitIssuer):
        OpenIdProviders(private_hosts=()).check(issuer)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.8", "172.16.3.4", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "::1",  # noqa: S104
     "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "224.0.0.1", "255.255.255.255",
     "64:ff9b::10.0.0.1", "64:ff9b::169.254.169.254", "64:ff9b:1::1"],
)  # fmt: skip
def test_no_private_address_is_asked(address):
    assert not is_public(address)
    providers = OpenIdProviders(private_hosts=(), resolve=lambda _host, _port: [address])
    with pytest.raises(UnfitIssuer):
        providers.begin(Client("https://id.example.com", "x", "y", "https://gold.example.com"), ASKED)


def test_one_private_address_among_public_ones_is_enough(caplog):
    providers = OpenIdProviders(private_hosts=(), resolve=lambda _host, _port: ["93.184.216.34", "10.0.0.8"])
    with pytest.raises(UnfitIssuer):
        providers.begin(Client("https://id.example.com", "x", "y", "https://gold.example.com"), ASKED)
    assert "private network" in caplog.text


def test_a_name_is_looked_up_once_for_each_question(provider, monkeypatch):
    """Else it could be public when it is checked and private when it is asked."""
    asked: list[str] = []
    monkeypatch.setattr(hosts, "is_public", lambda _address: True)

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    providers = OpenIdProviders(private_hosts=None, resolve=resolve, now=lambda: float(NOW))
    providers.begin(provider.client, ASKED)
    assert asked == ["localhost"]


def test_a_host_of_ones_own_network_can_be_allowed():
    providers = OpenIdProviders(private_hosts={"id.internal"}, resolve=lambda _host, _port: ["127.0.0.1"])
    with pytest.raises(ProviderIsAway):  # it is asked, and nothing answers there
        providers.begin(Client("https://id.internal:9", "x", "y", "https://gold.example.com"), ASKED)
    with pytest.raises(UnfitIssuer):
        providers.begin(Client("https://other.internal:9", "x", "y", "https://gold.example.com"), ASKED)


def test_endpoints_are_as_good_as_their_issuer(provider):
    """An issuer that is fit may not send us to an address that is not."""
    providers = OpenIdProviders(private_hosts=None, now=lambda: float(NOW))
    for address in ("file:///etc/passwd", "gopher://localhost", "", None):
        provider.said = {"authorization_endpoint": address}
        providers._known.clear()
        with pytest.raises((UnfitIssuer, ProviderIsAway)):
            providers.begin(provider.client, ASKED)
