"""From a request to its answer: one thread, one transaction, one endpoint.

The order is the order of the story: read what was sent, recognise the person, enter the shop, ask whether the plugin is
on and the person may, check the form, call the endpoint, commit. Whatever refuses on the way is an answer, too.
"""

from __future__ import annotations

import asyncio
import hashlib
import inspect
import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, get_type_hints
from uuid import UUID

from pydantic import TypeAdapter
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kernel.access import SignedIn
from kernel.audit import Outcome, doing
from kernel.calendars import counting_in
from kernel.contributions import KeptAnswer, Route, Scope
from kernel.errors import BadInput, Conflict, GoldsmithError, NotAllowed, NotFound, NotSignedIn, RuleBroken
from kernel.i18n import _, speaking
from kernel.logs import bind
from kernel.tenancy import ShopState
from kernel.uow import PlatformWork, UnitOfWork
from web import bearer, frame, pace, problems
from web.bodies import Data, Upload, nested, read_form, read_json, unreadable
from web.closed import ShopClosed
from web.cookies import peer
from web.forms import NO_DRAFT, Draft, validate
from web.guard import check_origin, check_token
from web.house import House
from web.impersonation import check_impersonation, check_taken_along
from web.proof import check_proof
from web.render import View, showing
from web.routing import redirect
from web.spreadsheet import Export

log = logging.getLogger(__name__)

#: A refusal of the same address to the same session goes into the trail so often.
REFUSALS_APART_S = 60.0
MOST_REFUSED = 10_000

#: With it a change of the API may be sent again until an answer arrives.
REPEATABLE = "Idempotency-Key"

BODY_BYTES_MAX = 8 * 1024 * 1024
#: What a form page can show beside its fields; anything else gets a page of its own.
SHOWN_AGAIN = (BadInput, RuleBroken, Conflict)


class TooLarge(GoldsmithError):
    status = 413

    def __init__(self) -> None:
        most = BODY_BYTES_MAX // 1024 // 1024
        super().__init__(_("This is too large: at most {most} MB can be sent at once.").format(most=most))


