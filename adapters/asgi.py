"""What uvicorn serves: `uvicorn adapters.asgi:create --factory`."""

from __future__ import annotations

from starlette.applications import Starlette

from adapters.config import Config
from adapters.container import open_house
from kernel import logs
from web.app import build


def create() -> Starlette:
    config = Config.read()
    logs.configure(config.log_level, readable=not config.in_production)
    return build(open_house(config))
