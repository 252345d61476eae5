"""Our table of places, `data/places.csv`, and what the table of states says of capitals."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from extractors.files import BrokenFileError, csv_of
from extractors.model import Place

_DATA = Path(__file__).resolve().parents[1] / "data"


class PlacesError(BrokenFileError):
    """The table of places is broken: the message names file and line."""


@dataclass(frozen=True, slots=True)
class Known:
    place: Place
    kind: str


_Phrase = tuple[tuple[str, ...], Known]
_COLUMNS = ("name", "country", "kind", "latitude", "longitude", "forms")
_KINDS = ("city", "country", "region", "river", "sea", "venue")
_VATICAN = "VAT"
"""a place with a code of its own, that of its organisation; no state of the codebook"""


@functools.cache
def table() -> dict[str, tuple[_Phrase, ...]]:
    """Phrases by their first word, the longest first. Raises BrokenFileError."""
    found: dict[str, list[_Phrase]] = {}
    seen: dict[str, str] = {}
    for where, row in csv_of(_DATA / "places.csv", *_COLUMNS):
        _check(row, where)
        if row["name"] in seen:
            raise PlacesError(f"{where}: {row['name']!r} stands in {seen[row['name']]} too: leave one out")
        seen[row["name"]] = where
        for phrase in _phrases(row, where):
            found.setdefault(phrase[0][0], []).append(phrase)
    return {word: tuple(sorted(phrases, key=lambda one: -len(one[0]))) for word, phrases in found.items()}


def _check(row: dict[str, str], where: str) -> None:
    """A misspelt kind or country would be read, and every question about it would be answered wrongly."""
    if not row["name"]:
        raise PlacesError(f"{where}: name must not be empty")
    if row["kind"] not in _KINDS:
        raise PlacesError(f"{where}: kind is one of {', '.join(_KINDS)}, not {row['kind']!r}")
    if row["country"] and row["country"] not in _codes():
        raise PlacesError(
            f"{where}: country {row['country']!r} is no code of states.csv; leave it empty where it is nobody's"
        )


@functools.cache
def _codes() -> frozenset[str]:
    return frozenset(row["code"] for _, row in csv_of(_DATA / "states.csv", "code")) | {_VATICAN}


def _phrases(row: dict[str, str], where: str) -> Iterator[_Phrase]:
    try:
        latitude, longitude = float(row["latitude"]), float(row["longitude"])
    except ValueError:
        raise PlacesError(f"{where}: latitude and longitude are degrees as 50.45, with a point") from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise PlacesError(f"{where}: {latitude}, {longitude} is nowhere on Earth")
    forms = (row["name"], *filter(None, row["forms"].split("|")))
    place = Place(name=row["name"], country=row["country"], latitude=latitude, longitude=longitude)
    for form in forms:
        yield tuple(form.split()), Known(place, row["kind"])
        if form[-1] not in "sxz":
            yield tuple((form + "s").split()), Known(place, row["kind"])


@functools.cache
def adjectives() -> MappingProxyType[str, tuple[str, str]]:
    """Nationality adjective without its ending → (the capital, the code), for "in der ukrainischen Hauptstadt"."""
    found: dict[str, tuple[str, str]] = {}
    for _, row in csv_of(_DATA / "states.csv", "code", "adjective", "capital"):
        for stem in filter(None, row["adjective"].split("|")):
            found[stem] = row["capital"].split("|")[0], row["code"]
    return MappingProxyType(found)


@functools.lru_cache(20_000)
def stem_of(word: str) -> str:
    return re.sub(r"e[nrsm]?$", "", word.lower())


def named(word: str) -> Place | None:
    """The place that a word names by itself.

    >>> found = named("Moskau")
    >>> found and found.country
    'RUS'
    """
    return next((known.place for words, known in table().get(word, ()) if len(words) == 1), None)


@functools.lru_cache(4_096)
def holds(wide: str, name: str) -> bool:
    """Whether the one is a country, and the other a place in it, or a town and a house in it; by their base forms.

    "Europa" holds what lies in it, too: people meet "in Europa" before anybody says where.

    >>> holds("Ukraine", "Kiew"), holds("Kiew", "Ukraine"), holds("Polen", "Kiew"), holds("Paris", "Élysée-Palast")
    (True, False, False, True)
    >>> holds("Europa", "Genf"), holds("Europa", "Washington"), holds("Genf", "Europa")
    (True, False, False)
    """
    outer, inner = _known(wide), _known(name)
    if wide == "Europa" and inner is not None and inner != outer:
        return _in_europe(inner.place)
    if outer is None or inner is None or outer == inner or outer.place.country != inner.place.country:
        return False
    return outer.kind == "country" or (outer.kind == "city" and inner.kind == "venue" and _in_town(outer, inner))


def is_country(name: str) -> bool:
    known = _known(name)
    return known is not None and known.kind == "country"


def _known(name: str) -> Known | None:
    first = name.split()[0]
    return next((known for words, known in table().get(first, ()) if " ".join(words) == name), None)


_EUROPE = ((34.0, 72.0), (-25.0, 45.0))
"""degrees of latitude and longitude between which Europe lies, roughly"""


def _in_europe(place: Place) -> bool:
    (south, north), (west, east) = _EUROPE
    if place.latitude is None or place.longitude is None:
        return False
    return south < place.latitude < north and west < place.longitude < east


_TOWN = 0.2
"""degrees that a house is away from the middle of its town at most"""


def _in_town(town: Known, house: Known) -> bool:
    one, other = town.place, house.place
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return False
    return abs(one.latitude - other.latitude) < _TOWN and abs(one.longitude - other.longitude) < _TOWN


@functools.cache
def countries() -> MappingProxyType[str, Known]:
    found: dict[str, Known] = {}
    for phrases in table().values():
        for _, known in phrases:
            if known.kind == "country":
                found.setdefault(known.place.country, known)
    return MappingProxyType(found)


@functools.cache
def capitals() -> frozenset[str]:
    """Seats of government stand for the government more often than for the town."""
    states = csv_of(_DATA / "states.csv", "capital")
    return frozenset(name for _, row in states for name in row["capital"].split("|")) | {"Brüssel"}
