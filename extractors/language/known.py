"""Names that our tables of people, places and states know, as far as the grammar of a sentence hangs on them."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

from extractors.files import csv_of

_DATA = Path(__file__).parent.parent / "data"
WITH_ARTICLE = frozenset(
    "eu g7 g8 g20 iaea irak iran jemen kosovo krim libanon mongolei nato niederlande niederlanden osze schweiz slowakei sudan tschad "
    "türkei ukraine un uno usa vatikan".split()
)
"""names that have an article, in small letters"""
TIMES = ("tag", "woche", "monat", "jahr", "uhr", "abend", "morgen", "nacht", "mal", "mittwoch")
"""what nouns end with that tell a time, with no preposition, too: "jeden Montag" """
_ALLIANCES = frozenset({"eu", "nato", "un", "uno", "osze"})


@functools.cache
def ending_in_s() -> frozenset[str]:
    """Names that end in s by themselves: "Guterres" and "Belarus" are no genitives."""
    names = (*_forms("people.csv", "last"), *_forms("places.csv", "name"), *_forms("states.csv", "name", "variants"))
    return frozenset(form.split()[-1] for form in names if form.endswith("s"))


@functools.cache
def standing_alone() -> frozenset[str]:
    """Names that are no part of a longer one, in small letters: states and their capitals in one word, the alliances that news sets
    beside them, towns, and surnames that are nobody's first name."""
    return states() | _ALLIANCES | ((_surnames() | _towns()) - first_names())


@functools.cache
def states() -> frozenset[str]:
    """States and their capitals in one word, in small letters."""
    forms = _forms("states.csv", "name", "variants", "capital")
    return frozenset(form.casefold() for form in forms if form and " " not in form)


@functools.cache
def first_names() -> frozenset[str]:
    """First names of people in office, in small letters."""
    return frozenset(word.casefold() for form in _forms("people.csv", "first") for word in form.split())


@functools.cache
def famous() -> frozenset[str]:
    """Surnames of those in office who are known by them alone, as they are written."""
    people = csv_of(_DATA / "people.csv", "last", "flags")
    return frozenset(name for _, row in people if "s" in row["flags"] for name in row["last"].split("|"))


@functools.cache
def _surnames() -> frozenset[str]:
    return frozenset(form.split()[-1].casefold() for form in _forms("people.csv", "last") if form)


@functools.cache
def _towns() -> frozenset[str]:
    names = (row["name"] for _, row in csv_of(_DATA / "places.csv", "name", "kind") if row["kind"] == "city")
    return frozenset(name.casefold() for name in names if " " not in name)


def _forms(file: str, *columns: str) -> Iterator[str]:
    for _, row in csv_of(_DATA / file, *columns):
        for column in columns:
            yield from row[column].split("|")
