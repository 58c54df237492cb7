"""`goldsmith serve`: the web."""

from __future__ import annotations

import click

from adapters.config import Config


@click.command("serve")
@click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", envvar="PORT", default=8000, show_default=True, help="Port to listen on.")
@click.option(
    "--workers", envvar="WORKERS", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes."
)
def command(host: str, port: int, workers: int) -> None:
    """Serve the pages and the API."""
    # Before anything heavy is imported, and once, not in every worker.
    Config.read()
    import uvicorn

    uvicorn.run(
        "adapters.asgi:create",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )
