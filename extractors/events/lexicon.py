"""The rows of `data/triggers.toml`: which words carry which act, and where its parties stand."""

from __future__ import annotations

import functools
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractors.ontology import EventType, modes

_PATH = Path(__file__).resolve().parents[1] / "data" / "triggers.toml"
_SLOTS = frozenset(
    "obj dat gen subj dass dyad an auf aus bei durch für gegen gegenüber hinter in mit nach um von vor zu zwischen über".split()
)
_SWITCHES = frozenset({"negated", "mutual", "said", "sure"})
_BY = ("theme", "either", "entered")
_FIELDS = frozenset(
    {"lemma", "name", "words", "type", "mode", "to", "by", "from", "with", "negated", "mutual", "said", "sure", "test"}
)


class BrokenRuleError(ValueError):
    """A row that cannot be used; the message names it."""

    def __init__(self, message: str, row: str = "") -> None:
        super().__init__(message)
        self.row = row


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """One row. `name` stands in the evidence of the events it finds: "verb:ablehnen"."""

    name: str
    kind: str
    """verb, noun or phrase"""
    type: EventType
    mode: str = ""
    to: tuple[str, ...] = ()
    by: str = ""
    """of a noun, who its genitive is: "theme" is whom the act befalls ("die Annexion der Krim"), "either" may be both ("die
    Unterstützung der Ukraine"), "entered" is befallen where it is a country with its article and nothing says where ("die Invasion der
    Ukraine", not "die Invasion Russlands" nor "der Türkei in Syrien"); any other noun's acts"""
    giver: tuple[str, ...] = ()
    """of a verb whose subject bears the act, the prepositions of who acts ("Kiew erhielt Panzer von Paris"): `from` in the file"""
    within: re.Pattern[str] | None = None
    words: re.Pattern[str] | None = None
    negated: bool = False
    mutual: bool = False
    said: bool = False
    sure: bool = False
    """of a verb or phrase whose words can mean nothing else: the act is told where the weights see none (`settling/set_phrases.py`)"""
    test: str = ""

    @property
    def theme(self) -> bool:
        return self.by == "theme"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    verbs: Mapping[str, tuple[Trigger, ...]]
    nouns: Mapping[str, tuple[Trigger, ...]]
    phrases: tuple[Trigger, ...]
    fields: Mapping[str, tuple[str, ...]]
    occasions: Mapping[str, tuple[str, ...]]
    """kind of occasion ("gathering", "stay") to ends of nouns"""

    def rows(self) -> Iterator[Trigger]:
        for found in (*self.verbs.values(), *self.nouns.values()):
            yield from found
        yield from self.phrases

    def nouns_of(self, lemma: str) -> tuple[Trigger, ...]:
        """The rows of a noun, or of the longest row that is the last part of a compound."""
        return _nouns_of(lemma)


@functools.cache
def lexicon() -> Lexicon:
    """All rows, checked. Raises BrokenRuleError that names file, line and row."""
    return load(_PATH)


def any_phrase(text: str) -> bool:
    """Whether the words of some phrase may stand in a text, in a fraction of the time that all rows take."""
    return any(words.search(text) for words in _phrases())


@functools.cache
def _phrases() -> tuple[re.Pattern[str], ...]:
    """The words of all phrases in two patterns. Those that begin a word are looked for only where a word begins: that all
    alternatives begin with the same is seen once, but not if a single one does not."""
    words = [row.words.pattern for row in lexicon().phrases if row.words is not None]
    kinds = ([one for one in words if one.startswith(_BEGINS_A_WORD) is begins] for begins in (True, False))
    return tuple(re.compile("|".join(kind)) for kind in kinds if kind)


_BEGINS_A_WORD = r"\b"


