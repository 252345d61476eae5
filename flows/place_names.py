"""Places in English: what a reader in English is told for the German name that is stored and exported.

They stand in `place_names.csv`, those alone whose English name is another; and not in the coder's gazetteer, whose digest says
which articles are to be read again. The table is for the room and the alerts.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType

from storage.tracking import Meeting

FILE = Path(__file__).with_name("place_names.csv")


class BrokenPlaceNamesError(ValueError):
    """A row of `place_names.csv` that cannot be used; the message names file and line."""


@cache
def english() -> Mapping[str, str]:
    """What places are called in English, by their German names. Raises BrokenPlaceNamesError."""
    return load(FILE)


def load(path: Path) -> Mapping[str, str]:
    """The rows of a table, each German name once. Raises BrokenPlaceNamesError."""
    told: dict[str, str] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        if next(rows, None) != ["name", "english"]:
            raise BrokenPlaceNamesError(f"{path}: its first line is not name,english")
        for number, row in enumerate(rows, start=2):
            if len(row) != 2 or not all(text and text == text.strip() for text in row):
                raise BrokenPlaceNamesError(f"{path}, line {number}: expected a German and an English name")
            german, name = row
            if german == name:
                raise BrokenPlaceNamesError(
                    f"{path}, line {number}: {german!r} is no other name in English; leave it out"
                )
            if german in told:
                raise BrokenPlaceNamesError(f"{path}, line {number}: {german!r} stands in another line too")
            told[german] = name
    return MappingProxyType(told)


def place_told(name: str, language: str) -> str:
    """A place as a reader calls it; one that has no row has the same name in both languages, or nobody told us.

    >>> place_told("Genf", "en"), place_told("Genf", "de"), place_told("Minsk", "en"), place_told("Kyjiw", "en")
    ('Geneva', 'Genf', 'Minsk', 'Kyiv')
    """
    return english().get(name, name) if language == "en" else name


def called(asked: str) -> tuple[str, ...]:
    """The names by which articles may call a place that a reader asks for, in German or in English; none where he asks for none.

    >>> called("geneva"), called("Genf"), called("Kyiv"), called("CHE"), called("")
    (('geneva', 'Genf'), ('Genf',), ('Kyiv', 'Kiew', 'Kyjiw'), ('CHE',), ())
    """
    wanted = asked.casefold()
    return (asked, *(german for german, name in english().items() if name.casefold() == wanted)) if asked else ()


def meeting_told(meeting: Meeting, language: str) -> Meeting:
    """A meeting with its place as a reader calls it, also where its title ends with that."""
    place = place_told(meeting.place, language)
    if place == meeting.place:
        return meeting
    head = meeting.title.removesuffix(meeting.place)
    return replace(meeting, place=place, title=meeting.title if head == meeting.title else head + place)
