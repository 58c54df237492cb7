"""What uvicorn serves: `uvicorn adapters.asgi:create --factory`."""

from __future__ import annotations

import signal
import threading
from types import FrameType

from starlette.applications import Starlette

from adapters.config import Config
from adapters.container import open_house
from kernel import logs
from web.app import build
from web.live import Live


def create() -> Starlette:
    config = Config.read()
    logs.configure(config.log_level, readable=not config.in_production)
    app = build(open_house(config))
    _end_streams_first(app.state.live)
    return app


def _end_streams_first(live: Live) -> None:
    """uvicorn waits for open answers before it tells the application that it stops; streams would never end."""
    if threading.current_thread() is not threading.main_thread():
        return  # where no signal arrives
    for number in (signal.SIGTERM, signal.SIGINT):
        on_with_it = signal.getsignal(number)

        def stop(number: int, frame: FrameType | None, on_with_it: object = on_with_it) -> None:
            live.stop()
            if callable(on_with_it):
                on_with_it(number, frame)

        signal.signal(number, stop)