class Answering:
    """One route, made ready at start: it is called with every request to its address."""

    def __init__(self, house: House, plugin: str, route: Route) -> None:
        self.house = house
        self.plugin = plugin
        self.route = route
        self.action = f"{plugin}.{route.name}"
        self._refused: dict[UUID, float] = {}
        self._call = _prepared(house, route.endpoint)
        self._again = _prepared(house, route.again) if route.again else None
        self._whose = _prepared(house, route.whose) if route.whose else None
        self._answers = TypeAdapter(route.answers) if route.answers is not None else None

    async def __call__(self, request: Request) -> Response:
        try:
            sent = await _sent(request) if self.route.changes else b""
        except GoldsmithError as refusal:
            request.state.view = frame.nobodys(request, self.house)
            return problems.refused(request, refusal)
        # Cheaper than Starlette's own way into a thread, which can be cancelled; an answer never is.
        return await asyncio.to_thread(self._answer_program if self.route.is_api else self._answer, request, sent)

    def _answer_program(self, request: Request, sent: bytes | Data) -> Response:
        """As a person's, with what is left of the quotas; the log has a line of each (docs/decisions/0019)."""
        answer = self._answer(request, sent)
        answer.headers.update(pace.headers(getattr(request.state, "used", ())))
        told = {"action": self.action, "status": answer.status_code, "address": peer(request)}
        log.info("asked by a program", extra={**told, "program": getattr(request.state, "program", None)})
        return answer

    def _answer(self, request: Request, sent: bytes | Data) -> Response:
        request.state.view = frame.nobodys(request, self.house)
        request.state.draft = NO_DRAFT
        person: SignedIn | None = None
        here = doing(self.action, address=peer(request) or None, request=request.scope.get("request_id"))
        with speaking(request.state.view.language), here:
            try:
                data = _read(request, sent)
                if self.route.changes:
                    check_origin(request)
                if self.route.scope is Scope.PUBLIC:
                    return self._public(request, data)
                person = self._recognise(request)
                request.state.program = person.program
                if self.route.changes and person.via == "cookie":
                    check_token(request, person, data)
                with self._named(request, person):
                    if self.route.scope is Scope.PLATFORM:
                        answer = self._for_platform(request, person, data)
                    else:
                        answer = self._for_shop(request, person, data)
                    check_taken_along(answer, person)
                    if isinstance(answer, Export):
                        # A file that the trail cannot tell of is not handed out.
                        self._record(person, "done", file=answer.file, asked=request.url.query)
                return answer
            except GoldsmithError as refusal:
                if isinstance(refusal, NotAllowed) and person is not None:
                    with self._named(request, person):
                        self._record_refusal(person, refusal)
                return problems.refused(request, refusal)
            except Exception as fault:
                return problems.fault(request, fault, shop=person.tenant if person else None)

    def _recognise(self, request: Request) -> SignedIn:
        """Whoever holds the cookie or, on addresses of the API, the token or key. Raises NotSignedIn, AskedTooOften."""
        cookie = request.cookies.get(self.house.session_cookie)
        if not self.route.is_api:
            person = self.house.recognise(cookie)
            if person is None:
                raise NotSignedIn
            return person
        try:
            secret = bearer.shown(request)
            if secret and cookie:
                raise bearer.TwoCredentials
            person = self.house.recognise_program(secret) if secret else self.house.recognise(cookie)
            if person is None:
                raise bearer.OpensNothing if secret else NotSignedIn
        except NotSignedIn:
            self._count(request, None)
            raise
        self._count(request, person)
        return person

    def _count(self, request: Request, person: SignedIn | None) -> None:
        """One more request of the API. Raises AskedTooOften."""
        counts = self.house.pace
        if counts is None:
            return
        request.state.used = used = counts.of(person) if person else counts.of_nobody(peer(request))
        over = [one for one in used if one.is_over]
        if over:
            raise pace.AskedTooOften(max(over, key=lambda one: one.renewed_in_s))

    @contextmanager
    def _named(self, request: Request, person: SignedIn) -> Iterator[None]:
        """Inside the block the trail names the program that acts for the person."""
        if person.program is None:
            yield
            return
        request_id = request.scope.get("request_id")
        with doing(self.action, address=peer(request) or None, request=request_id, program=person.program):
            yield

    def _public(self, request: Request, data: Data) -> Response:
        form = None
        if self.route.is_api:
            form, sender = self._sender(request, data)
            self._count(request, sender)
        try:
            return self._respond(request, None, data, form)
        except SHOWN_AGAIN as refusal:
            if self._again is None or self.route.is_api:
                raise
            return _shown_again(request, refusal, data, partial(self._again, request, None, None, None))

    def _sender(self, request: Request, data: Data) -> tuple[Any, SignedIn | None]:
        """Who sends to a public address, where what they send says so; with what they sent."""
        if self._whose is None or self.route.form is None:
            return None, None
        try:
            form = validate(self.route.form, data)
        except BadInput:
            return None, None  # refused when it is answered, and counted like anybody's until then
        return form, self._whose(request, None, form, None)

    def _for_shop(self, request: Request, person: SignedIn, data: Data) -> Response:
        if person.tenant is None:
            return self._to_the_platform(request, person)
        enter = partial(self.house.database.for_shop, person.tenant, person.actor)
        bind(shop=str(person.tenant), user=str(person.actor.id))
        try:
            with enter(read_only=not self.route.changes) as uow:
                self._step_in(request, uow, person)
                self._check_state(uow.shop.state)
                return self._once(request, uow, data)
        except SHOWN_AGAIN as refusal:
            if self._again is None or self.route.is_api:
                raise
            with enter(read_only=True) as uow:
                # What stands around the page asks this transaction, not the one that was taken back.
                self._step_in(request, uow, person)
                return _shown_again(request, refusal, data, partial(self._again, request, uow, None, None))

    def _once(self, request: Request, uow: UnitOfWork, data: Data) -> Response:
        """A change of the API that carries a key is made once, and answered the same each time it is sent."""
        keeps = [one.value for one in self.house.plugins.given("answer_keepers") if one.plugin in uow.shop.plugins]
        if not (self.route.is_api and self.route.changes and REPEATABLE in request.headers and keeps):
            return self._respond(request, uow, data)
        key, keeper = _key(request), keeps[0]
        said = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query} {data!r}".encode()).digest()
        before: KeptAnswer | None = keeper.kept(uow, key, said)
        if before is not None:
            replayed = {"Idempotency-Replayed": "true"}
            return Response(before.body, before.status, replayed, media_type="application/json")
        answer = self._respond(request, uow, data)
        if answer.media_type == "application/json" or not answer.body:
            keeper.keep(uow, key, said, KeptAnswer(answer.status_code, bytes(answer.body)))
        return answer

    def _to_the_platform(self, request: Request, person: SignedIn) -> Response:
        """The first page of a shop leads people of the platform to theirs; any other page of a shop is none."""
        request.state.view = frame.platforms(request, self.house, person)
        home = request.state.view.home
        if self.route.path != "/" or home == "/":
            raise NotFound
        return redirect(home)

    def _step_in(self, request: Request, uow: UnitOfWork, person: SignedIn) -> None:
        if self.route.is_api:
            request.state.view = frame.programs(request, uow, person)
        else:
            request.state.view = frame.shops(request, self.house, uow, person)
        with speaking(request.state.view.language):
            if self.plugin not in uow.shop.plugins:
                raise NotFound
            check_impersonation(self.route, person)
            self._check_permission(person)
            check_proof(self.route, person, uow.now)

    def _for_platform(self, request: Request, person: SignedIn, data: Data) -> Response:
        if person.tenant is not None:
            raise NotFound
        self._check_permission(person)
        bind(shop="platform", user=str(person.actor.id))
        enter = partial(self.house.database.for_platform, f"{self.route.method} {self.route.path}", person.actor)
        request.state.view = frame.platforms(request, self.house, person)
        check_proof(self.route, person, self.house.database.clock.now())
        try:
            with enter(read_only=not self.route.changes) as work:
                return self._respond(request, work, data)
        except SHOWN_AGAIN as refusal:
            if self._again is None:
                raise
            with enter(read_only=True) as work:
                return _shown_again(request, refusal, data, partial(self._again, request, work, None, None))

    def _check_state(self, state: ShopState) -> None:
        route, allows = self.route, state.allows
        if not allows.sign_in:
            raise NotSignedIn
        if route.own:
            return
        if not (allows.change if route.changes else allows.export if route.exports else allows.read):
            raise ShopClosed(state)

    def _check_permission(self, person: SignedIn) -> None:
        permission = self.route.permission
        if permission is not None and not person.actor.may(permission.name):
            raise NotAllowed(permission.name, _(permission.title), by_key=person.via == "key")

    def _record_refusal(self, person: SignedIn, refusal: NotAllowed) -> None:
        """Once a minute for each person: whoever tries again and again neither fills the trail nor slows the shop."""
        now = time.monotonic()
        if now - self._refused.get(person.session, -REFUSALS_APART_S) < REFUSALS_APART_S:
            return
        if len(self._refused) >= MOST_REFUSED:
            self._refused.clear()
        self._refused[person.session] = now
        try:
            self._record(person, "refused", permission=refusal.permission)
        except Exception:
            log.exception("a refusal could not be recorded")

    def _record(self, person: SignedIn, outcome: Outcome, **details: Any) -> None:
        """What no row tells: who tried what they may not, and who took a list along."""
        database = self.house.database
        if person.tenant is None:
            with database.for_platform("record in the trail", person.actor) as work:
                work.record(self.action, outcome=outcome, **details)
        else:
            with database.for_shop(person.tenant, person.actor) as uow:
                uow.record(self.action, outcome=outcome, **details)

    def _respond(
        self, request: Request, unit: UnitOfWork | PlatformWork | None, data: Data, form: Any = None
    ) -> Response:
        route = self.route
        with _seen_by(request):
            if form is None and route.form:
                form = validate(route.form, data)
            query = validate(route.query, nested(request.query_params.multi_items())) if route.query else None
            result = self._call(request, unit, form, query)
        if isinstance(result, Response):
            return result
        if self._answers is None:
            raise TypeError(f"{route.name} neither returned a response nor declared what it answers")
        return Response(self._answers.dump_json(result), route.status, media_type="application/json")


