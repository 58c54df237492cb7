"""`goldsmith serve`: the web."""

from __future__ import annotations

from ipaddress import ip_network

import click

from adapters.config import Config
from kernel.i18n import _


def _proxies(_context: click.Context, _option: click.Parameter, named: str) -> str:
    for each in named.split(","):
        try:
            ip_network(each.strip(), strict=False)
        except ValueError:
            raise click.BadParameter(_("{address} is no address and no network.").format(address=each)) from None
    return named


@click.command("serve")
@click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", envvar="PORT", default=8000, show_default=True, help="Port to listen on.")
@click.option(
    "--workers", envvar="WORKERS", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes."
)
@click.option(
    "--forwarded-allow-ips", envvar="FORWARDED_ALLOW_IPS", default="127.0.0.1", show_default=True, callback=_proxies,
    help="Addresses and networks of the proxies that are believed when they say who asks.",
)  # fmt: skip
def command(host: str, port: int, workers: int, forwarded_allow_ips: str) -> None:
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
        # Limits count by address: what anybody but our own proxy says about it is not heard.
        proxy_headers=True,
        forwarded_allow_ips=forwarded_allow_ips,
        timeout_graceful_shutdown=10,
    )
