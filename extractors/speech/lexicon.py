"""The words of saying: `data/speech.toml` read into lookups. A broken row is an error when it is loaded."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from extractors.actors import is_code
from extractors.files import BrokenFileError, toml_of

_PATH = Path(__file__).resolve().parents[1] / "data" / "speech.toml"
_TAKES = frozenset({"clause", "words", "thing", "narrates"})
_NAMED = frozenset(
    {"say", "think", "impersonal", "plain", "promise", "urge", "blame", "call", "narrate"}
    | {"report", "report by somebody", "report beside words"}
    | {"source", "no source", "office", "content", "title"}
)
"""rows of verbs and nouns that code asks for by name"""


class BrokenLexiconError(BrokenFileError):
    """A row of speech.toml cannot be used; the message names it and says what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """What a verb takes; `needs` are the small words it needs for it (a preposition, "davon", "sich")."""

    lemma: str
    takes: frozenset[str]
    names: tuple[str, ...]
    needs: frozenset[str] = frozenset()

    @property
    def impersonal(self) -> bool:
        """Whether its subject is nobody: "es heißt, …"."""
        return "impersonal" in self.names


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointing:
    """Of whom a description without a name may be: whose noun is of `heads` means somebody whose code is of `means`."""

    name: str
    heads: re.Pattern[str]
    means: re.Pattern[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    verbs: Mapping[str, tuple[Verb, ...]]
    adjectives: Mapping[str, Verb]
    nouns: Mapping[str, frozenset[str]]
    """row name to its lemmas"""
    local: tuple[str, ...]
    """how words for the authorities of a place end"""
    occupied: re.Pattern[str]
    """what a phrase holds that is of a place where who governs is who holds the land"""
    media: Mapping[str, str]
    """codes of media whose names are common words, by name"""
    pointing: tuple[Pointing, ...]

    def noun(self, row: str, lemma: str) -> bool:
        """Whether a noun, or the last part of a compound, stands in a row.

        >>> lexicon().noun("source", "Polizeiangabe"), lexicon().noun("source", "Sitzung")
        (True, False)
        """
        return _ends_in(self.nouns[row], lemma)

    def source(self, lemma: str) -> bool:
        """Whether a noun names words or those who tell them.

        >>> lexicon().source("Behördenangabe"), lexicon().source("Waffenstillstand")
        (True, False)
        """
        return self.noun("source", lemma) and not self.noun("no source", lemma)

    def tells(self, word: str) -> bool:
        """Whether a word, in the plural and dative too, is for what somebody says: "Angaben", "Erkenntnissen", "Vorwurf"."""
        return any(self.source(word[:stop]) or self.content(word[:stop]) for stop in _ends(word))

    def medium(self, name: str) -> str:
        """The code of a medium by a name that is a common word otherwise, with its article or without.

        >>> lexicon().medium("Der Spiegel"), lexicon().medium("Ausguck")
        ('DEU-MED', '')
        """
        return self.media.get(name.removeprefix("Der ").removeprefix("Die ").removeprefix("Das "), "")

    def office(self, word: str) -> bool:
        """Whether a word, in the genitive too, is for who speaks for somebody: "seines Presseamts"."""
        return any(self.noun("office", word[: len(word) - k]) for k in range(3))

    def content(self, lemma: str) -> bool:
        """Whether a noun itself, or behind a hyphen, is for what somebody says."""
        return lemma in self.nouns["content"] or lemma.rpartition("-")[2] in self.nouns["content"]


def _ends(word: str) -> range:
    """Where a word may end without the ending of its case."""
    return range(len(word), max(len(word) - 4, 0), -1)


@functools.cache
def lexicon() -> Lexicon:
    return read_lexicon(toml_of(_PATH))


def read_lexicon(data: Mapping[str, Any]) -> Lexicon:
    """Check and index the rows. Raises BrokenLexiconError for an unknown key, an unknown `takes`, a missing name or row."""
    if unknown := set(data) - {"verb", "adjective", "noun", "authority", "medium", "pointing"}:
        raise BrokenLexiconError(f"speech.toml: unknown tables {sorted(unknown)}")
    for table, rows in data.items():
        _check(table, rows)
    verbs: dict[str, list[Verb]] = {}
    for row in data.get("verb", ()):
        for verb in _verbs(row):
            verbs.setdefault(verb.lemma, []).append(verb)
    adjectives = {verb.lemma: verb for row in data.get("adjective", ()) for verb in _verbs(row)}
    nouns = {str(row["name"]): _noun_row(row) for row in data.get("noun", ())}
    merged = {lemma: tuple(_merged(rows)) for lemma, rows in verbs.items()}
    authorities = [_authority(row) for row in data.get("authority", ())]
    found = Lexicon(
        verbs=MappingProxyType(merged),
        adjectives=MappingProxyType(adjectives),
        nouns=MappingProxyType(nouns),
        local=tuple(word for row in authorities for word in row.get("ends", "").split()),
        occupied=_words([word for row in authorities for word in row.get("of", "").split()]),
        media=MappingProxyType({name: code for row in data.get("medium", ()) for name, code in _medium(row)}),
        pointing=tuple(_pointing(row) for row in data.get("pointing", ())),
    )
    if missing := _NAMED - {*nouns, *(name for known in verbs.values() for verb in known for name in verb.names)}:
        raise BrokenLexiconError(f"speech.toml: no row is named {', '.join(sorted(missing))}")
    return found


_OF_SEVERAL = frozenset({"verb", "adjective"})
"""tables in which one name is of several rows, as the words of a row may need something else"""
_NAMES = re.compile(r"[\w*]+(?:\s+[\w*]+)*")


def _check(table: str, rows: Any) -> None:
    """Whether a table's rows say something, each by a name of its own: of two, the one would take the other's place."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BrokenLexiconError(f"speech.toml: {table} is a list of rows: [[{table}]] before each")
    seen: set[object] = set()
    for number, row in enumerate(rows, 1):
        where = f"speech.toml: {table} row {row.get('name', number)!r}"
        if wrong := [key for key, value in row.items() if not isinstance(value, list if key == "takes" else str)]:
            told = 'is a list, as ["clause"]' if wrong[0] == "takes" else "is a text"
            raise BrokenLexiconError(f"{where}: {wrong[0]} {told}, not {row[wrong[0]]!r}")
        if "name" not in row:
            raise BrokenLexiconError(f"{where}: needs a name")
        if row["name"] in seen and table not in _OF_SEVERAL:
            raise BrokenLexiconError(f"{where}: stands twice; give it another name")
        if not _NAMES.fullmatch(words := row.get("of", "x")):
            raise BrokenLexiconError(f"{where}: of is words, those with a star begin so, not {words!r}")
        seen.add(row["name"])


def _words(words: Sequence[str]) -> re.Pattern[str]:
    """Whole words, in the genitive too, and with a star those that begin so.

    >>> [bool(_words(["krim", "besatz*"]).search(text)) for text in ("der krim", "der kriminalpolizei", "besatzer")]
    [True, False, True]
    """
    told = (rf"{word[:-1]}\w*" if word.endswith("*") else rf"{word}s?" for word in words)
    return re.compile(rf"\b(?:{'|'.join(told) or '(?!)'})\b")


def _authority(row: Mapping[str, Any]) -> Mapping[str, str]:
    if set(row) not in ({"name", "ends", "test", "speaks"}, {"name", "of", "test", "speaks"}) or not row["test"]:
        raise BrokenLexiconError(
            f"speech.toml: authority row {row.get('name')!r} needs name, test, speaks and one of ends, of"
        )
    return row


def _medium(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    if set(row) != {"name", "names", "test", "speaks"} or not row["test"]:
        raise BrokenLexiconError(f"speech.toml: medium row {row.get('name')!r} needs exactly name, names, test, speaks")
    if not is_code(row["speaks"]):
        raise BrokenLexiconError(f"speech.toml: medium row {row['name']!r}: speaks {row['speaks']!r} is nobody's code")
    return [(name, row["speaks"]) for name in row["names"].split("|")]


def _pointing(row: Mapping[str, Any]) -> Pointing:
    if set(row) != {"name", "heads", "means", "test", "speaks"} or not row["test"]:
        raise BrokenLexiconError(
            f"speech.toml: pointing row {row.get('name')!r} needs exactly name, heads, means, test, speaks"
        )
    try:
        return Pointing(name=row["name"], heads=re.compile(row["heads"]), means=re.compile(row["means"]))
    except re.error as error:
        raise BrokenLexiconError(f"speech.toml: pointing row {row['name']!r}: {error}") from error


def _verbs(row: Mapping[str, Any]) -> list[Verb]:
    if unknown := set(row) - {"name", "takes", "lemmas"}:
        raise BrokenLexiconError(
            f"speech.toml: verb row {row.get('name')!r} has unknown keys {sorted(unknown)}; there are name, takes, lemmas"
        )
    if not row.get("name") or not row.get("lemmas") or not set(row.get("takes", ())) or set(row["takes"]) - _TAKES:
        raise BrokenLexiconError(
            f"speech.toml: verb row {row.get('name')!r} needs name, lemmas, takes of {', '.join(sorted(_TAKES))}"
        )
    found = []
    for word in row["lemmas"].split():
        needs, _, lemma = word.rpartition("|")
        found.append(
            Verb(
                lemma=lemma,
                takes=frozenset(row["takes"]),
                names=(row["name"],),
                needs=frozenset({needs} if needs else ()),
            )
        )
    return found


def _noun_row(row: Mapping[str, Any]) -> frozenset[str]:
    if set(row) != {"name", "lemmas"} or not row["lemmas"]:
        raise BrokenLexiconError(f"speech.toml: noun row {row.get('name')!r} needs exactly name and lemmas")
    return frozenset(row["lemmas"].split())


def _merged(rows: list[Verb]) -> list[Verb]:
    """Rows of one lemma with the same needs become one verb."""
    by_needs: dict[frozenset[str], Verb] = {}
    for verb in rows:
        known = by_needs.get(verb.needs)
        if known is not None:
            verb = Verb(
                lemma=verb.lemma,
                takes=known.takes | verb.takes,
                names=tuple(dict.fromkeys((*known.names, *verb.names))),
                needs=verb.needs,
            )
        by_needs[verb.needs] = verb
    return list(by_needs.values())


@functools.lru_cache(20_000)
def _ends_in(lemmas: frozenset[str], lemma: str) -> bool:
    if lemma in lemmas:
        return True
    tail = lemma.split("-")[-1]
    return any(tail[i:].capitalize() in lemmas for i in range(len(tail) - 3) if len(tail) - i >= 4)
