"""What runs in a child: takes a document, answers, until its parent closes the pipe. `python -m flows.sandbox.inside`."""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import logging
import os
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any, NoReturn

from flows.sandbox.troubles import Trouble
from flows.sandbox.wire import EXIT_MEMORY, FRAME, adapter, page_from

Handler = Callable[[dict[str, Any], bytes], bytes]
"""What runs in the child: (payload, body) → the answer as JSON. A ValueError of its module is an answer too."""

YOUNG = 20_000
"""objects after which the collector looks for circles: a page makes some thousands, and hardly a circle"""


def _parse_feed(payload: dict[str, Any], body: bytes) -> bytes:
    from extractors.feeds import ParsedFeed, parse_feed

    now = payload.pop("now")
    feed = parse_feed(body=body, now=datetime.fromisoformat(now) if now else None, **payload)
    return adapter(ParsedFeed).dump_json(feed)  # type: ignore[no-any-return]


def _extract_article(payload: dict[str, Any], body: bytes) -> bytes:
    from extractors.articles import extract_article
    from extractors.model import Article

    return adapter(Article).dump_json(extract_article(page_from(payload, body)))  # type: ignore[no-any-return]


def _warm(targets: list[str]) -> None:
    """Import what will be needed; what cannot be imported will say so when it is asked for."""
    from extractors.feeds import ParsedFeed

    adapter(ParsedFeed)
    for target in targets:
        with contextlib.suppress(ImportError, AttributeError):
            _handler(target)
    with contextlib.suppress(ImportError):
        import feedparser  # noqa: F401
    if "flows.sandbox.inside:_extract_article" in targets:
        with contextlib.suppress(ImportError):
            importlib.import_module("extractors.articles")
            from extractors.model import Article

            adapter(Article)


def _handler(target: str) -> Handler:
    module, _, name = target.partition(":")
    if module == "flows.sandbox.inside":
        handler: Handler = globals()[name]
    else:
        handler = getattr(importlib.import_module(module), name)
    return handler


def _answer(head: dict[str, Any], body: bytes) -> tuple[dict[str, object], bytes]:
    if head["op"] == "warm":
        _warm(head["payload"])
        gc.freeze()  # what was imported stays for good: no collection need look at it
        gc.set_threshold(YOUNG)
        return {}, b""
    try:
        return {}, _handler(head["op"])(head["payload"], body)
    except MemoryError:
        os._exit(EXIT_MEMORY)  # what is left of this process is not worth trusting
    except ValueError as error:
        if hasattr(error, "reason"):
            detail = str(getattr(error, "detail", ""))
            return {"refused": type(error).__name__, "reason": str(error.reason), "detail": detail}, b""
        return {"trouble": Trouble.ERROR, "reason": type(error).__name__}, b""
    except ImportError as error:  # an upgrade under way
        return {"trouble": Trouble.MACHINE, "reason": type(error).__name__}, b""
    except Exception as error:  # noqa: BLE001 (whatever a document makes a library do)
        return {"trouble": Trouble.ERROR, "reason": type(error).__name__}, b""


def _limit(cpu_seconds: int, memory_megabytes: int) -> None:
    import resource

    for name, value in (
        (resource.RLIMIT_AS, memory_megabytes << 20),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        _, most = resource.getrlimit(name)
        # Who started us may allow less, and without privileges nobody takes more.
        value = value if most == resource.RLIM_INFINITY else min(value, most)
        resource.setrlimit(name, (value, value))
    _allow_cpu(cpu_seconds)


def _allow_cpu(seconds: int) -> None:
    """So many seconds more than have been used: the kernel counts those of the whole life of a process."""
    import resource

    usage = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    until = int(usage.ru_utime + usage.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (until if most == resource.RLIM_INFINITY else min(until, most), most))


def _read_exactly(pipe: int, size: int) -> bytes:
    parts: list[bytes] = []
    while size:
        data = os.read(pipe, min(size, 1 << 20))
        if not data:
            os._exit(0)  # the parent is gone
        parts.append(data)
        size -= len(data)
    return b"".join(parts)


def _write_all(pipe: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(pipe, view) :]


def main(cpu_seconds: int, memory_megabytes: int) -> NoReturn:
    """The life of a child: take a document, answer, until the parent closes the pipe."""
    sys.setrecursionlimit(1000)
    logging.disable(logging.CRITICAL)
    incoming, outgoing = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):  # a library that prints must not print into our frames
        os.dup2(null, stream)
    _limit(cpu_seconds, memory_megabytes)
    while True:
        head_size, body_size = FRAME.unpack(_read_exactly(incoming, FRAME.size))
        asked = _read_exactly(incoming, head_size)
        body = _read_exactly(incoming, body_size)
        _allow_cpu(cpu_seconds)
        head, answer = _answer(json.loads(asked), body)
        raw = json.dumps(head).encode()
        _write_all(outgoing, FRAME.pack(len(raw), len(answer)) + raw + answer)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
