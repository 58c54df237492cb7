"""The application: every plugin's routes, the house's own addresses, and what stands around every request."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

import anyio.to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from kernel.errors import NotFound, WrongMethod
from kernel.i18n import speaking
from kernel.maintenance import LOOK_EVERY_S
from web import api_pages, frame, metrics, openapi, problems, showcase
from web.addresses import Addresses
from web.answer import Answering
from web.assets import PREFIX
from web.door import Door
from web.house import House
from web.live import ADDRESS, Live
from web.middleware import Around, OneName, SecurityHeaders
from web.render import Look, View, formats, page


def build(house: House) -> Starlette:
    """The application of one installation. Raises ValueError when two plugins answer the same address."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        # A thread without a connection only waits: as many threads as the pool has connections.
        anyio.to_thread.current_default_thread_limiter().total_tokens = house.threads
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(house.threads, "request"))
        # Before the first request: a kill switch that was pulled yesterday counts for it, too.
        await asyncio.to_thread(house.watch.look, house.database)
        watching = asyncio.create_task(_watch(house))
        async with live.hearing():
            yield
        watching.cancel()
        house.database.close()

    live = Live(house)
    folders = [plugin.folder for plugin in house.plugins.by_name.values()]
    look = Look(
        templates=[folder / "templates" for folder in folders if (folder / "templates").is_dir()],
        static=[folder / "static" for folder in folders if (folder / "static").is_dir()],
        development=not house.production,
    )
    answered = _plugin_routes(house)
    ours = [*_own_routes(house), Route(ADDRESS, live.answer)]
    routes = [Addresses(answered), *ours, *answered, Mount(PREFIX, look.assets)]
    app = Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[
            Middleware(SecurityHeaders, secure=house.production),
            Middleware(Around),
            *([Middleware(OneName, domain=house.domain)] if house.production else []),
            Middleware(Door),
        ],
        exception_handlers={404: _nothing_here, 405: _nothing_here, Exception: _past_helping},
    )
    app.state.house = house
    app.state.look = look
    app.state.live = live
    return app


async def _watch(house: House) -> None:
    """What is changed for all shops anywhere, such as maintenance or a flag, is seen here within two seconds."""
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        await asyncio.to_thread(house.watch.look, house.database)


def _plugin_routes(house: House) -> list[Route]:
    routes: dict[tuple[str, str], Route] = {}
    for given in house.plugins.given("routes"):
        address = (given.value.method, given.value.path)
        if address in routes:
            raise ValueError(f"two plugins answer {address}: {routes[address].name} and {given.plugin}")
        name = f"{given.plugin}.{given.value.name}"
        answering = Answering(house, given.plugin, given.value)
        routes[address] = Route(given.value.path, _endpoint(answering), methods=[given.value.method], name=name)
    # `/items/new` before `/items/{item}`: fixed words win over names, whoever came first.
    return sorted(routes.values(), key=lambda route: [part.startswith("{") for part in route.path.split("/")])


def _endpoint(answering: Answering) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        return await answering(request)

    return endpoint


def _own_routes(house: House) -> list[BaseRoute]:
    def live(_request: Request) -> Response:
        return JSONResponse({"status": "live"})

    def ready(_request: Request) -> Response:
        against = house.ready()
        status = "not ready" if against else "ready"
        # Maintenance is no reason: the page that tells of it has to be served.
        closed = house.watch.now is not None
        return JSONResponse({"status": status, "reasons": against, "maintenance": closed}, 503 if against else 200)

    def measured(request: Request) -> Response:
        if not metrics.may_read(request, house):
            return PlainTextResponse("", 404)
        return Response(metrics.text(), media_type=metrics.CONTENT_TYPE)

    def catalogue(request: Request) -> Response:
        request.state.view = frame.whoevers(request, house)
        with speaking(request.state.view.language):
            return page(request, "dev/ui.html", **showcase.context(formats(request), request.state.view.currency))

    @cache
    def described() -> dict[str, Any]:
        return openapi.document(house.plugins, session_cookie=house.session_cookie)

    def description(_request: Request) -> Response:
        return JSONResponse(described())

    def for_programs(request: Request) -> Response:
        request.state.view = frame.whoevers(request, house)
        with speaking(request.state.view.language):
            return page(
                request,
                "api.html",
                groups=api_pages.groups(described()),
                about=openapi.ABOUT,
                said=api_pages.said,
                address=openapi.ADDRESS,
                commands=api_pages.commands(_site(request, house)),
            )

    ours: list[BaseRoute] = [
        Route("/health/live", live),
        Route("/health/ready", ready),
        Route("/metrics", measured),
        Route(openapi.ADDRESS, description),
        Route("/api", for_programs),
    ]
    if house.production:
        return ours
    return [*ours, Route("/dev/ui", catalogue), Route("/dev/ui/people", showcase.answer_people)]


def _site(request: Request, house: House) -> str:
    """As a program has to write it."""
    return f"https://{house.domain}" if house.production else f"http://{request.headers.get('host', house.domain)}"


def _nothing_here(request: Request, error: Exception) -> Response:
    request.state.view = frame.whoevers(request, request.app.state.house)
    with speaking(request.state.view.language):
        if isinstance(error, HTTPException) and error.status_code == 405:
            response = problems.refused(request, WrongMethod())
            response.headers.update(error.headers or {})
            return response
        return problems.refused(request, NotFound())


def _past_helping(request: Request, error: Exception) -> Response:
    """What broke outside of every page. The page of a fault is no help any more, if it was what broke."""
    request.state.view = View()
    return problems.fault(request, error)
