"""The rows of `data/triggers.toml`: which words carry which act, and where its parties stand."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from extractors.files import BrokenFileError, text_of, toml_in
from extractors.ontology import EventType, modes

_PATH = Path(__file__).resolve().parents[1] / "data" / "triggers.toml"
_SLOTS = frozenset(
    "obj dat gen subj dass dyad an auf aus bei durch für gegen gegenüber hinter in mit nach um von vor zu zwischen über".split()
)
_SWITCHES = frozenset({"negated", "mutual", "said", "sure"})
_BY = ("theme", "either", "entered")
_KINDS = ("verb", "noun", "phrase")
_ELSEWHERE = MappingProxyType(
    {
        "verb": frozenset({"name", "words", "by", "said"}),
        "noun": frozenset({"name", "words", "said"}),
        "phrase": frozenset({"lemma", "with", "by"}),
    }
)
"""fields that say nothing in a row of a kind"""
_FIELDS = frozenset(
    {"lemma", "name", "words", "type", "mode", "to", "by", "from", "with", "negated", "mutual", "said", "sure", "test"}
)


class BrokenRuleError(BrokenFileError):
    """A row that cannot be used; the message names it. `shown`: its kind, and what its line holds, as `nth` of those that do."""

    def __init__(self, message: str, shown: tuple[str, str, str] = ("", "", ""), nth: int = 0) -> None:
        super().__init__(message)
        self.shown = shown
        self.nth = nth


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
    """of a verb whose subject bears the act, the prepositions of who acts ("Kiew erhielt Panzer von Paris"), or "obj": `from` in the file"""
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
    """The rows of a file, checked. Raises BrokenFileError that names file and line, and BrokenRuleError that names the row, too."""
    text = text_of(path)
    try:
        return read(toml_in(text, path))
    except BrokenRuleError as error:
        raise BrokenRuleError(f"{path}{_line_of(text, error)}: {error}") from None


def _line_of(text: str, error: BrokenRuleError) -> str:
    """ ":17" for a row; nothing where no line of the file shows it."""
    kind, key, word = error.shown
    start = max(0, text.find(f"\n{kind} = ["))
    at = list(re.compile(rf"\b(?:{key})\s*=\s*[\"']{re.escape(word)}[\"']").finditer(text, start)) if word else []
    return f":{text.count(chr(10), 0, at[error.nth].start()) + 1}" if error.nth < len(at) else ""


def read(rows: Mapping[str, Any]) -> Lexicon:
    """Check rows as they stand in the file."""
    if unknown := sorted(set(rows) - {*_KINDS, "field", "occasion"}):
        raise BrokenRuleError(f"unknown table {', '.join(unknown)}; there are {', '.join(_KINDS)}, field, occasion")
    found = {kind: tuple(_triggers(kind, rows.get(kind, ()))) for kind in _KINDS}
    verbs, nouns = defaultdict(list), defaultdict(list)
    for row, trigger in zip(rows.get("verb", ()), found["verb"], strict=True):
        verbs[spelled(row["lemma"])].append(trigger)
    for row, trigger in zip(rows.get("noun", ()), found["noun"], strict=True):
        nouns[spelled(row["lemma"]).lower()].append(trigger)
    return Lexicon(
        # Rows with a condition come first: the more specific beats the more general.
        verbs={lemma: tuple(sorted(of_it, key=_specific)) for lemma, of_it in verbs.items()},
        nouns={lemma: tuple(sorted(of_it, key=_specific)) for lemma, of_it in nouns.items()},
        phrases=found["phrase"],
        fields={name: tuple(map(spelled, stems)) for name, stems in _words("field", rows).items()},
        occasions=_words("occasion", rows),
    )


def _words(table: str, rows: Mapping[str, Any]) -> Mapping[str, tuple[str, ...]]:
    """The words of each row of a table of lists, with blanks between them in the file."""
    for name, words in rows.get(table, {}).items():
        if not isinstance(words, str) or not re.fullmatch(r"[\w-]+(?:\s+[\w-]+)*", words.strip()):
            raise BrokenRuleError(f"{table}: {name} is a text of words with blanks between, not {words!r}")
    return {name: tuple(words.split()) for name, words in rows.get(table, {}).items()}


def _specific(trigger: Trigger) -> tuple[bool, bool]:
    return (not trigger.negated, trigger.within is None)


def _triggers(kind: str, rows: Any) -> Iterator[Trigger]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BrokenRuleError(f"{kind} is a list of rows: {kind} = [{{…}}, {{…}}]")
    seen: set[tuple[object, ...]] = set()
    for nth, row in enumerate(rows):
        word = row.get("name" if kind == "phrase" else "lemma")
        name = f"{kind}:{word}" if word else f"{kind} {nth + 1}"
        key = word, *(row.get(field) for field in ("with", "words", "negated", "sure"))
        trouble = _trouble(kind, row) or ("stands twice: `with` says when which row holds" if key in seen else "")
        if trouble:
            raise BrokenRuleError(f"{name}: {trouble}", *_shown(kind, row, rows[:nth]))
        seen.add(key)
        try:
            yield _trigger(name, kind, row)
        except re.error as error:
            raise BrokenRuleError(f"{name}: no pattern: {error}", *_shown(kind, row, rows[:nth])) from None


def _shown(kind: str, row: Mapping[str, Any], before: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, str, str], int]:
    """By what a row is found in the file, and how many before it say the same: its test, as a lemma has several rows; else its lemma."""
    keys, value = ("test", row["test"]) if row.get("test") else ("lemma|name", row.get("lemma") or row.get("name"))
    return (kind, keys, str(value or "")), sum(
        1 for each in before if value in (each.get(key) for key in keys.split("|"))
    )


def _trigger(name: str, kind: str, row: Mapping[str, Any]) -> Trigger:
    within = re.compile(row["with"], re.IGNORECASE) if "with" in row else None
    words = re.compile(row["words"]) if "words" in row else None
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
    needed = {"name", "words"} if kind == "phrase" else {"lemma"}
    allowed = _FIELDS - _ELSEWHERE[kind]
    if unknown := sorted(set(row) - allowed):
        return f"unknown {', '.join(unknown)}; a {kind} may have {', '.join(sorted(allowed))}"
    if missing := sorted(needed - set(row)):
        return f"no {', '.join(missing)}"
    if wrong := sorted(key for key, value in row.items() if type(value) is not (bool if key in _SWITCHES else str)):
        return f"{wrong[0]} cannot be {row[wrong[0]]!r}: it is {'true or false' if wrong[0] in _SWITCHES else 'a text'}"
    if empty := sorted(key for key in needed if not row[key].strip() or row[key] != row[key].strip()):
        return f"{empty[0]} cannot be {row[empty[0]]!r}: it is empty, or has blanks around it"
    if row.get("type") not in EventType.__members__:
        return f"type {row.get('type')!r} is none of {', '.join(EventType.__members__)}"
    if not row.get("test", "").strip():
        return "needs a test: a sentence of your own that it must read"
    if slots := sorted({*row.get("to", "").split(), *row.get("from", "").split()} - _SLOTS):
        return f"nobody stands at {', '.join(slots)}; there are {', '.join(sorted(_SLOTS))}"
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
