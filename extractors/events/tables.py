"""Tables of rows in `extractors/data`: each row has a name and a test, and no field that nobody knows."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
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
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8")).get(kind, ())
    except tomllib.TOMLDecodeError as error:
        raise BrokenRuleError(f"{path}: {error}") from error
    for number, row in enumerate(found, start=1):
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


def pattern(row: Mapping[str, Any], flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """The row's `words`. Raises BrokenRuleError."""
    try:
        return re.compile(row["words"], flags)
    except re.error as error:
        raise BrokenRuleError(f"{row['name']}: words: {error}") from error
