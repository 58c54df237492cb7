"""How a plugin says what answers an address.

An endpoint is a plain function. Its parameters are filled by name: `request`; `uow` (a shop's unit of work), `work`
(the platform's) or `database` (neither is open yet); `form` and `query`, checked; the names in the path, converted to
their annotation. Every other parameter is a port, found by its annotation. When it runs, the person, the shop, the
permission and the input are settled.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any, Literal, TypeVar

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kernel.access import SignedIn
from kernel.contributions import Permission, Route, Scope

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
Decorator = Callable[[Endpoint], Endpoint]
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]

NOTICE_COOKIE = "notice"


def _route(method: Method) -> Callable[..., Decorator[Any]]:
    def at(
        path: str,
        *,
        permission: Permission | None = None,
        form: type[Any] | None = None,
        query: type[Any] | None = None,
        again: Callable[..., Any] | None = None,
        answers: Any = None,
        status: int = 200,
        platform: bool = False,
        public: bool = False,
        everyone: bool = False,
        own: bool = False,
        impersonating: bool | None = None,
        sensitive: bool = False,
        file: str | None = None,
        whose: Callable[..., SignedIn | None] | None = None,
    ) -> Decorator[Any]:
        """Answer `path`. Who may: holders of `permission`; `everyone` who is signed in; or, `public`, anybody.

        `platform` is for people of the installation instead of a shop's. What is one's `own`, such as a password, can
        be changed also in a shop where nothing else can. `impersonating` says otherwise than usual whether an admin
        may who acts in somebody's account. What is `sensitive` asks for a password or a factor, unless that was shown
        a moment ago. `whose` (form → person) says who sends to a `public` address of the API, where that can be known.
        Raises TypeError when nobody is named.
        """
        if sum((permission is not None, public, everyone)) != 1:
            raise TypeError(f"{method} {path}: name one of permission, everyone or public")
        scope = Scope.PUBLIC if public else Scope.PLATFORM if platform else Scope.SHOP

        def mark(endpoint: Endpoint) -> Endpoint:
            accepts = (form, query, again, answers, status)
            careful = (own, impersonating, sensitive)
            route = Route(method, path, endpoint, permission, scope, *accepts, *careful, file, whose)
            endpoint.__dict__.setdefault("__routes__", []).append(route)
            return endpoint

        return mark

    return at


get = _route("GET")
post = _route("POST")
put = _route("PUT")
patch = _route("PATCH")
delete = _route("DELETE")


def routes_in(*modules: ModuleType) -> list[Route]:
    """Every route declared in these modules; a package stands for what it imports from its own modules."""
    found: dict[int, Route] = {}
    for value in _functions(modules):
        for route in value.__dict__.get("__routes__", ()):
            found[id(route)] = route
    return list(found.values())


def _functions(modules: Iterable[ModuleType]) -> Iterable[Any]:
    for module in modules:
        inner = [value for value in vars(module).values() if isinstance(value, ModuleType)]
        yield from _functions(one for one in inner if one.__name__.startswith(f"{module.__name__}."))
        yield from (value for value in vars(module).values() if callable(value) and hasattr(value, "__dict__"))


def redirect(path: str, *, say: str | None = None, undo: str = "") -> Response:
    """On to another page of ours after a change (303).

    `say` is shown there once, beside a button that posts to `undo` where that address is given.
    """
    if not is_ours(path):
        raise ValueError("redirects stay on this site")
    response = RedirectResponse(path, status_code=303)
    if say is not None:
        packed = base64.urlsafe_b64encode(json.dumps([say, undo]).encode()).decode()
        response.set_cookie(NOTICE_COOKIE, packed, max_age=60, httponly=True, samesite="lax", path="/")
    return response


def is_ours(path: str) -> bool:
    """Is it a page of this site? What comes from an address or a form may lead anywhere.

    Browsers take `\\` for `/` and leave out tabs and line breaks: to them `/<tab>/evil.example` is another site.
    """
    return path.startswith("/") and not path.startswith("//") and not re.search(r"[\x00-\x1f\x7f\\]", path)


def notices(request: Request) -> tuple[tuple[str, str], ...]:
    """What the page before wanted to say, and where it is undone.

    Whoever shows it forgets it, with `forget_notices`.
    """
    packed = request.cookies.get(NOTICE_COOKIE)
    if not packed:
        return ()
    try:
        said, undo = json.loads(base64.urlsafe_b64decode(packed.encode()))
    except (ValueError, TypeError):
        return ()
    return ((said[:500], undo),) if isinstance(said, str) and isinstance(undo, str) else ()


def forget_notices(request: Request, response: Response) -> None:
    """What was said is said once, not again on every page of the next minute."""
    if NOTICE_COOKIE in request.cookies:
        response.delete_cookie(NOTICE_COOKIE, httponly=True, samesite="lax", path="/")
