"""Every route of the hostile server ends as expected, in time."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from loading import loaded
from remembering import CONTACT

from flows.fetching import Fault, Fetcher, FetchError, Limits
from flows.local_server import free_port

HOSTILE = Path(__file__).resolve().parents[2] / "hostile"


@pytest.fixture(scope="module")
def hostile() -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen([sys.executable, str(HOSTILE / "server.py"), str(port)])
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield port
    process.terminate()
    process.wait(10)


SLOW = ("/slow_body", "/slow_headers", "/silent", "/endless_1xx")


OUTCOMES = {
    "/ok": None, "/canary": None, "/charset_lie": None, "/consent": None, "/s301": None,
    "/big100": Fault.TOO_LARGE, "/endless": Fault.TOO_LARGE, "/gzipbomb": Fault.TOO_LARGE, "/deflbomb": Fault.TOO_LARGE,
    "/cl_huge": Fault.TOO_LARGE, "/brbomb": Fault.ENCODING, "/gzip10x": Fault.ENCODING, "/gzip_lie": Fault.ENCODING,
    "/gzip_trunc": Fault.TRUNCATED, "/cl_short": Fault.TRUNCATED, "/chunk_cut": Fault.TRUNCATED,
    "/close_cut": Fault.TRUNCATED, "/slow_body": Fault.DEADLINE, "/slow_headers": Fault.DEADLINE, "/silent": Fault.DEADLINE,
    "/endless_1xx": Fault.DEADLINE, "/redir_loop": Fault.REDIRECT, "/redir_n": Fault.REDIRECT,
    "/redir_grow": Fault.REDIRECT, "/redir_loopback": Fault.ADDRESS, "/redir_meta": Fault.ADDRESS,
    "/redir_priv": Fault.ADDRESS, "/redir_v6": Fault.ADDRESS, "/redir_dec": Fault.ADDRESS, "/redir_file": Fault.URL,
    "/redir_ftp": Fault.URL, "/redir_data": Fault.URL, "/redir_crlf": Fault.NOT_FOUND, "/redir_host": Fault.URL,
    "/redir_userinfo": Fault.URL, "/cl_long": Fault.PROTOCOL, "/cl_neg": Fault.PROTOCOL, "/cl_two": Fault.PROTOCOL,
    "/chunk_bad": Fault.PROTOCOL, "/many_headers": Fault.PROTOCOL, "/huge_header": Fault.PROTOCOL,
    "/endless_headers": Fault.PROTOCOL, "/garbage": Fault.PROTOCOL, "/s304": Fault.PROTOCOL, "/s204": Fault.PROTOCOL,
    "/s206": Fault.PROTOCOL, "/s410": Fault.GONE, "/s429": Fault.BUSY, "/s429_inf": Fault.BUSY, "/s503_date": Fault.BUSY,
    "/s500": Fault.SERVER,
}  # fmt: skip


def test_every_route_of_the_hostile_server_has_an_expected_outcome() -> None:
    server = loaded(HOSTILE / "server.py")
    assert OUTCOMES.keys() == server.plain_routes("1").keys() | server.SLOW_ROUTES.keys()


@pytest.mark.parametrize("route", [route for route in OUTCOMES if route not in SLOW])
async def test_each_hostile_route_ends_as_expected(hostile: int, route: str) -> None:
    assert await _outcome(hostile, route, 5.0) == OUTCOMES[route]


async def test_slow_routes_end_at_the_deadline(hostile: int) -> None:
    began = time.monotonic()
    faults = await asyncio.gather(*(_outcome(hostile, route, 1.0) for route in SLOW))
    assert faults == [Fault.DEADLINE] * len(SLOW)
    assert time.monotonic() - began < 4


async def _outcome(port: int, route: str, deadline: float) -> Fault | None:
    limits = Limits(deadline=deadline, allow=(f"127.0.0.1:{port}",))
    async with Fetcher(contact=CONTACT, limits=limits) as asking:
        try:
            await asking.fetch(f"http://127.0.0.1:{port}{route}")
        except FetchError as error:
            return error.kind
    return None


def test_why_a_certificate_is_refused_is_said() -> None:
    """An expired one of a receiver is for its owner to renew; the name of an exception does not say so."""
    import aiohttp

    from flows.fetching.faults import fault_of

    told = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")
    told.verify_message = "certificate has expired"
    fault = fault_of(aiohttp.ClientConnectorCertificateError(None, told))  # type: ignore[arg-type]

    assert fault.kind is Fault.TLS
    assert "certificate has expired" in str(fault)
