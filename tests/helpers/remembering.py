"""A server that answers as a test says and remembers what it was asked; and a fetcher for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from extractors.model import FetchedPage
from flows.fetching import Fetcher, FetchError, Limits

NOW = datetime(2022, 1, 10, 12, 0, tzinfo=UTC)
CONTACT = "redaktion@example.org"
PAGE = b"<html><head><title>T</title></head><body><p>Text</p></body></html>"


class Site:
    """A web server on loopback: what it was asked, and what it answers."""

    def __init__(self) -> None:
        self.asked: list[tuple[float, str, dict[str, str]]] = []
        self.pages: dict[str, Callable[[dict[str, str]], bytes]] = {}
        self.port = 0

    def put(self, path: str, body: bytes = PAGE, status: str = "200 OK", **fields: str) -> None:
        self.pages[path] = lambda _: response(body, status, **fields)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def paths(self) -> list[str]:
        return [path for _, path, _ in self.asked]

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := (await reader.readline()).decode("latin-1"):
                fields = {}
                while (text := (await reader.readline()).decode("latin-1").strip()) != "":
                    name, _, value = text.partition(":")
                    fields[name.lower()] = value.strip()
                if "content-length" in fields:
                    fields["body"] = (await reader.readexactly(int(fields["content-length"]))).decode()
                path = line.split(" ")[1]
                self.asked.append((time.monotonic(), path, fields))
                writer.write(self.pages.get(path, lambda _: response(b"", "404 Not Found"))(fields))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


def response(body: bytes, status: str = "200 OK", **fields: str) -> bytes:
    told = {"Content-Length": str(len(body)), "Content-Type": "text/html; charset=utf-8"}
    told |= {name.replace("_", "-"): value for name, value in fields.items()}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in told.items() if value)]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + (b"" if status.startswith("304") else body)


class Clock:
    """Time that passes only when someone waits."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@asynccontextmanager
async def fetcher(site: Site, clock: Clock | None = None, **limits: Any) -> AsyncIterator[Fetcher]:
    told = {"allow": (f"127.0.0.1:{site.port}",), "deadline": 5.0, "page_spacing": 0.0, **limits}
    timing = {"monotonic": clock, "sleep": clock.sleep} if clock else {}
    async with Fetcher(contact=CONTACT, limits=Limits(**told), clock=lambda: NOW, **timing) as found:  # type: ignore[arg-type]
        yield found


async def fault_of(fetcher: Fetcher, url: str, **kwargs: Any) -> FetchError:
    with pytest.raises(FetchError) as error:
        await fetcher.fetch(url, **kwargs)
    return error.value


async def page_of(fetcher: Fetcher, url: str, **kwargs: Any) -> FetchedPage:
    page = await fetcher.fetch(url, **kwargs)
    assert isinstance(page, FetchedPage)
    return page
