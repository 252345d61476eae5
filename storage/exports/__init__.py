"""What others read: PLOVER, CAMEO, CSV, Parquet, iCalendar, Atom, GEXF, and corrections in the gold format.

Each format is a function from records to text, in pieces, so that an archive of any size streams. Every record leads
back to its sentence and its address. A `note` says in the file itself that it does not hold everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from storage.exports.calendars import icalendar
from storage.exports.events import all_events
from storage.exports.markup import atom, gexf
from storage.exports.records import gold, plover, plover_record
from storage.exports.tables import NoParquet, cameo, csv_lines, parquet

FORMATS: dict[str, Callable[..., Iterator[str]]] = {
    "plover": plover,
    "cameo": cameo,
    "csv": csv_lines,
}
"""Formats of events that are plain text and need nothing else."""

__all__ = [
    "FORMATS",
    "NoParquet",
    "all_events",
    "atom",
    "cameo",
    "csv_lines",
    "gexf",
    "gold",
    "icalendar",
    "parquet",
    "plover",
    "plover_record",
]
