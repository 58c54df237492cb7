"""Asks only where it may: an owner who enters an address must not make this server ask its own network for them."""

from __future__ import annotations

import socket
from collections.abc import Callable, Collection
from ipaddress import ip_address, ip_network

import httpx

Resolve = Callable[[str, int], list[str]]

#: A gateway makes an IPv4 address of these (NAT64), also one of its own network.
_TRANSLATED = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))


class NotAsked(httpx.TransportError):
    """The address leads into a private network, or nowhere."""


class CheckedHosts(httpx.BaseTransport):
    """Looks a name up once, checks every address it has, and connects to one of those: what the name says a moment
    later (DNS rebinding) does not count. The certificate is still that of the name."""

    def __init__(
        self, inner: httpx.BaseTransport, *, private_hosts: Collection[str] | None, resolve: Resolve | None = None
    ) -> None:
        self._inner = inner
        #: None: any address may be private, as where somebody develops.
        self._private = private_hosts
        self._resolve = resolve or _addresses

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        address = self._checked(host, request.url.port or 443)
        request.extensions = {**request.extensions, "sni_hostname": host}
        request.url = request.url.copy_with(host=address)
        return self._inner.handle_request(request)

    def close(self) -> None:
        self._inner.close()

    def _checked(self, host: str, port: int) -> str:
        try:
            found = self._resolve(host, port)
        except OSError as unknown:
            raise NotAsked(f"{host} has no address") from unknown
        if self._private is not None and host not in self._private:
            for address in found:
                if not is_public(address):
                    raise NotAsked(f"{host} is in a private network")
        return found[0]


def is_public(address: str) -> bool:
    ip = ip_address(address.partition("%")[0])
    # IPv4 in the clothes of IPv6.
    inner = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    if any(ip in network for network in _TRANSLATED):
        return False
    return ip.is_global and not ip.is_multicast and (inner is None or is_public(str(inner)))


def _addresses(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for _family, _kind, _protocol, _name, address in found]
