"""People and their programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from httpx import Response
from starlette.applications import Starlette

from kernel.ids import new_id
from kernel.tenancy import Actor, Shop
from kernel.uow import Database
from plugins.identity.public import NewUserForm, add_user_with_password
from tests.plugins.browser import Browser
from tests.plugins.conftest import PASSWORD

ME = "/api/v1/me"


class Program:
    """A program that sends what it holds."""

    def __init__(self, app: Starlette, secret: str = "") -> None:
        self.browser = Browser(app)
        self.access, self.refresh_token = secret, ""

    def sign_in(self, email: str, **more: str) -> Response:
        answer = self.send("POST", "/api/v1/tokens", anonymous=True, email=email, password=PASSWORD, **more)
        assert answer.status_code == 201, answer.text
        self.take(answer)
        return answer

    def take(self, answer: Response) -> None:
        said = answer.json()
        self.access, self.refresh_token = said["access_token"], said["refresh_token"]

    def send(self, method: str, path: str, *, anonymous: bool = False, key: str = "", **body: Any) -> Response:
        headers = {} if anonymous else {"Authorization": f"Bearer {self.access}"}
        if key:
            headers["Idempotency-Key"] = key
        answer: Response = self.browser.client.request(method, path, json=body or None, headers=headers)
        return answer

    def get(self, path: str = ME) -> Response:
        return self.send("GET", path)

    def refresh(self, token: str | None = None) -> Response:
        sent = token or self.refresh_token
        return self.send("POST", "/api/v1/tokens/refresh", anonymous=True, refresh_token=sent)


@pytest.fixture
def employ(database: Database, actor: Actor, shop: Shop) -> Callable[[str], str]:
    """Somebody new in the shop; answers their address."""

    def employed(role: str) -> str:
        email = f"program-{new_id().hex}@example.com"
        with database.for_shop(shop.id, actor) as uow:
            form = NewUserForm.model_validate({"name": "Parisa", "email": email, "role": role})
            add_user_with_password(uow, form, PASSWORD)
        return email

    return employed


@pytest.fixture
def email(employ: Callable[[str], str]) -> str:
    """An employee's."""
    return employ("employee")


@pytest.fixture
def program(app: Starlette, email: str) -> Program:
    """It works for an employee."""
    one = Program(app)
    one.sign_in(email, program="Stock of the web shop")
    return one


@pytest.fixture
def owners(app: Starlette, employ: Callable[[str], str]) -> Program:
    """It works for an owner."""
    one = Program(app)
    one.sign_in(employ("owner"), program="Night import")
    return one
