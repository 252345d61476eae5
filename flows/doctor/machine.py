"""Checks of the machine: its clock, its disk, and whose packages are installed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.metadata import packages_distributions
from pathlib import Path

from flows.doctor.checked import Checked, Verdict
from flows.settings import Settings


def clock(_: Settings) -> Iterator[Checked]:
    """Whether the clock can be right: it is not before this program was made."""
    now = datetime.now(UTC)
    ours = datetime.fromtimestamp(Path(__file__).stat().st_mtime, UTC)
    if now < ours - timedelta(days=1):
        yield Checked(
            name="clock",
            verdict=Verdict.WRONG,
            found=f"{now:%Y-%m-%d %H:%M} UTC is before this program was made",
            advice="set the clock; use NTP",
        )
    else:
        yield Checked(name="clock", verdict=Verdict.FINE, found=f"{now:%Y-%m-%d %H:%M} UTC")


def disk(settings: Settings) -> Iterator[Checked]:
    """Whether there is room where the archive lies."""
    from flows.health import LITTLE_DISK, free_share
    from storage.engine import file_of, normalised

    file = file_of(normalised(settings.database_url))
    folder = file.parent if file else Path()
    while not folder.exists():
        folder = folder.parent
    free = free_share(folder)
    verdict = Verdict.FINE if free >= LITTLE_DISK else Verdict.WRONG
    advice = "" if free >= LITTLE_DISK else "make room, or shorten [retention]"
    yield Checked(name="disk", verdict=verdict, found=f"{free:.0%} free at {folder.resolve()}", advice=advice)


def unwritable(path: Path) -> str:
    """Why nothing can be appended to a file, whose folders are made where they are missing; empty: it can."""
    if path.exists():
        return "a folder" if path.is_dir() else "" if os.access(path, os.W_OK) else "may not be written"
    there = next(folder for folder in path.absolute().parents if folder.exists())
    return "" if there.is_dir() and os.access(there, os.W_OK | os.X_OK) else f"nothing can be made in {there}"


def packages(_: Settings) -> Iterator[Checked]:
    """Whether another package ships our import names."""
    known = packages_distributions()
    others = sorted(
        {owner for name in ("flows", "extractors", "storage") for owner in known.get(name, [])} - {"depesche"}
    )
    if others:
        advice = f"another package ships our import names; uninstall {', '.join(others)} from this environment"
        yield Checked(
            name="packages", verdict=Verdict.WRONG, found=f"name clash with {', '.join(others)}", advice=advice
        )
    else:
        yield Checked(name="packages", verdict=Verdict.FINE, found="flows, extractors and storage are ours alone")