def _key(request: Request) -> str:
    """As the draft of the IETF has it, in quotes, or without. Raises BadInput."""
    key = request.headers[REPEATABLE].strip('"')
    if not re.fullmatch(r"[!-~]{1,200}", key):
        raise BadInput({"Idempotency-Key": _("A key is one word of at most 200 letters, digits and signs.")})
    return key


@contextmanager
def _seen_by(request: Request) -> Iterator[None]:
    """The language, numbers and calendar of the person, for as long as the endpoint runs."""
    view: View = request.state.view
    with showing(view, draft=request.state.draft, request=request), counting_in(view.calendar):
        yield


Prepared = Callable[[Request, Any, Any, Any], Any]


def _prepared(house: House, endpoint: Callable[..., Any]) -> Prepared:
    """The endpoint with its ports in place, called as (request, unit of work, form, query)."""
    bound = house.plugins.bound(endpoint)
    ports = set(bound.keywords) if isinstance(bound, partial) else set()
    hints = get_type_hints(endpoint)
    wanted = [name for name in inspect.signature(endpoint).parameters if name not in ports]
    settled = {"request", "uow", "work", "database", "form", "query"}
    in_path = {name: _converter(hints.get(name, str)) for name in wanted if name not in settled}

    def call(request: Request, unit: Any, form: Any, query: Any) -> Any:
        given = {
            "request": request, "uow": unit, "work": unit, "database": house.database, "form": form, "query": query,
        }  # fmt: skip
        arguments = {name: given[name] for name in wanted if name in given}
        for name, convert in in_path.items():
            try:
                arguments[name] = convert(request.path_params[name])
            except ValueError:
                raise NotFound from None
        return bound(**arguments)

    return call


