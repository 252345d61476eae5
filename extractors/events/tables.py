"""Tables of rows in `extractors/data`: each row has a name and a test, and no field that nobody knows."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
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
    """A word of a kind; `of` is the rule that asks for it, `ends` what a noun ends with that is this word, `test` a sentence that reads it."""

    name: str
    of: str
    ends: tuple[str, ...]
    test: str


_KINDS: Mapping[str, tuple[str, Mapping[str, Collection[str]]]] = {
    "tells": ("", {}),
    "thing": ("ends", {}),
    "menace": ("ends", {}),
    "undone": ("of", {"of": {"feared", "planned"}}),
}
"""by kind of word the field that its rows need beside name and test, and the values that a field may have"""


def wordings(kind: str, path: Path = WORDINGS) -> tuple[Wording, ...]:
    """The words of a kind. Raises BrokenRuleError, for a word that stands twice too."""
    further, allowed = _KINDS[kind]
    found = {}
    for row in rows(path, kind, needed={"name", "test", further} - {""}, allowed=allowed):
        key = row["name"], row.get("of", "")
        if key in found:
            raise BrokenRuleError(f"{path}, {kind}: {row['name']} stands twice")
        found[key] = Wording(
            name=row["name"], of=row.get("of", ""), ends=tuple(row.get("ends", "").split()), test=row["test"]
        )
    return tuple(found.values())


@functools.cache
def verbs(kind: str, of: str = "") -> frozenset[str]:
    """The verbs of a kind, all or those that a rule asks for. Raises BrokenRuleError."""
    return frozenset(word.name for word in wordings(kind) if of in ("", word.of))


@functools.cache
def ends(kind: str) -> tuple[str, ...]:
    """What nouns of a kind end with. Raises BrokenRuleError."""
    return tuple(end for word in wordings(kind) for end in word.ends)


def pattern(row: Mapping[str, Any], flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """The row's `words`. Raises BrokenRuleError."""
    try:
        return re.compile(row["words"], flags)
    except re.error as error:
        raise BrokenRuleError(f"{row['name']}: words: {error}") from error