def load(path: Path) -> Lexicon:
    text = path.read_text(encoding="utf-8")
    try:
        return read(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BrokenRuleError(f"{path}: {error}") from error
    except BrokenRuleError as error:
        raise BrokenRuleError(f"{path}{_line_of(text, error.row)}: {error}") from error


def _line_of(text: str, name: str) -> str:
    """ ":17" for a row, told as "verb:kappen"; nothing where no line of the file has its name."""
    kind, _, word = name.partition(":")
    start = max(0, text.find(f"\n{kind} = ["))
    found = re.compile(rf"\b(?:lemma|name)\s*=\s*[\"']{re.escape(word)}[\"']").search(text, start)
    return f":{text.count(chr(10), 0, found.start()) + 1}" if found else ""


def read(rows: Mapping[str, Any]) -> Lexicon:
    """Check rows as they stand in the file."""
    verbs, nouns = defaultdict(list), defaultdict(list)
    for row in rows["verb"]:
        trigger = _trigger("verb", row)
        verbs[spelled(row["lemma"])].append(trigger)
    for row in rows["noun"]:
        trigger = _trigger("noun", row)
        nouns[spelled(row["lemma"]).lower()].append(trigger)
    return Lexicon(
        # Rows with a condition come first: the more specific beats the more general.
        verbs={lemma: tuple(sorted(found, key=_specific)) for lemma, found in verbs.items()},
        nouns={lemma: tuple(sorted(found, key=_specific)) for lemma, found in nouns.items()},
        phrases=tuple(_trigger("phrase", row) for row in rows["phrase"]),
        fields={name: tuple(spelled(stem) for stem in stems.split()) for name, stems in rows.get("field", {}).items()},
        occasions={kind: tuple(ends.split()) for kind, ends in rows.get("occasion", {}).items()},
    )


def _specific(trigger: Trigger) -> tuple[bool, bool]:
    return (not trigger.negated, trigger.within is None)


def _trigger(kind: str, row: Mapping[str, Any]) -> Trigger:
    name = f"{kind}:{row.get('lemma') or row.get('name')}"
    if trouble := _trouble(kind, row):
        raise BrokenRuleError(f"{name}: {trouble}", name)
    try:
        within = re.compile(row["with"], re.IGNORECASE) if "with" in row else None
        words = re.compile(row["words"]) if "words" in row else None
    except re.error as error:
        raise BrokenRuleError(f"{name}: {error}", name) from error
    return Trigger(
        name=name,
        kind=kind,
        type=EventType(row["type"]),
        mode=row.get("mode", ""),
        to=tuple(row.get("to", "").split()),
        by=row.get("by", ""),
        giver=tuple(row.get("from", "").split()),
        within=within,
        words=words,
        negated=row.get("negated", False),
        mutual=row.get("mutual", False),
        said=row.get("said", False),
        sure=row.get("sure", False),
        test=row["test"],
    )


_OF_ALL = re.compile(r"\(\?[aiLmsux]+\)|\(\?P|\\[1-9]")
"""what a pattern says of all that it is joined with (`any_phrase`): flags, and numbers and names of groups"""


def _trouble(kind: str, row: Mapping[str, Any]) -> str:
    """What is wrong with a row; nothing where nothing is."""
    if unknown := sorted(set(row) - _FIELDS):
        return f"unknown {', '.join(unknown)}"
    if missing := sorted(({"name", "words"} if kind == "phrase" else {"lemma"}) - set(row)):
        return f"no {', '.join(missing)}"
    if wrong := sorted(key for key, value in row.items() if type(value) is not (bool if key in _SWITCHES else str)):
        return f"{wrong[0]} cannot be {row[wrong[0]]!r}"
    if row.get("type") not in EventType.__members__ or not row.get("test"):
        return "needs a type and a test"
    if slots := sorted({*row.get("to", "").split(), *row.get("from", "").split()} - _SLOTS):
        return f"nobody stands at {', '.join(slots)}"
    if row.get("by", "theme") not in _BY:
        return f"by can be {' or '.join(_BY)}, not {row['by']!r}"
    if kind == "noun" and "sure" in row:
        return "sure is of verbs and phrases"
    if "from" in row and (kind == "noun" or row.get("to") != "subj"):
        return "from is of verbs and phrases whose subject bears the act: to must be subj"
    type_, mode = EventType(row["type"]), row.get("mode", "")
    if kind == "phrase" and _OF_ALL.search(row["words"]):
        return "words are read together with those of the other phrases: (?i:…) for (?i), no names of groups, no references"
    return f"{type_} has no mode {mode!r}, only {', '.join(modes(type_))}" if mode and mode not in modes(type_) else ""


def spelled(lemma: str) -> str:
    """The tagger's lemmas follow the old spelling now and then ("Beschuß")."""
    return lemma.replace("ß", "ss")


@functools.lru_cache(50_000)
def _nouns_of(lemma: str) -> tuple[Trigger, ...]:
    known = lexicon().nouns
    word = spelled(lemma).lower()
    for i in range(len(word) - 3):
        if word[i:] in known:
            return known[word[i:]]
    return ()


@functools.lru_cache(50_000)
def fields_of(lemma: str) -> tuple[str, ...]:
    """The fields of meaning a lemma belongs to: it holds one of their stems (short stems must begin it)."""
    word = spelled(lemma).lower()
    names, short, long = _stems_of_fields()
    found = {field for size in range(min(LONG, len(word) + 1)) for field in short.get(word[:size], ())}
    for at in range(len(word) - LONG + 1):
        found.update(field for stem, field in long.get(word[at : at + LONG], ()) if word.startswith(stem, at))
    return tuple(names[field] for field in sorted(found))


def occasion(noun: str, *kinds: str) -> str:
    """Which occasion a noun is by its last part, of some kinds or of any; "" where it is none.

    >>> occasion("EU-Gipfeln"), occasion("Weiterreise"), occasion("Weiterreise", "gathering"), occasion("Angriff")
    ('gipfel', 'reise', '', '')
    """
    found = _occasions(kinds).search(noun)
    return found["which"].lower() if found else ""


@functools.cache
def _occasions(kinds: tuple[str, ...]) -> re.Pattern[str]:
    known = lexicon().occasions
    ends = "|".join(end for kind in kinds or known for end in known[kind])
    return re.compile(rf"(?P<which>{ends})(?:e?[ns]|en|e)?$", re.IGNORECASE)


LONG = 6
"""characters from which a stem may stand anywhere in a word"""


@functools.cache
def _stems_of_fields() -> tuple[tuple[str, ...], dict[str, list[int]], dict[str, list[tuple[str, int]]]]:
    """The fields' names; their short stems, each with its fields; their long stems by the first letters."""
    known = lexicon().fields
    short: dict[str, list[int]] = {}
    long: dict[str, list[tuple[str, int]]] = {}
    for field, stems in enumerate(known.values()):
        for stem in stems:
            if len(stem) < LONG:
                short.setdefault(stem, []).append(field)
            else:
                long.setdefault(stem[:LONG], []).append((stem, field))
    return tuple(known), short, long
