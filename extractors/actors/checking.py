"""Whether the tables of actors can be used: what could never be read as it was meant is told by file, line and column.

A row with a misspelt code, kind or flag would be read, and would do something else or nothing for years.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

from extractors.files import BrokenFileError, csv_of

SUFFIXES = MappingProxyType({"OPP": "Opposition", "BUS": "Wirtschaft", "MED": "Medien", "CIV": "Privat"})
"""who of a state a code means that does not speak for it"""


class GazetteerError(BrokenFileError):
    """A table of actors is broken: the message names file and line."""


def _one_of(*values: str) -> tuple[str, str]:
    return "|".join(values), f"is one of {', '.join(value or 'nothing' for value in values)}"


_CODE = rf"[A-Z][A-Z0-9]+(-({'|'.join(SUFFIXES)}))?"
_SOMETHING = r"\S(.*\S)?", "must not be empty"
_DAY = r"\d{4}-\d\d-\d\d", "is a day as 2026-05-02"
_CELLS: Mapping[str, Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "states.csv": {"code": (r"[A-Z]{3}", "is three capital letters (ISO 3166)"), "name": _SOMETHING},
        "organisations.csv": {
            "code": (rf"{_CODE}(\|{_CODE})*", "is as NATO, RUS-MED or NATO|RUS"),
            "name": _SOMETHING,
            "kind": _one_of("name", "compound", "continent", "capital"),
        },
        "adjectives.csv": {"stem": _SOMETHING},
        "parties.csv": {"name": _SOMETHING, "from": _DAY, "to": (rf"({_DAY[0]})?", f"{_DAY[1]}, or nothing")},
        "people.csv": {
            "last": (r"[^|]+(\|[^|]+)*", "is a surname, or its spellings with | between"),
            "office": _SOMETHING,
            "from": _DAY,
            "to": (rf"({_DAY[0]})?", f"{_DAY[1]}, or nothing"),
            "flags": ("f?s?", "is f (a woman), s (the surname alone says who is meant), fs or nothing"),
        },
        "actor_nouns.csv": {
            "noun": (r"[^\WA-ZÄÖÜ]+", "is a word in small letters"),
            "kind": _one_of("office", "body"),
            "suffix": _one_of("", *SUFFIXES),
            "gender": _one_of("m", "f", "n", "p"),
            "match": _one_of("word", "end"),
        },
    }
)
"""what a cell must be, as a pattern and in words"""
_ONCE = MappingProxyType({"states.csv": "code", "adjectives.csv": "stem", "actor_nouns.csv": "noun"})
"""what stands in one row alone; in the other tables no two rows are the same"""
_NAMES = ("name", "variants", "seats")
_OF_KNOWN = MappingProxyType({"people.csv": "code", "parties.csv": "code", "adjectives.csv": "codes"})
"""the column whose codes another table must have"""

Rows = list[tuple[str, dict[str, str]]]
Troubles = Iterator[tuple[str, str]]


def check(data: Path) -> None:
    """Look at every row of the tables in a folder. Raises GazetteerError for the first that cannot be used."""
    tables = {file: list(csv_of(data / file, *cells)) for file, cells in _CELLS.items()}
    for troubles in (_cells, _twice, _days, _strangers, _names):
        for where, told in troubles(tables):
            raise GazetteerError(f"{where}: {told}")


def _cells(tables: Mapping[str, Rows]) -> Troubles:
    for where, row in (each for rows in tables.values() for each in rows):
        yield from (
            (where, f"{column} has two blanks in a row: {cell!r}") for column, cell in row.items() if "  " in cell
        )
    for file, cells in _CELLS.items():
        for column, (pattern, told) in cells.items():
            fits = re.compile(pattern).fullmatch
            yield from (
                (at, f"{column} {told}, not {row[column]!r}") for at, row in tables[file] if not fits(row[column])
            )


def _twice(tables: Mapping[str, Rows]) -> Troubles:
    for file, rows in tables.items():
        seen: dict[str, str] = {}
        for where, row in rows:
            key = row[_ONCE[file]] if file in _ONCE else ",".join(row.values())
            if key in seen:
                yield where, f"{key!r} stands in {seen[key]} too: leave one out"
            seen[key] = where


def _days(tables: Mapping[str, Rows]) -> Troubles:
    for where, row in (*tables["people.csv"], *tables["parties.csv"]):
        for column in ("from", "to"):
            try:
                date.fromisoformat(row[column] or row["from"])
            except ValueError:
                yield where, f"{column} is no day of the calendar: {row[column]!r}"
        if row["to"] and row["to"] < row["from"]:
            yield where, f"to ({row['to']}) is before from ({row['from']})"


def _strangers(tables: Mapping[str, Rows]) -> Troubles:
    """Codes of nobody: what has one is told as an actor whom no page, filter or export knows."""
    known = {
        code
        for file in ("states.csv", "organisations.csv")
        for _, row in tables[file]
        for code in row["code"].split("|")
    }
    for file, column in _OF_KNOWN.items():
        for where, row in tables[file]:
            for code in filter(None, row[column].split("|")):
                state, dash, suffix = code.partition("-")
                if state not in known or (dash and suffix not in SUFFIXES):
                    yield where, f"{column} {code!r} is of no state or organisation in states.csv or organisations.csv"


def _names(tables: Mapping[str, Rows]) -> Troubles:
    """One name of two codes: only one of them would ever be read."""
    owners: dict[str, tuple[str, str]] = {}
    for where, row in (*tables["states.csv"], *tables["organisations.csv"]):
        for name in (name for column in _NAMES for name in row.get(column, "").split("|") if name):
            code, at = owners.setdefault(name, (row["code"], where))
            if code != row["code"]:
                yield where, f"{name!r} is a name of {code} already ({at})"
