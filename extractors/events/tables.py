"""Tables of rows in `extractors/data`: each row has a name and a test, and no field that nobody knows."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from extractors.events.lexicon import BrokenRuleError

_DATA = Path(__file__).resolve().parents[1] / "data"
MEETINGS, WORDINGS = _DATA / "meetings.toml", _DATA / "wordings.toml"


def rows(
    path: Path, kind: str, *, needed: Collection[str], allowed: Mapping[str, Collection[str]]
) -> Iterator[dict[str, Any]]:
    """The rows of a kind in a table. `allowed`: further fields, or fields with a few values; none for any.

    Raises BrokenRuleError for a missing or unknown field or value, naming row and file.
    """
    for number, row in enumerate(_tables(path).get(kind, ()), start=1):
        where = f"{path}, {kind} {number} ({row.get('name', 'no name')})"
        if missing := sorted({*needed} - {*row}):
            raise BrokenRuleError(f"{where}: no {', '.join(missing)}")
        if unknown := sorted({*row} - {*needed, *allowed}):
            raise BrokenRuleError(f"{where}: unknown field {', '.join(unknown)}")
        for field, values in allowed.items():
            if values and field in row and row[field] not in values:
                raise BrokenRuleError(
                    f"{where}: {field} is {row[field]!r}, not one of {', '.join(map(str, sorted(values)))}"
                )
        yield row


@functools.cache
def _tables(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BrokenRuleError(f"{path}: {error}") from error


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
        if wrong := [field for field, value in row.items() if not isinstance(value, str) or not value.strip()]:
            raise BrokenRuleError(f"{path}, {kind}: {row['name']}: {wrong[0]} cannot be {row[wrong[0]]!r}")
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
