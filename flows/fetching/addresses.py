"""Which addresses may be asked: none that is not public, whatever a name says before or after it was resolved."""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from functools import lru_cache
from urllib.parse import SplitResult

from aiohttp.abc import AbstractResolver, ResolveResult

from extractors.urls import UrlError, checked, host_and_port
from flows.fetching.faults import Fault, FetchError

_NOT_PUBLIC = tuple(
    ipaddress.ip_network(net)
    for net in (
        "100.64.0.0/10",  # carriers' NAT
        "192.0.0.0/24",  # protocols of the network itself
        "192.88.99.0/24",  # 6to4 relays
        "2001::/32",  # Teredo: any IPv4 address in disguise, as is the next one
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
    )
)

_UNICAST = ipaddress.ip_network("2000::/3")
"""All of IPv6 that was given out (RFC 4291, 2.4): the rest is one's own network, or IPv4 in disguise (as ::ffff:0:0:0/96)."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""The whole of IPv4 as names tell it where there is none (RFC 6052, DNS64): the address within it decides."""


def public(address: str) -> bool:
    """Whether an IP address belongs to the public internet.

    >>> public("93.184.216.34"), public("127.0.0.1"), public("::ffff:10.0.0.1")
    (True, False, False)
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(ip, "ipv4_mapped", None)
    ip = mapped or ip
    if ip.version == _NAT64.version and ip in _NAT64:
        ip = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    in_list = any(ip.version == net.version and ip in net for net in _NOT_PUBLIC)
    given_out = ip.version != _UNICAST.version or ip in _UNICAST
    return ip.is_global and not ip.is_multicast and not in_list and given_out


@lru_cache(maxsize=16_384)  # ten thousand feeds are asked again and again
def allowed_url(url: str, allow: frozenset[tuple[str, int]]) -> SplitResult:
    """The parts of a URL that this process may ask for; raises FetchError. No name is resolved here."""
    try:
        parts = checked(url)
    except UrlError as error:
        raise FetchError(Fault.URL, error.reason, permanent=True) from None
    host, port = parts.hostname or "", port_of(parts)
    if (host, port) in allow:
        return parts
    if port not in (80, 443):
        raise FetchError(Fault.URL, f"port {port}", permanent=True)
    # An address rather than a name. In any but its plain spelling (127.1, 0x7f000001) it is a trick, and not `public`.
    numeric = ":" in host or re.fullmatch(r"(?:0x[0-9a-f]*|[0-9]+)", host.rpartition(".")[2])
    if numeric and not public(host):
        raise FetchError(Fault.ADDRESS, f"{host} is not a public address", permanent=True)
    return parts


def port_of(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def pairs(allow: tuple[str, ...]) -> frozenset[tuple[str, int]]:
    """`host:port` texts of the settings as pairs; raises ValueError naming the one that is none."""
    return frozenset(host_and_port(text) for text in allow)


class Doorkeeper(AbstractResolver):
    """Resolves names and refuses those that lead, with any of their addresses, to a place that is not public.

    `open_socket` then looks at the address that is really being connected to: whatever the name said before or says
    now, no other socket is opened.
    """

    def __init__(self, allow: frozenset[tuple[str, int]]) -> None:
        self._allow = allow
        self._excepted: set[tuple[str, int]] = {pair for pair in allow if _is_address(pair[0])}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        try:
            infos = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family)
        except (socket.gaierror, UnicodeError) as error:
            raise FetchError(Fault.DNS, f"{host}: {error}") from None
        addresses = [(info[0], str(info[4][0])) for info in infos if info[0] in (socket.AF_INET, socket.AF_INET6)]
        if (host, port) in self._allow:
            self._excepted.update((address, port) for _, address in addresses)
        else:
            for _, address in addresses:
                if not public(address):
                    raise FetchError(Fault.ADDRESS, f"{host} leads to {address}, which is not public")
        if not addresses:
            raise FetchError(Fault.DNS, f"{host} has no address")
        return [
            ResolveResult(
                hostname=host, host=address, port=port, family=kind, proto=0, flags=socket.AI_NUMERICHOST
            )
            for kind, address in addresses
        ]  # fmt: skip

    def open_socket(self, info: tuple[int, int, int, str, tuple[object, ...]]) -> socket.socket:
        family, kind, proto, _, address = info
        host, port = str(address[0]), int(str(address[1]))
        if (host, port) not in self._excepted and (not public(host) or port not in (80, 443)):
            raise OSError(f"{host}:{port} is not a public address")
        return socket.socket(family=family, type=kind, proto=proto)

    async def close(self) -> None:
        pass


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
