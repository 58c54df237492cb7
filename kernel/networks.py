"""Network addresses, as far as they say that two requests come from one place."""

from __future__ import annotations

from ipaddress import ip_address, ip_network


def neighbourhood(address: str) -> str:
    """What counts as one address: with IPv6 a single customer has 2⁶⁴ of them."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    return str(ip if ip.version == 4 else ip_network((ip, 64), strict=False))
