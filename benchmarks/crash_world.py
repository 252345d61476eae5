"""The world in which `benchmarks/crash.py` kills workers: a rolling feed, its pages, and a webhook with a memory, on loopback."""

from __future__ import annotations

import contextlib
import random
import re
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MIXED = ((0.25, 500, ""), (0.10, 429, ""), (0.07, 200, "late"), (0.05, 200, "reset"), (0.53, 200, ""))
"""What the webhook answers in mode mixed: share, status, and what befalls the answer."""

HOOK_SECONDS = 0.5
"""A worker waits so long for the webhook; a late answer takes twice as long."""


@dataclass
class World:
    """A publisher and a webhook on loopback. Of its `articles` those are in the feed that are `published`."""

    articles: int
    published: int = 0
    delivered: list[str] = field(default_factory=list)
    unsaid: int = 0
    """messages that the webhook took without saying so: it hung up, or was late"""
    mode: str = "ok"
    lock: threading.Lock = field(default_factory=threading.Lock)

    def publish(self, more: int) -> None:
        """Let more articles appear in the feed."""
        self.published = min(self.articles, self.published + more)

    def feed(self, port: int) -> tuple[str, bytes]:
        newest = self.published
        items = "".join(
            f"<item><title>{_headline(n)}</title><link>http://127.0.0.1:{port}/artikel-{n}.html</link>"
            f"<guid>id-{n}</guid></item>"
            for n in range(newest, 0, -1)
        )
        return f'"{newest}"', f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode()

    def hook(self, key: str) -> tuple[int, str]:
        """The status, and what befalls the answer: nothing, `late` or `reset`."""
        status, fate = 200, ""
        if self.mode == "mixed":
            [(status, fate)] = random.choices([row[1:] for row in MIXED], [row[0] for row in MIXED])
        with self.lock:
            if status == 200:
                self.delivered.append(key)
            self.unsaid += bool(fate)
        return status, fate


def _headline(n: int) -> str:
    return f"Russland und NATO beraten in Genf: Runde {n}" if n % 3 == 0 else f"Gemeinderat beschließt Brücke {n}"


def page(n: int) -> bytes:
    """Every third article belongs to the matter."""
    if n % 3 == 0:
        said = (
            f"Die NATO hat die Forderung Russlands nach Sicherheitsgarantien in der Runde {n} abgelehnt. "
            f"Der russische Außenminister will am 12. März mit der NATO in Genf beraten."
        )
    else:
        said = f"Der Gemeinderat hat den Bau der Brücke {n} beschlossen. Die Arbeiten beginnen im Sommer."
    filler = " ".join(f"Das ist der Absatz Nummer {k} der Meldung {n}, damit sie lang genug ist." for k in range(8))
    return (
        f'<!doctype html><html lang="de"><head><meta charset="utf-8"><title>{_headline(n)}</title>'
        f'<meta property="og:type" content="article">'
        f'<meta property="article:published_time" content="2031-03-04T10:00:00+01:00"></head><body><article>'
        f"<h1>{_headline(n)}</h1><p>{said}</p><p>{filler}</p></article></body></html>"
    ).encode()


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def answer(self, status: int, body: bytes = b"", kind: str = "text/html; charset=utf-8", etag: str = "") -> None:
        with contextlib.suppress(ConnectionError):
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            if etag:
                self.send_header("ETag", etag)
            self.end_headers()
            self.wfile.write(body)

    def do_GET(self) -> None:
        if self.path == "/feed":
            etag, body = self.server.world.feed(self.server.server_port)
            if self.headers.get("If-None-Match") == etag:
                self.answer(304, etag=etag)
            else:
                self.answer(200, body, "application/rss+xml", etag)
        elif found := re.fullmatch(r"/artikel-(\d+)\.html", self.path):
            self.answer(200, page(int(found[1])))
        else:
            self.answer(404)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, fate = self.server.world.hook(self.headers.get("webhook-id", ""))
        if fate == "late":
            time.sleep(2 * HOOK_SECONDS)
        if fate == "reset":
            self.close_connection = True
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.answer(status)


class _Server(ThreadingHTTPServer):
    world: World
    daemon_threads = True
    request_queue_size = 100

    def handle_error(self, *_: object) -> None:
        """A worker that is killed resets its connections: nothing to report."""


@contextlib.contextmanager
def served(world: World) -> Iterator[int]:
    """Serve the world on a free port of the loopback address."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.world = world
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
