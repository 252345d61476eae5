"""Events as rows: CAMEO after GDELT, CSV and Parquet; no cell is a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, BinaryIO

from extractors.model import Actor
from extractors.ontology import cameo_root
from storage.exports.events import dyads, iso
from storage.queries import StoredEvent

ROW_GROUP = 20_000
"""Rows of Parquet held at a time."""


CAMEO_COLUMNS = (
    "GLOBALEVENTID",
    "SQLDATE",
    "MonthYear",
    "Year",
    "Actor1Code",
    "Actor1Name",
    "Actor2Code",
    "Actor2Name",
    "IsRootEvent",
    "EventRootCode",
    "QuadClass",
    "GoldsteinScale",
    "NumMentions",
    "ActionGeo_Fullname",
    "ActionGeo_CountryCode",
    "ActionGeo_Lat",
    "ActionGeo_Long",
    "DATEADDED",
    "SOURCEURL",
    "Status",
    "Quote",
)


def cameo(found: Iterable[StoredEvent], note: str = "") -> Iterator[str]:
    """Tab-separated lines after GDELT's event table, one for each dyad, CAMEO's root codes.

    GDELT's columns that we cannot fill honestly (tone, geocoding types, base codes) are not there; Status and Quote
    are ours. Quad classes are CAMEO's 1 to 4; a public statement counts as verbal cooperation, as CAMEO's root 01 does.
    Spreadsheets open these lines too: cells that they would run begin with an apostrophe, as in the CSV, and cells that
    begin with a quotation mark, which they would read on to the next one, over the ends of cells and lines.
    """
    yield "\t".join(CAMEO_COLUMNS) + "\n"
    for stored in found:
        for n, (actor, recipient) in enumerate(dyads(stored)):
            cells = [_unquoted(str(cell(value))) for value in _cameo_row(stored, n, actor, recipient)]
            if _BREAKS.search("".join(cells)):  # one search, where hardly any cell has one
                cells = list(map(_flat, cells))
            yield "\t".join(cells) + "\n"
    if note:
        yield "\t".join(_noted(note, CAMEO_COLUMNS)) + "\n"


def _unquoted(told: str) -> str:
    return f"'{told}" if told[:1] == '"' else told


def _noted(note: str, columns: Sequence[str]) -> list[str]:
    """A line that says something of the file, as wide as the others."""
    return [_flat(str(cell(note))), *("" for _ in columns[1:])]


def _cameo_row(stored: StoredEvent, n: int, actor: Actor | None, recipient: Actor | None) -> tuple[Any, ...]:
    event, place = stored.event, stored.event.place
    day = (event.when.first if event.when else stored.day) or stored.known_from.date()
    return (
        f"{stored.uid}-{n}",
        f"{day:%Y%m%d}",
        f"{day:%Y%m}",
        day.year,
        actor.code if actor else "",
        actor.name if actor else "",
        recipient.code if recipient else "",
        recipient.name if recipient else "",
        1,
        cameo_root(event.type),
        int(event.quad) or 1,
        event.goldstein,
        1,
        place.name if place else "",
        place.country if place else "",
        place.latitude if place and place.latitude is not None else "",
        place.longitude if place and place.longitude is not None else "",
        f"{stored.known_from:%Y%m%d%H%M%S}",
        stored.url,
        event.status.value,
        event.evidence.quote,
    )


_BREAKS = re.compile(r"[\t\r\n\x0b\x0c\x85\u2028\u2029]+")
"""What ends a cell or a line, for some reader of tables."""


def _flat(value: str) -> str:
    return _BREAKS.sub(" ", value)


CSV_COLUMNS = (
    "id",
    "day",
    "type",
    "mode",
    "status",
    "actors",
    "recipients",
    "speaker",
    "when",
    "place",
    "country",
    "quad",
    "plover",
    "goldstein",
    "confidence",
    "quote",
    "publisher",
    "url",
    "headline",
    "published",
    "act",
    "copy",
    "reviewed",
    "rule",
    "coder",
    "known_from",
)


def csv_lines(found: Iterable[StoredEvent], note: str = "") -> Iterator[str]:
    """Comma-separated lines (RFC 4180). Cells that a spreadsheet would run as a formula begin with an apostrophe."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(CSV_COLUMNS)
    for stored in found:
        writer.writerow([cell(value) for value in flat_record(stored).values()])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    if note:
        writer.writerow(_noted(note, CSV_COLUMNS))
    yield buffer.getvalue()


_RUN = "[=+\\-@|%＝＋－＠]"
_FORMULA = re.compile(rf"^(?=[\t\r\n]|\s*{_RUN})|[;\r\n](?=(?:[^\S\r\n]|\")*{_RUN})")
"""Where a spreadsheet would run what follows: at the beginning of a cell, which is within a text where semicolons part them,
as in German ones."""


def cell(value: Any) -> Any:
    """A value that no spreadsheet takes for a formula, whatever it parts cells by; numbers stay numbers.

    >>> cell('=HYPERLINK("http://x")'), cell(-3.5), cell("Kiew"), cell(" @x"), cell("Kiew;=1")
    ('\\'=HYPERLINK("http://x")', -3.5, 'Kiew', "' @x", "Kiew;'=1")
    """
    if value is None:
        return ""
    if not isinstance(value, str) or (value[:1].isalnum() and value.isprintable() and ";" not in value):
        return value
    return _FORMULA.sub(r"\g<0>'", value)


def flat_record(stored: StoredEvent) -> dict[str, Any]:
    """An event in one row of plain values, in the order of CSV_COLUMNS."""
    event, place = stored.event, stored.event.place
    values = (
        stored.uid,
        stored.day.isoformat() if stored.day else "",
        event.type.value,
        event.mode,
        event.status.value,
        ";".join(actor.code for actor in event.actors),
        ";".join(actor.code for actor in event.recipients),
        event.speaker.code if event.speaker else "",
        event.when.iso if event.when else "",
        place.name if place else "",
        place.country if place else "",
        int(event.quad),
        event.plover_score,
        event.goldstein,
        event.confidence,
        event.evidence.quote,
        stored.publisher,
        stored.url,
        stored.headline,
        iso(stored.stand or stored.published_at) or "",
        stored.act,
        stored.copied,
        stored.reviewed,
        event.evidence.rule,
        event.coder,
        stored.known_from.isoformat(),
    )
    return dict(zip(CSV_COLUMNS, values, strict=True))


class NoParquet(RuntimeError):
    """Parquet needs pyarrow, which is not installed."""


_NUMBERS = {"quad": "int64", "plover": "double", "goldstein": "double", "confidence": "double"}
_FLAGS = ("copy", "reviewed")


def parquet(found: Iterable[StoredEvent], out: BinaryIO) -> int:
    """Write a Parquet file with the columns of the CSV, the same types in each; returns the rows.

    Raises NoParquet without pyarrow.
    """
    try:
        import pyarrow  # type: ignore[import-not-found,unused-ignore]
        import pyarrow.parquet  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        raise NoParquet("Parquet needs pyarrow: pip install pyarrow, or export CSV instead") from None
    kinds = dict.fromkeys(CSV_COLUMNS, "string") | _NUMBERS | dict.fromkeys(_FLAGS, "bool")
    schema = pyarrow.schema([(name, pyarrow.type_for_alias(kind)) for name, kind in kinds.items()])
    left, rows = iter(found), 0
    with pyarrow.parquet.ParquetWriter(out, schema) as writer:
        while group := [flat_record(stored) for stored in islice(left, ROW_GROUP)]:
            writer.write_table(pyarrow.Table.from_pylist(group, schema=schema))
            rows += len(group)
    return rows
