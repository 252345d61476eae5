"""A hostile HTTP/1.1 server for loopback: each route misbehaves in exactly one way. Of our own making.

python server.py PORT        GET /__log returns the requests so far as JSON, GET /__clear forgets them
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import os
import sys
import time
import zlib
from collections.abc import Awaitable, Callable
from functools import cache

FEED = (
    '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>t</title>'
    + "".join(
        f"<item><title>M {i}</title><link>https://example.test/a/{i}</link><guid>id-{i}</guid></item>"
        for i in range(20)
    )
    + "</channel></rss>"
).encode()
LONGEST = 60.0
"""seconds; no handler lives longer"""

Out = Callable[[bytes], Awaitable[None]]


def head(status: str = "200 OK", kind: str = "application/rss+xml", **fields: object) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def whole(body: bytes, **fields: object) -> bytes:
    return head(Content_Length=len(body), **fields) + body


def to(location: str, status: str = "302 Found") -> bytes:
    return head(status, Location=location, Content_Length=0)


def _nested() -> bytes:
    body = FEED
    for _ in range(10):
        body = gzip.compress(body, mtime=0)
    return whole(body, Content_Encoding=", ".join(["gzip"] * 10))


@cache
def _bomb(kind: str) -> bytes:
    """100 MB of blanks in 100 kB. `br` needs no brotli: it must be refused before it is decoded."""
    if kind == "br":
        return whole(b"\x0b\x02\x80" * 40, Content_Encoding=kind)
    blanks = b"<rss>" + b" " * 100_000_000
    body = gzip.compress(blanks, 9, mtime=0) if kind == "gzip" else zlib.compress(blanks, 9)
    return whole(body, Content_Encoding=kind)


def plain_routes(port: str) -> dict[str, Callable[[], bytes]]:
    """Routes that send their bytes at once."""
    cut = gzip.compress(FEED)[:-40]
    two = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nContent-Length: 2000\r\nConnection: close\r\n\r\n"
    many = b"".join(b"X-%d: y\r\n" % i for i in range(20000))
    length = b"Content-Length: %d\r\n\r\n" % len(FEED)
    return {
        "/ok": lambda: whole(FEED),
        "/canary": lambda: head(kind="text/plain") + b"SECRET-CANARY root:x:0:0",
        "/gzipbomb": lambda: _bomb("gzip"),
        "/brbomb": lambda: _bomb("br"),
        "/deflbomb": lambda: _bomb("deflate"),
        "/gzip10x": _nested,
        "/gzip_lie": lambda: whole(FEED, Content_Encoding="gzip"),
        "/gzip_trunc": lambda: whole(cut, Content_Encoding="gzip"),
        "/redir_loop": lambda: to("/redir_loop"),
        "/redir_loopback": lambda: to("http://127.0.0.1/canary"),
        "/redir_meta": lambda: to("http://169.254.169.254/latest/meta-data/"),
        "/redir_priv": lambda: to("http://10.0.0.5/canary"),
        "/redir_v6": lambda: to("http://[::ffff:127.0.0.1]/canary"),
        "/redir_dec": lambda: to("http://2130706433/canary"),
        "/redir_file": lambda: to("file:///etc/passwd"),
        "/redir_ftp": lambda: to(f"ftp://127.0.0.1:{port}/x"),
        "/redir_data": lambda: to("data:text/plain,root:x"),
        "/redir_crlf": lambda: to("/ok%0d%0aX-Injected:1"),
        "/redir_host": lambda: to(f"http://other.test:{port}/canary"),
        "/redir_userinfo": lambda: to(f"http://user:geheim@127.0.0.1:{port}/canary"),
        "/cl_short": lambda: head(Content_Length=len(FEED) + 5000) + FEED,
        "/cl_long": lambda: head(Content_Length=len(FEED) // 2) + FEED,
        "/cl_neg": lambda: head(Content_Length=-1) + FEED,
        "/cl_two": lambda: two + FEED,
        "/cl_huge": lambda: head(Content_Length=10**18) + FEED,
        "/chunk_cut": lambda: head(Transfer_Encoding="chunked") + b"%x\r\n" % len(FEED) + FEED[: len(FEED) // 2],
        "/chunk_bad": lambda: head(Transfer_Encoding="chunked") + b"ZZ\r\n" + FEED,
        "/close_cut": lambda: head() + FEED[: len(FEED) // 2],
        "/many_headers": lambda: b"HTTP/1.1 200 OK\r\n" + many + length + FEED,
        "/huge_header": lambda: b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 10_000_000 + b"\r\n" + length + FEED,
        "/garbage": lambda: b"\x00\x01\x02" * 1000,
        "/s304": lambda: head("304 Not Modified"),
        "/s204": lambda: head("204 No Content"),
        "/s206": lambda: head("206 Partial Content", Content_Range="bytes 0-99/2000", Content_Length=100) + FEED[:100],
        "/s410": lambda: head("410 Gone", Content_Length=0),
        "/s429": lambda: head("429 Too Many Requests", Retry_After="3600", Content_Length=0),
        "/s429_inf": lambda: head("429 Too Many Requests", Retry_After="99999999999", Content_Length=0),
        "/s503_date": lambda: head("503 Unavailable", Retry_After="Fri, 31 Dec 9999 23:59:59 GMT", Content_Length=0),
        "/s301": lambda: to("/ok", "301 Moved Permanently"),
        "/s500": lambda: head("500 x", Content_Length=0),
        "/charset_lie": lambda: whole(FEED, kind="application/rss+xml; charset=klingon"),
        "/consent": lambda: head(kind="text/html") + b"<html><body>Ihre Zustimmung, bitte</body></html>",
    }


# --- routes that take their time


async def _big(out: Out, path: str) -> None:
    await out(head())
    for _ in range(1600):
        await out(b"<a>" + b"x" * 65533)


async def _endless(out: Out, path: str) -> None:
    await out(head(Transfer_Encoding="chunked"))
    while True:
        await out(b"10000\r\n" + b"x" * 65536 + b"\r\n")


async def _drip(out: Out, data: bytes) -> None:
    for at in range(len(data)):
        await out(data[at : at + 1])
        await asyncio.sleep(1)


async def _slow_body(out: Out, path: str) -> None:
    await out(head(Content_Length=len(FEED)))
    await _drip(out, FEED)


async def _slow_headers(out: Out, path: str) -> None:
    await _drip(out, head(Content_Length=len(FEED)))


async def _silent(out: Out, path: str) -> None:
    await asyncio.sleep(LONGEST)


async def _redirect_on(out: Out, path: str) -> None:
    number = int(path.split("=")[1]) if "=" in path else 0
    await out(to(f"/redir_n?n={number + 1}"))


async def _redirect_grow(out: Out, path: str) -> None:
    await out(to(path + "a" * 300))


async def _endless_headers(out: Out, path: str) -> None:
    await out(b"HTTP/1.1 200 OK\r\n")
    number = 0
    while True:
        await out(b"X-%d: " % number + b"y" * 1000 + b"\r\n")
        number += 1


async def _endless_1xx(out: Out, path: str) -> None:
    while True:
        await out(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")


SLOW_ROUTES: dict[str, Callable[[Out, str], Awaitable[None]]] = {
    "/big100": _big,
    "/endless": _endless,
    "/slow_body": _slow_body,
    "/slow_headers": _slow_headers,
    "/silent": _silent,
    "/redir_n": _redirect_on,
    "/redir_grow": _redirect_grow,
    "/endless_headers": _endless_headers,
    "/endless_1xx": _endless_1xx,
}
"""52 routes with those of `plain_routes` and the log."""


class Server:
    def __init__(self, port: int) -> None:
        self.log: list[tuple[str, str, str]] = []
        self._plain = plain_routes(str(port))

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def out(data: bytes) -> None:
            writer.write(data)
            await writer.drain()

        with contextlib.suppress(ConnectionError, TimeoutError, IndexError, ValueError):
            async with asyncio.timeout(LONGEST):
                await self._answer(reader, out)
        with contextlib.suppress(ConnectionError):
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, out: Out) -> None:
        path = (await reader.readline()).decode("latin-1").split(" ")[1]
        fields: dict[str, str] = {}
        while (line := await reader.readline()) not in (b"\r\n", b"\n", b""):
            name, _, value = line.decode("latin-1").partition(":")
            fields[name.strip().lower()] = value.strip()
        route = path.split("?")[0].rstrip("a") if path.startswith("/redir_grow") else path.split("?")[0]
        if route == "/__log":
            await out(whole(json.dumps(self.log).encode()))
            return
        self.log.append((path, fields.get("host", ""), fields.get("authorization", "")))
        if route == "/__clear":
            self.log.clear()
        if route in SLOW_ROUTES:
            await SLOW_ROUTES[route](out, path)
        else:
            await out(self._plain.get(route, lambda: head("404 Not Found", Content_Length=0))())


async def serve(port: int) -> None:
    server = await asyncio.start_server(Server(port).answer, "127.0.0.1", port, limit=1 << 24)
    async with server:
        # A server whose parent was killed would stay: it ends by itself.
        parent, until = os.getppid(), time.monotonic() + 600
        while os.getppid() == parent and time.monotonic() < until:
            await asyncio.sleep(1)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