def _converter(kind: Any) -> Callable[[str], Any]:
    if kind is int:
        return _number_in_path
    # NewType('ItemId', UUID) and UUID itself
    return UUID if getattr(kind, "__supertype__", kind) is UUID else str


def _number_in_path(text: str) -> int:
    if not re.fullmatch(r"\d{1,15}", text, re.ASCII):
        raise ValueError(text)
    return int(text)


async def _sent(request: Request) -> bytes | Data:
    """The body, within its limit; files and fields of a multipart form are taken apart already."""
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or int(announced) > BODY_BYTES_MAX:
        raise TooLarge
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await _multipart(request)
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > BODY_BYTES_MAX:
            raise TooLarge
        parts.append(part)
    return b"".join(parts)


async def _multipart(request: Request) -> Data:
    if "content-length" not in request.headers:
        raise TooLarge
    try:
        async with request.form(max_files=10, max_fields=1000, max_part_size=BODY_BYTES_MAX) as form:
            pairs = [
                (name, Upload(value.filename or "", await value.read()) if isinstance(value, UploadFile) else value)
                for name, value in form.multi_items()
            ]
    except HTTPException:
        unreadable()
    if not pairs:  # rubbish between the boundaries reads as a form without fields
        unreadable()
    return nested(pairs)


def _read(request: Request, sent: bytes | Data) -> Data:
    if isinstance(sent, dict):
        return sent
    if not sent:
        return {}
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return read_form(sent)
    return read_json(sent)


def _shown_again(request: Request, refusal: GoldsmithError, data: Mapping[str, object], show: Any) -> Response:
    """The form page once more, with everything that was typed and what to correct."""
    errors = refusal.fields if isinstance(refusal, BadInput) else {"": str(refusal)}
    request.state.draft = Draft(data, errors)
    with _seen_by(request):
        response: Response = show()
    response.status_code = refusal.status
    return response
