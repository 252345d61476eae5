"""Tables of rows in `extractors/data`: each row has a name and a test, and no field that nobody knows."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from extractors.events.lexicon import BrokenRuleError
from extractors.files import toml_of

_DATA = Path(__file__).resolve().parents[1] / "data"
MEETINGS, WORDINGS = _DATA / "meetings.toml", _DATA / "wordings.toml"


def rows(
    path: Path, kind: str, *, needed: Collection[str], allowed: Mapping[str, Collection[str]]
) -> Iterator[dict[str, Any]]:
    """The rows of a kind in a table. `allowed`: further fields, or fields with a few values; none for any.

    Raises BrokenRuleError for a missing, empty or unknown field or value, naming row and file.
    """
    for number, row in enumerate(_listed(path, kind), start=1):
        where = f"{path}, {kind} {number} ({row.get('name', 'no name')})"
        if missing := sorted({*needed} - {*row}):
            raise BrokenRuleError(f"{where}: no {', '.join(missing)}")
        if unknown := sorted({*row} - {*needed, *allowed}):
            told = f"there are {', '.join(sorted({*needed, *allowed}))}"
            raise BrokenRuleError(f"{where}: unknown field {', '.join(unknown)}; {told}")
        if trouble := _trouble(row):
            raise BrokenRuleError(f"{where}: {trouble}")
        for field, values in allowed.items():
            if values and field in row and row[field] not in values:
                raise BrokenRuleError(
                    f"{where}: {field} is {row[field]!r}, not one of {', '.join(map(str, sorted(values)))}"
                )
        yield row


def _trouble(row: Mapping[str, Any]) -> str:
    """What is wrong with what the fields of a row say; nothing where nothing is."""
    for field, value in row.items():
        if isinstance(value, bool) if field in _SWITCHES else isinstance(value, str) and value.strip():
            continue
        return f"{field} cannot be {value!r}: it is {'true or false' if field in _SWITCHES else 'a text'}"
    if row["name"] != row["name"].strip():
        return f"name has blanks around it: {row['name']!r}"
    for field in _PATTERNS & row.keys():
        try:
            re.compile(row[field])
        except re.error as error:
            return f"{field} is no pattern: {error}"
    return ""


_SWITCHES = frozenset({"wire"})
_PATTERNS = frozenset({"words", "with"})


def _listed(path: Path, kind: str) -> list[dict[str, Any]]:
    """What a table lists of a kind. Raises BrokenRuleError where it has a kind that nobody asks for, or no rows."""
    tables = _tables(path)
    if unknown := sorted({*tables} - {"herald", "unlikely", "borne", "afar", *_KINDS}):
        raise BrokenRuleError(f"{path}: unknown table {', '.join(unknown)}")
    found = tables.get(kind, [])
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise BrokenRuleError(f"{path}: {kind} is a list of rows, each with its fields")
    return found


@functools.cache
def _tables(path: Path) -> Mapping[str, Any]:
    return toml_of(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A word of a kind, and a sentence of ours in which it is read."""

    name: str
    test: str
    of: str = ""
    """what it says, where a kind says several things"""
    ends: tuple[str, ...] = ()
    """what a noun ends with that is this word"""
    behind: tuple[str, ...] = ()
    """the prepositions of what it is asked of"""


_KINDS: Mapping[str, Mapping[str, Collection[str]]] = {
    "tells": {},
    "judges": {},
    "won": {"ends": ()},
    "retakes": {},
    "does": {},
    "own": {},
    "presents": {"of": {"demanded", "proposed"}, "ends": ()},
    "thing": {"ends": ()},
    "menace": {"ends": ()},
    "undone": {"of": {"feared", "planned", "unintended", "refused"}},
    "wished": {},
    "wishing": {"behind": ()},
}
"""by kind of word the field that its rows need beside name and test, with the values that it may have; none for any"""


def wordings(kind: str, path: Path = WORDINGS) -> tuple[Wording, ...]:
    """The words of a kind. Raises BrokenRuleError, also for a field that is no text and a word that stands twice."""
    further, found = _KINDS[kind], dict[tuple[str, str], Wording]()
    for row in rows(path, kind, needed={"name", "test", *further}, allowed=further):
        lists: dict[str, Any] = {field: tuple(row[field].split()) for field in ("ends", "behind") if field in row}
        word = Wording(**row | lists)
        if (word.name, word.of) in found:
            raise BrokenRuleError(f"{path}, {kind}: {word.name} stands twice")
        found[word.name, word.of] = word
    return tuple(found.values())


@functools.cache
def names(kind: str, of: str = "") -> frozenset[str]:
    """The words of a kind, all or those that say one thing. Raises BrokenRuleError."""
    return frozenset(word.name for word in wordings(kind) if of in ("", word.of))


@functools.cache
def ends(kind: str) -> tuple[str, ...]:
    """What nouns of a kind end with. Raises BrokenRuleError."""
    return tuple(end for word in wordings(kind) for end in word.ends)


@functools.cache
def prepositions(kind: str) -> Mapping[str, tuple[str, ...]]:
    """The words of a kind, each with its prepositions. Raises BrokenRuleError."""
    return MappingProxyType({word.name: word.behind for word in wordings(kind)})


_LOOKS_OVER_ALL = re.compile(r"(?:\(\?[a-z]+\))?\(\?[=!]\.\*")


def pattern(row: Mapping[str, Any], flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """The row's `words`. Raises BrokenRuleError, also for words that look over a whole sentence from each of its letters."""
    if _LOOKS_OVER_ALL.match(row["words"]):
        raise BrokenRuleError(f"{row['name']}: words: what looks ahead over all of a sentence begins with ^")
    try:
        return re.compile(row["words"], flags)
    except re.error as error:
        raise BrokenRuleError(f"{row['name']}: words: {error}") from error
