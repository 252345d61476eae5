"""The machine's own names of rules, cues and incidents as a reader is told them, from one table in both languages, `names.toml`.

What is stored, exported and searched for is the name itself. One that has no row, as an older coder's may, is shown as it is.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

FILE = Path(__file__).with_name("names.toml")

LANGUAGES = ("de", "en")

REASONS = ("cue", "incident")
"""tables whose names stand among the machine's reasons; no two of them hold the same name"""

_QUOTED = MappingProxyType({"de": "{} „{}“", "en": "{} “{}”"})
_JOINED = re.compile(r"(; | → )")

Names = Mapping[str, Mapping[str, tuple[str, str]]]


class BrokenNamesError(ValueError):
    """A row of `names.toml` that cannot be used; the message names it."""


@cache
def names() -> Names:
    """The tables of `names.toml`. Raises BrokenNamesError."""
    return load(FILE)


def load(path: Path) -> Names:
    """Table by table what each name is in German and in English. Raises BrokenNamesError, naming file, table and row."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BrokenNamesError(f"{path}: {error}") from error
    told: dict[str, Mapping[str, tuple[str, str]]] = {}
    for table, rows in tables.items():
        if not isinstance(rows, dict):
            raise BrokenNamesError(f"{path}: {table!r} stands in no table")
        for name, texts in rows.items():
            if not isinstance(texts, list) or len(texts) != len(LANGUAGES) or not all(_is_text(text) for text in texts):
                raise BrokenNamesError(f"{path}, {table}: {name!r} needs a German and an English text")
        told[table] = MappingProxyType({name: (texts[0], texts[1]) for name, texts in rows.items()})
    return MappingProxyType(told)


def named(table: str, name: str, language: str) -> str:
    """What a name of a table is to a reader.

    >>> named("cue", "konjunktiv-1", "de"), named("group", "arktis", "en")
    ('Konjunktiv', 'arktis')
    """
    texts = names()[table].get(name)
    return texts[LANGUAGES.index(language)] if texts else name


def rule_told(rule: str, language: str) -> str:
    """The rule that read an event: what kind of row it is, and which.

    >>> rule_told("verb:fordern", "en"), rule_told("herald:is agreed", "de"), rule_told("field:blame:told", "en")
    ('verb “fordern”', 'Ankündigung „ein Treffen ist vereinbart“', 'field of words “blaming”')
    """
    kind, _, rest = rule.partition(":")
    if kind not in names()["kind"]:
        return rule
    told, name = named("kind", kind, language), rest.partition(":")[0]
    shown = named(kind, name, language) if kind in names() else name
    return _QUOTED[language].format(told, shown) if shown else told


def reason_told(reason: str, language: str) -> str:
    """A row of the machine's sentences in which those that are names of ours are told; the others stay as they are.

    >>> reason_told("no-progress", "en"), reason_told("type: REJECT; hopes → dampens", "en")
    ('no progress', 'type: REJECT; raises hope → dampens expectations')
    """
    return "".join(of_reasons(each, language) or each for each in _JOINED.split(reason))


def of_reasons(name: str, language: str) -> str | None:
    """What a name is that stands among reasons; None where it is none."""
    table = next((table for table in REASONS if name in names()[table]), None)
    return None if table is None else named(table, name, language)


def _is_text(text: object) -> bool:
    return isinstance(text, str) and bool(text)
