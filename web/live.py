"""Live: what changes in a shop, or on the platform, is told to the pages that are open on it (docs/decisions/0012).

One stream of server-sent events for each page that somebody looks at. While it waits it costs an entry in a set: no
thread, no connection to the database. The shop, or that it is the platform, comes from the session and from nowhere
else.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kernel.access import SignedIn
from kernel.errors import GoldsmithError
from kernel.tenancy import TenantId
from web import metrics
from web.house import House

log = logging.getLogger(__name__)

ADDRESS = "/live"
#: Proxies hang up on a line that is silent for a minute; some do after thirty seconds.
HEARTBEAT_S = 15
#: A stream of somebody who signed out, or was let go, ends within this; that of an admin in somebody's account sooner:
#: they are few, and the shop has been told until when.
LOOK_AGAIN_S, LOOK_AT_ADMINS_S = 8.0, 1.0
#: Windows of one person side by side, in each process. One more, and the one that was opened first goes silent.
MOST_STREAMS = 8
#: When the browser comes back after the line broke. Each is told another moment, so that not all come at once.
COME_BACK_S = (2.0, 8.0)


class Stream:
    """One open page of one person. Lives on the event loop, and is touched nowhere else."""

    def __init__(self, person: SignedIn, token: str) -> None:
        #: None is the platform.
        self.shop = person.tenant
        self.person = person.actor.id
        self.is_impersonation = person.impersonation is not None
        self.token = token
        self._topics: set[str] = set()
        self._woken = asyncio.Event()
        self._over = self._for_good = False

    def tell(self, topic: str) -> None:
        self._topics.add(topic)
        self._woken.set()

    def end(self, *, for_good: bool = False) -> None:
        """Let it run out; `for_good` also tells the page not to come back until somebody looks at it again."""
        self._over, self._for_good = True, for_good
        self._woken.set()

    async def lines(self) -> AsyncIterator[str]:
        yield f"retry: {random.uniform(*COME_BACK_S) * 1000:.0f}\n\n"  # noqa: S311 - spreads load, guards nothing
        while not self._over:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), HEARTBEAT_S)
            self._woken.clear()
            topics, self._topics = self._topics, set()
            yield "".join(f"data: {topic}\n\n" for topic in sorted(topics)) or ": still here\n\n"
        if self._for_good:
            yield "event: end\ndata:\n\n"


class Live:
    """Every stream of this process, and the one line on which it hears what the others change."""

    def __init__(self, house: House) -> None:
        self._house = house
        #: A shop's in the order in which they were opened: a dictionary keeps it, a set does not.
        self._streams: dict[TenantId | None, dict[Stream, None]] = defaultdict(dict)
        self._loop: asyncio.AbstractEventLoop | None = None

    @asynccontextmanager
    async def hearing(self) -> AsyncIterator[None]:
        """For as long as the application runs."""
        self._loop = asyncio.get_running_loop()
        tasks = [asyncio.create_task(each) for each in (self._hear(), self._look_at_all(), self._look_at_admins())]
        try:
            yield
        finally:
            self._end_all()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def stop(self) -> None:
        """End every stream now, from wherever this is called: a server waits for open answers before it goes."""
        if self._loop is not None:
            with suppress(RuntimeError):  # it has stopped already
                self._loop.call_soon_threadsafe(self._end_all)

    async def answer(self, request: Request) -> Response:
        """The stream of whoever asks. 204, which tells a browser to stay away, for nobody."""
        token = request.cookies.get(self._house.session_cookie, "")
        person = await asyncio.to_thread(self._recognise, token)
        if person is None:
            return Response(status_code=204)
        stream = Stream(person, token)
        theirs = [other for other in self._streams.get(stream.shop, ()) if other.person == stream.person]
        if len(theirs) >= MOST_STREAMS:
            theirs[0].end(for_good=True)
            self._forget(theirs[0])
        return _EventStream(self, stream)

    @asynccontextmanager
    async def open(self, stream: Stream) -> AsyncIterator[None]:
        self._streams[stream.shop][stream] = None
        metrics.streams.inc()
        try:
            yield
        finally:
            self._forget(stream)
            metrics.streams.dec()

    def _forget(self, stream: Stream) -> None:
        self._streams[stream.shop].pop(stream, None)
        if not self._streams[stream.shop]:
            del self._streams[stream.shop]

    def _end_all(self) -> None:
        for stream in self._all():
            stream.end()

    def _all(self) -> list[Stream]:
        return [stream for streams in self._streams.values() for stream in streams]

    async def _hear(self) -> None:
        signals = self._house.signals
        if signals is None:
            return
        async for signal in signals.heard():
            for stream in self._streams.get(signal.shop, ()):
                stream.tell(signal.topic)

    async def _look_at_all(self) -> None:
        while True:
            await asyncio.sleep(LOOK_AGAIN_S)
            await self._look_again(self._all())

    async def _look_at_admins(self) -> None:
        while True:
            await asyncio.sleep(LOOK_AT_ADMINS_S)
            await self._look_again(stream for stream in self._all() if stream.is_impersonation)

    async def _look_again(self, streams: Iterable[Stream]) -> None:
        # They stay: a database that is away for a moment is no reason to turn everybody out.
        try:
            await self._turn_out_who_left(streams)
        except GoldsmithError as down:
            log.info("who is signed in could not be asked: %s", down)
        except Exception:
            log.exception("who is signed in could not be asked")

    async def _turn_out_who_left(self, looked_at: Iterable[Stream]) -> None:
        """One session after the other, so that a thousand open pages never take more than a thread or two."""
        by_token: dict[str, list[Stream]] = defaultdict(list)
        for stream in looked_at:
            by_token[stream.token].append(stream)
        for token, streams in by_token.items():
            person = await asyncio.to_thread(self._recognise, token)
            for stream in streams:
                if person is None or person.tenant != stream.shop:
                    stream.end(for_good=True)

    def _recognise(self, token: str) -> SignedIn | None:
        # A page that lies open is nobody at work: it must not keep its session from running out.
        return self._house.recognise(token, touch=False)


class _EventStream(Response):
    media_type = "text/event-stream"

    def __init__(self, live: Live, stream: Stream) -> None:
        # The last is for nginx, which would gather the lines and pass them on together.
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._live = live
        self._stream = stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["endless"] = True
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        gone = asyncio.create_task(self._end_when_gone(receive))
        try:
            async with self._live.open(self._stream):
                async for lines in self._stream.lines():
                    await send({"type": "http.response.body", "body": lines.encode(), "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            gone.cancel()

    async def _end_when_gone(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._stream.end()
