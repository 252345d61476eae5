"""What a poll costs: CPU time of the client for an unchanged feed and for a page, for each HTTP client we could use.

    python benchmarks/fetching.py [--feeds 2000] [--json]

A server on loopback, in a process of its own, answers 304 to whoever sends validators, and 68 kB of gzip otherwise. Only
the client's CPU time counts (getrusage). "kept alive": 50 hosts (ports), each asked again on its open connection; "new
TLS": the server closes after every answer, as a server does that we ask every ten minutes. The choice that follows from it
is docs/decisions/0003-http-client.md.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import os
import random
import resource
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

HOSTS = 50
CONCURRENCY = 20
Ask = Callable[[str, bool], Awaitable[int]]


# --- the server -------------------------------------------------------------------------------------------------------


def _page() -> bytes:
    """About 68 kB of gzip, 365 kB of HTML: the mean of real article pages."""
    words = random.Random(1)
    text = "".join(f"<p>{words.getrandbits(88):022x} Beratungen in Genf {'und weiter ' * 6}</p>" for _ in range(3300))
    return gzip.compress(f"<html><body>{text}</body></html>".encode(), 6)


class _Protocol(asyncio.Protocol):
    page = b""

    def __init__(self, close: bool) -> None:
        self._close = close
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
            connection = b"Connection: close\r\n" if self._close else b""
            if b"if-none-match" in head.lower():
                self._transport.write(b'HTTP/1.1 304 Not Modified\r\nETag: "e1"\r\n' + connection + b"\r\n")
            else:
                fields = b"Content-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n" % len(self.page)
                self._transport.write(b"HTTP/1.1 200 OK\r\n" + fields + connection + b"\r\n" + self.page)
            if self._close:
                self._transport.close()


async def _serve(cert: Path) -> None:
    """Prints the ports: HOSTS of plain HTTP kept alive, HOSTS of TLS kept alive, HOSTS of TLS that closes."""
    loop = asyncio.get_running_loop()
    _Protocol.page = _page()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert)
    ports: list[list[int]] = []
    for tls, close in ((None, False), (context, False), (context, True)):
        servers = [
            await loop.create_server(lambda close=close: _Protocol(close), "127.0.0.1", 0, ssl=tls)
            for _ in range(HOSTS)
        ]
        ports.append([server.sockets[0].getsockname()[1] for server in servers])
    print(json.dumps(ports), flush=True)
    parent = os.getppid()
    while os.getppid() == parent:
        await asyncio.sleep(1)


def _certificate(folder: Path) -> Path:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    cert = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "loopback.pem"
    path.write_bytes(private + cert.public_bytes(serialization.Encoding.PEM))
    return path


# --- the clients ------------------------------------------------------------------------------------------------------

ETAG = '"e1"'


async def _with_fetcher(work: Callable[[Ask], Awaitable[None]], allow: tuple[str, ...]) -> None:
    from flows.fetching import Fetcher, FetchError, Limits, NotModified

    limits = Limits(allow=allow, concurrency=CONCURRENCY, page_spacing=0, pages_per_hour=10**9, robots=False)
    async with Fetcher(contact="redaktion@example.org", limits=limits) as fetcher:

        async def ask(url: str, unchanged: bool) -> int:
            try:
                answer = await fetcher.fetch(url, etag=ETAG if unchanged else None)
            except FetchError as error:
                raise SystemExit(f"{url}: {error}") from None
            return 304 if isinstance(answer, NotModified) else len(answer.body)

        await work(ask)


async def _with_aiohttp(work: Callable[[Ask], Awaitable[None]], allow: tuple[str, ...]) -> None:
    import aiohttp

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def ask(url: str, unchanged: bool) -> int:
            async with session.get(url, headers={"If-None-Match": ETAG} if unchanged else None) as response:
                return len(await response.read()) if response.status == 200 else response.status

        await work(ask)


async def _with_httpx(work: Callable[[Ask], Awaitable[None]], allow: tuple[str, ...]) -> None:
    import httpx

    async with httpx.AsyncClient(
        verify=ssl.create_default_context(), limits=httpx.Limits(max_connections=None)
    ) as client:

        async def ask(url: str, unchanged: bool) -> int:
            response = await client.get(url, headers={"If-None-Match": ETAG} if unchanged else None)
            return len(response.content) if response.status_code == 200 else response.status_code

        await work(ask)


CLIENTS = {"Fetcher (ours, on aiohttp)": _with_fetcher, "aiohttp bare": _with_aiohttp, "httpx": _with_httpx}


async def _measure(client: Any, ports: list[int], scheme: str, count: int, unchanged: bool) -> float:
    """CPU microseconds a request, once the connections stand."""
    spent = 0.0
    urls = [f"{scheme}://127.0.0.1:{port}/feed.xml" for port in ports]

    async def work(ask: Ask) -> None:
        nonlocal spent
        await asyncio.gather(*(ask(url, unchanged) for url in urls))
        queue = iter(range(count))

        async def worker() -> None:
            for number in queue:
                got = await ask(urls[number % len(urls)], unchanged)
                if (got == 304) is not unchanged:
                    raise SystemExit(f"unexpected answer {got}")

        before = _cpu()
        await asyncio.gather(*(worker() for _ in range(CONCURRENCY)))
        spent = (_cpu() - before) / count * 1e6

    await client(work, tuple(f"127.0.0.1:{port}" for port in ports))
    return spent


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


async def _all(ports: list[list[int]], feeds: int) -> dict[str, dict[str, float]]:
    plain, tls, closing = ports
    found: dict[str, dict[str, float]] = {}
    for name, client in CLIENTS.items():
        found[name] = {
            "304 kept alive": await _measure(client, plain, "http", feeds, True),
            "304 kept alive, TLS": await _measure(client, tls, "https", feeds, True),
            "304 new TLS connection": await _measure(client, closing, "https", feeds // 2, True),
            "page 68 kB gzip, TLS": await _measure(client, tls, "https", feeds // 4, False),
        }
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=2000, help="requests in each measurement")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve:
        asyncio.run(_serve(args.serve))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        cert = _certificate(Path(folder))
        os.environ["SSL_CERT_FILE"] = str(cert)  # before a client is imported: it loads its trust once
        command = [sys.executable, __file__, "--serve", str(cert)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            try:
                ports = json.loads(server.stdout.readline())
                began = time.monotonic()
                found = asyncio.run(_all(ports, args.feeds))
            finally:
                server.terminate()
    if args.json:
        print(json.dumps(found, indent=1))
        return 0
    rows = list(next(iter(found.values())))
    print(f"client CPU, µs a request ({time.monotonic() - began:.0f} s in all)")
    print(f"{'':28}" + "".join(f"{row:>26}" for row in rows))
    for name, cost in found.items():
        print(f"{name:28}" + "".join(f"{cost[row]:>26.0f}" for row in rows))
    ours = next(iter(found.values()))
    for row in rows[1:3]:
        print(f"10,000 unchanged feeds, {row[4:]}: {ours[row] / 100:.1f} s of CPU")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
