"""Whether an article belongs to a dossier: named rows of words, and a small calibrated model over them.

A dossier is a TOML file of groups (sides, acts, offices, noise) whose rows hold word patterns. Rules over the rows
give `rule_grade`; where the dossier ships weights, a logistic model over the same rows gives the score and the grade.
Nothing here parses a sentence: it runs on every article.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import json
import math
import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from extractors.model import Article, Assessment, Grade, Part, PartKind, Reason

DATA = Path(__file__).resolve().parent / "data"
DOSSIERS = DATA / "dossiers"
QUESTIONS = ("matter", "act")
"""what is asked of an article, each by weights of its own"""
KINDS = ("core", "side", "act", "office", "voice", "topic", "noise")
MAX_SENTENCES = 3
EARLY = 6
"""the sentence at which a word counts half of what it does at the beginning"""
OPENING = 3
"""how many words open a sentence: German mostly names first who acts"""

_WORD = re.compile(r"\w+")
# A sentence ends at a stop before a capital or a quotation mark, not after an ordinal, initial or short abbreviation.
# The stop stands first, and what may not be before it looks back over it: else every letter of a text is asked all five.
_STOP = re.compile(r"[.!?:](?<![\s.]\w.)(?<!\d.)(?<!\b[A-ZÄÖÜ]r.)(?<!\bbzw.)(?<!\bca.)[\"”“«»']?\s+(?=[A-ZÄÖÜ„“\"»«+])")
# What stands between quotation marks, nested ones aside; a mark that is never closed quotes nothing.
_QUOTED = re.compile(r"[„“\"»«][^„“\"»«]{3,400}[“”\"»«]")
# Words before the one that acts; an adjective or genitive of a state needs an office after it to act for it.
_BEFORE = frozenset({"der", "die", "das", "den", "dem", "auch", "laut", "jetzt", "nun"})
_ADJECTIVE = re.compile(r"\w+isch(?:e[mnrs]?)?|deutsche[mnrs]?")
_GENITIVE = re.compile(r"\w{3,}[^su]s")
_NO_GENITIVE = frozenset({"paris"})
_FIRST = re.compile(r"\b(?:ich|mich|mir|mein\w*|wir|uns|unser\w*)\b", re.IGNORECASE)
COMMENT = "style:comment"
# "Kommentar: …", "Kommentar von …", a line that is nothing else, a kicker before it; or "…, meint Vorname Name."
_COMMENT = re.compile(
    r"(?:^|\n)(?:[„\"»]?\w+[“\"«]?-|Ein )?(?:[Kk]ommentar|Gastkommentar|Gastbeitrag|Leitartikel|Kolumne|Glosse)"
    r"(?: zu[mr]?\b| von\b|:|\n| [A-ZÄÖÜ])|\bmeint [A-ZÄÖÜ]\w+ [A-ZÄÖÜ][\w-]+[.\n]"
)
_SUFFIXES = ("innen", "ern", "ten", "est", "em", "en", "er", "es", "te", "st", "in", "e", "n", "s", "t")
# The last letter tells which of them may fit.
_BY_LETTER = {last: tuple(one for one in _SUFFIXES if one[-1] == last) for last in "mnrste"}


class BrokenDossier(ValueError):
    """A dossier cannot be used; the message names the file and the row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A named line of word patterns: `nato*`, `*gipfel`, `*sanktion*`, or neighbouring words `weiß* haus*`."""

    name: str
    group: str
    kind: str
    words: tuple[str, ...]
    excluded: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return f"{self.group}/{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How rows become a grade without a model: weights of the places, and the points that a grade takes."""

    head: float = 2.0
    lead: float = 1.5
    lead_sentences: int = 6
    core: float = 6.0
    related: float = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What one logistic regression asks of an article: weights of named facts and of words by where they stand.

    `early_words` are the words of the whole article, weighed by how soon each first comes.
    """

    facts: dict[str, float] = field(default_factory=dict)
    head_words: dict[str, float] = field(default_factory=dict)
    words: dict[str, float] = field(default_factory=dict)
    early_words: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Weights of the fitted model: one logistic regression of a sentence, two of an article, over named features.

    An article is core if it is about the matter, and if an act is its subject where it is about the matter: two
    questions, as those that miss either fail it in different words; the score is the product of both chances.
    `taught` is what readers' answers add to its log-odds. Tables of single words and pairs are keyed by the words
    themselves: no string is built to look a weight up. `cut` is the score from which an article is core; it was chosen
    out of fold. Related is what the rules say.
    """

    sentence: dict[str, float]
    sentence_words: dict[str, float]
    sentence_pairs: dict[tuple[str, str], float]
    matter: Question
    act: Question
    cut: float
    taught: Question = field(default_factory=Question)
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """A matter we follow. Build one with `load_dossier`."""

    name: str
    title: str
    about: str
    rows: tuple[Row, ...]
    rules: Rules
    canary: tuple[str, str, tuple[str, ...]]
    model: Model | None
    coder: str
    lexicon: Lexicon = field(repr=False, compare=False)

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row.group for row in self.rows))


# --- words and rows ---------------------------------------------------------------------------------------------------


@dataclass(slots=True)  # not frozen: one is made of every new word, and that would take three times as long
class Entry:
    """What the lexicon knows of a word: bits of its rows, and the tag that stands for it in the model. Never changed."""

    rows: int
    tag: str
    opens: tuple[tuple[tuple[re.Pattern[str], ...], int], ...] = ()
    """phrases that may begin here: patterns of the words that follow, and the bit of the row"""
    hits: int = 0
    """the rows that the word hits, or would hit as the first word of a phrase"""


class _Remembered(dict[str, Entry]):
    """What was made of words; of one that was not seen before it is made when it is asked for."""

    def __init__(self, look: Callable[[str], Entry]) -> None:
        super().__init__()
        self._look = look

    def __missing__(self, word: str) -> Entry:
        entry = self[word] = self._look(word)
        return entry


class Lexicon:
    """Looks words up in the rows of a dossier; remembers what it has seen, as a newsroom's vocabulary is small."""

    MEMORY = 200_000

    def __init__(self, rows: Sequence[Row]) -> None:
        self._single = _Shapes((w, 1 << at) for at, row in enumerate(rows) for w in row.words if " " not in w)
        self._excluded = tuple((1 << at, _pattern(row.excluded)) for at, row in enumerate(rows) if row.excluded)
        phrases = [(w.split(), 1 << at) for at, row in enumerate(rows) for w in row.words if " " in w]
        self._phrases = tuple((tuple(_pattern((w,)) for w in words[1:]), bit) for words, bit in phrases)
        self._first = _Shapes((words[0], 1 << at) for at, (words, _) in enumerate(phrases))
        self._tags = tuple((1 << at, f"<{row.group}>") for at, row in enumerate(rows) if row.kind in ("core", "side"))
        self.voice, self.office, self.party = (
            sum(1 << at for at, row in enumerate(rows) if row.kind in kinds)
            for kinds in (("voice",), ("office",), ("core", "side"))
        )
        self._known = _Remembered(self._look)
        self.masks, self.stems = masks(tuple(rows)), _stems(rows)

    def __call__(self, word: str) -> Entry:
        return self._known[word]

    def all(self, words: Sequence[str]) -> list[Entry]:
        """The entries of the words of a sentence, most of which have been seen before."""
        if len(self._known) >= self.MEMORY:
            self._known.clear()
        return list(map(self._known.__getitem__, words))

    def _look(self, word: str) -> Entry:
        bits = self._single(word)
        if bits:
            for bit, excluded in self._excluded:
                if bits & bit and excluded.fullmatch(word):
                    bits &= ~bit
        first = self._first(word)
        opens = tuple(phrase for at, phrase in enumerate(self._phrases) if first >> at & 1) if first else ()
        tag = next((tag for bit, tag in self._tags if bits & bit), None) if bits else None
        hits = bits
        for _, bit in opens:
            hits |= bit
        return Entry(bits, tag or _stem(word), opens, hits)


class _Shapes:
    """Finds the bits of all patterns that match the whole of a word, by looking its pieces up.

    A vocabulary is new words for most of a process's life, and hundreds of alternatives take a regular expression long.
    """

    KEY = 3
    """letters by which patterns are found that may stand anywhere in a word"""

    def __init__(self, patterns: Iterable[tuple[str, int]]) -> None:
        self._whole: dict[str, int] = {}
        self._begins: dict[str, int] = {}
        self._ends: dict[str, int] = {}
        self._holds: dict[str, list[tuple[str, int]]] = {}
        others: list[tuple[str, str, int]] = []
        for pattern, bit in patterns:
            bare = pattern.strip("*")
            kinds = {bare: self._whole, f"{bare}*": self._begins, f"*{bare}": self._ends}
            if pattern == f"*{bare}*" and "*" not in bare and len(bare) >= self.KEY:
                self._holds.setdefault(bare[: self.KEY], []).append((bare, bit))
            elif "*" in bare or pattern not in kinds:
                others.append((pattern.partition("*")[0], pattern, bit))
            else:
                kinds[pattern][bare] = kinds[pattern].get(bare, 0) | bit
        self._begin, self._end = (tuple(sorted(set(map(len, shapes)))) for shapes in (self._begins, self._ends))
        # Most words begin and end as no pattern does: the letters that all have tell at once.
        self._first, self._last = (min(lengths, default=0) for lengths in (self._begin, self._end))
        self._heads = frozenset(shape[: self._first] for shape in self._begins)
        self._tails = frozenset(shape[len(shape) - self._last :] for shape in self._ends)
        self._others = tuple((start, _pattern((pattern,)), bit) for start, pattern, bit in others)

    def __call__(self, word: str) -> int:
        size = len(word)
        bits = self._whole.get(word, 0)
        for length in self._begin if word[: self._first] in self._heads else ():
            if length > size:
                break
            bits |= self._begins.get(word[:length], 0)
        for length in self._end if word[-self._last :] in self._tails else ():
            if length > size:
                break
            bits |= self._ends.get(word[size - length :], 0)
        key, holds = self.KEY, self._holds
        for at in range(size - key + 1) if holds else ():
            if (start := word[at : at + key]) in holds:
                for stem, bit in holds[start]:
                    if word.startswith(stem, at):
                        bits |= bit
        for start, pattern, bit in self._others:
            if word.startswith(start) and pattern.fullmatch(word):
                bits |= bit
        return bits


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """A regular expression that matches the whole of a word; without words it matches nothing."""
    parts = [re.escape(word).replace(r"\*", r"\w*") for word in words]
    return re.compile("|".join(parts) if parts else r"(?!)")


def _stem(word: str) -> str:
    """A crude stem: near enough for counting, and a thousand times cheaper than a lemma."""
    if word.isdigit():
        return "0"
    for suffix in _BY_LETTER.get(word[-1:], ()):
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            return word[: -len(suffix)]
    return word


# --- reading an article -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of the text with the rows that hit in it."""

    start: int
    end: int
    place: str
    rows: int
    tags: tuple[str, ...]
    title: bool = False
    opening: int = 0
    """the rows of its first words"""
    by_state: bool = False
    """whether it opens with a state or its people in office, as what they do does"""
    voices: int = 0
    """how many words name somebody who speaks for no state"""
    hits: tuple[tuple[int, int], ...] = ()
    """which of its words hit rows, or may begin a phrase that does, and the bits of these"""


def read_sentences(article: Article, dossier: Dossier) -> tuple[Sentence, ...]:
    """The article's sentences in order, each with its place: head, sub, lead or body."""
    found: list[Sentence] = []
    in_body = 0
    for part in article.parts or (Part(kind=PartKind.PARAGRAPH, start=0, end=len(article.text)),):
        for start, end in _split(article.text, part):
            place = _place(article.text, part, in_body, dossier.rules)
            title = part.kind is PartKind.HEADLINE
            found.append(_sentence(article.text, start, end, place, title, dossier.lexicon))
            in_body += place in ("lead", "body")
    return tuple(found)


def _place(text: str, part: Part, in_body: int, rules: Rules) -> str:
    if part.kind in (PartKind.HEADLINE, PartKind.TEASER):
        return "head"
    # Not every extractor marks subheads, so a short line without a stop is one, whatever the part says it is.
    if part.kind is PartKind.SUBHEAD or (part.end - part.start < 80 and text[part.end - 1] not in '.!?:"“”«»…'):
        return "sub"
    return "lead" if in_body < rules.lead_sentences else "body"


def _split(text: str, part: Part) -> Iterator[tuple[int, int]]:
    at = part.start
    for stop in _STOP.finditer(text, part.start, part.end):
        yield at, stop.end() - 1
        at = stop.end()
    if at < part.end:
        yield at, part.end


def _sentence(text: str, start: int, end: int, place: str, title: bool, lexicon: Lexicon) -> Sentence:
    words = _WORD.findall(text[start:end].lower())
    entries = lexicon.all(words)
    rows = voices = opening = 0
    hits: list[tuple[int, int]] = []
    for at, entry in enumerate(entries):
        if not entry.hits:
            continue
        hits.append((at, entry.hits))
        rows |= entry.rows
        voices += bool(entry.rows & lexicon.voice)
        for rest, bit in entry.opens:
            if len(words) > at + len(rest) and all(p.fullmatch(words[at + 1 + k]) for k, p in enumerate(rest)):
                rows |= bit
    for entry in entries[:OPENING]:
        opening |= entry.rows
    by_state = title and _by_state(words, entries, lexicon)
    tags = tuple([entry.tag for entry in entries])
    return Sentence(start, end, place, rows, tags, title, opening, by_state, voices, tuple(hits))


def _by_state(words: Sequence[str], entries: Sequence[Entry], lexicon: Lexicon) -> bool:
    """Whether "Moskau", "Kanzler Scholz" or "Russlands Präsident" opens; not "russische Drohne" or "Putins Mythos"."""
    at = next((k for k, word in enumerate(words[:OPENING]) if word not in _BEFORE), len(words))
    if at == len(words):
        return False
    belongs = _ADJECTIVE.fullmatch(words[at]) or (_GENITIVE.fullmatch(words[at]) and words[at] not in _NO_GENITIVE)
    if belongs and entries[at].rows & lexicon.party:
        return any(entry.rows & lexicon.office for entry in entries[at + 1 : at + 3])
    return bool(entries[at].rows & (lexicon.party | lexicon.office))


# --- what the rows of a sentence say ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Masks:
    """The bits of rows by group and kind, so that a question about a sentence is an `and` of two numbers."""

    groups: tuple[tuple[str, int], ...]
    cores: tuple[tuple[str, int], ...]
    sides: tuple[tuple[str, int], ...]
    core: int
    party: int
    act: int
    office: int
    noise: int

    def sides_in(self, rows: int) -> tuple[str, ...]:
        return tuple(name for name, mask in self.sides if rows & mask)

    def is_act(self, rows: int) -> bool:
        """An act and two sides of which one is core, or an act, a core side and somebody who speaks for a state."""
        if not (rows & self.act and rows & self.core):
            return False
        return bool(rows & self.office) or len(self.sides_in(rows)) > 1


@functools.lru_cache(maxsize=32)
def masks(rows: tuple[Row, ...]) -> Masks:
    def bits(**wanted: str) -> int:
        return sum(1 << at for at, row in enumerate(rows) if all(getattr(row, k) == v for k, v in wanted.items()))

    names = tuple(dict.fromkeys((row.group, row.kind) for row in rows))
    return Masks(
        groups=tuple((group, bits(group=group)) for group, _ in names),
        cores=tuple((group, bits(group=group)) for group, kind in names if kind == "core"),
        sides=tuple((group, bits(group=group)) for group, kind in names if kind in ("core", "side")),
        core=bits(kind="core"),
        party=bits(kind="core") | bits(kind="side"),
        act=bits(kind="act"),
        office=bits(kind="office"),
        noise=bits(kind="noise"),
    )


def sentence_features(sentence: Sentence, known: Masks) -> tuple[str, ...]:
    """The names that hold for a sentence: groups, pairs of groups with a core side, words and neighbouring words."""
    words = [f"w:{tag}" for tag in set(sentence.tags)]
    pairs = {f"b:{one} {two}" for one, two in itertools.pairwise(sentence.tags)}
    return (*_group_features(sentence.rows, known), *words, *pairs)


def _group_features(rows: int, known: Masks) -> list[str]:
    if not rows:
        return []
    groups = [name for name, mask in known.groups if rows & mask]
    names = [f"g:{group}" for group in groups]
    for core, mask in known.cores:
        if rows & mask:
            names += [f"x:{core}+{group}" for group in groups if group != core]
    if known.is_act(rows):
        names.append("act")
        names += [f"act+{group}" for group in groups]
    return names


def article_facts(text: str, sentences: Sequence[Sentence], scores: Sequence[float], known: Masks) -> dict[str, float]:
    """Numbers about an article: how often and where groups and acts occur, how its best sentences score, who speaks, how."""
    facts: dict[str, float] = {}
    total = max(1, len(sentences))
    in_all, acts_in_all = dict.fromkeys(known.groups, 0), 0
    for place in ("head", "sub", "lead", "body"):
        # Rows hit in few sentences: only those are asked which.
        hit = [s.rows for s in sentences if s.rows and s.place == place]
        for group, mask in in_all:
            count = sum([1 for rows in hit if rows & mask])
            if count:
                in_all[group, mask] += count
                facts[f"{place}:{group}"] = math.log1p(count) if place in ("sub", "body") else min(count, 3) / 2
        acts = sum([1 for rows in hit if known.is_act(rows)])
        if acts:
            acts_in_all += acts
            facts[f"{place}:acts"] = math.log1p(acts)
    for (group, _), count in in_all.items():
        facts[f"share:{group}"] = count / total
    facts["share:acts"] = acts_in_all / total
    facts["length"] = math.log(total)
    head = [s.rows for s in sentences if s.place == "head"]
    facts["head:core"] = float(any(rows & known.core for rows in head))
    facts["head:core+act"] = float(any(rows & known.core and rows & known.act for rows in head))
    facts["head:noise"] = float(any(rows & known.noise for rows in head) and not facts["head:core+act"])
    return facts | _score_facts(sentences, scores) | _speaker_facts(sentences, known) | _style_facts(text, sentences)


def _speaker_facts(sentences: Sequence[Sentence], known: Masks) -> dict[str, float]:
    """Whether a state opens headline and lead, and how many words name voices that speak for none."""
    lead = next((s for s in sentences if s.place == "lead"), None)
    voices = {place: sum(s.voices for s in sentences if s.place == place) for place in ("head", "lead")}
    return {
        "state opens:headline": float(any(s.by_state for s in sentences)),
        "state opens:lead": float(lead is not None and bool(lead.opening & (known.party | known.office))),
        "voices:headline": float(min(2, sum(s.voices for s in sentences if s.title))),
        "voices:head": float(min(3, voices["head"])),
        "voices:head and lead": math.log1p(sum(voices.values())),
        "voices:share": sum(s.voices for s in sentences) / max(1, len(sentences)),
    }


def _style_facts(text: str, sentences: Sequence[Sentence]) -> dict[str, float]:
    """How an article is written, whatever it is about: a report quotes, a comment exclaims, asks and says "wir"."""
    plain = _QUOTED.sub(" ", text)
    head = " ".join(text[s.start : s.end] for s in sentences if s.place == "head")
    lead = " ".join(text[s.start : s.end] for s in sentences if s.place == "lead")
    return {
        COMMENT: float(bool(_COMMENT.search(text[: len(head) + 160]))),
        "style:question in head": float("?" in head),
        "style:exclamations": math.log1p(plain.count("!")),
        "style:first person": float(min(3, len(_FIRST.findall(_QUOTED.sub(" ", f"{head} {lead}"))))),
        "style:quoted": 1 - len(plain) / max(1, len(text)),
        # No prose has more; lists and texts without stops do.
        "style:words a sentence": min(30.0, len(_WORD.findall(plain)) / max(1, len(sentences))),
    }


def _score_facts(sentences: Sequence[Sentence], scores: Sequence[float]) -> dict[str, float]:
    """The sentence model's log-odds gathered: the best ones, by place and at all."""
    ranked = sorted(scores, reverse=True)
    facts = {f"top{n}": sum(ranked[:n]) / n if ranked else -5.0 for n in (1, 3, 6)}
    for place in ("head", "sub", "lead", "body"):
        here = [score for s, score in zip(sentences, scores, strict=True) if s.place == place]
        facts[f"best:{place}"] = max(here, default=-5.0)
        facts[f"mean:{place}"] = sum(here) / len(here) if here else -5.0
    facts["sure"] = math.log1p(sum(1 for score in ranked if score > 0))
    facts["sure:share"] = sum(1 for score in ranked if score > 0) / max(1, len(ranked))
    return facts


def article_words(sentences: Sequence[Sentence]) -> dict[str, float]:
    """The words of an article, of its head (h:) and of the whole (t:), each once and scaled to their variety."""
    head, whole = _head_words(sentences), early_words(sentences).keys()
    words = dict.fromkeys((f"h:{tag}" for tag in head), 1 / math.sqrt(len(head) or 1))
    return words | dict.fromkeys((f"t:{tag}" for tag in whole), 1 / math.sqrt(len(whole) or 1))


def early_words(sentences: Sequence[Sentence]) -> dict[str, float]:
    """The words of an article, each weighed by how soon it first comes: what is told first is what it is about."""
    found: dict[str, float] = {}
    for at in range(len(sentences) - 1, -1, -1):
        found |= dict.fromkeys(sentences[at].tags, EARLY / (EARLY + at))
    length = math.sqrt(sum([weight * weight for weight in found.values()]) or 1)
    return {tag: weight / length for tag, weight in found.items()}


def _head_words(sentences: Sequence[Sentence]) -> set[str]:
    return {tag for s in sentences if s.place == "head" for tag in s.tags}


# --- a dossier from its file ------------------------------------------------------------------------------------------


def load_dossier(name_or_path: str | Path, *, with_model: bool = True) -> Dossier:
    """A dossier by its name (one that ships) or the path of a TOML file; without its model the rules alone judge.

    Raises BrokenDossier that names the file and the row.
    """
    path = Path(name_or_path)
    if path.suffix != ".toml":
        path = DOSSIERS / f"{name_or_path}.toml"
    try:
        raw = path.read_bytes()
        table = tomllib.loads(raw.decode())
    except FileNotFoundError as error:
        known = ", ".join(dossier_names())
        raise BrokenDossier(f"{path}: no such dossier; there are {known}, or give the path of a .toml file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BrokenDossier(f"{path}: not TOML: {error}") from error
    return _dossier(table if with_model else table | {"model": ""}, path, raw)


def dossier_names() -> tuple[str, ...]:
    """The names of the dossiers that ship."""
    return tuple(sorted(path.stem for path in DOSSIERS.glob("*.toml")))


def _dossier(table: dict[str, Any], path: Path, raw: bytes) -> Dossier:
    _only(table, {"name", "title", "about", "model", "rules", "canary", "group"}, str(path))
    rows = tuple(_rows(table.get("group", ()), path))
    for kind in ("core", "act"):
        if not any(row.kind == kind for row in rows):
            raise BrokenDossier(f"{path}: no group of kind {kind!r}: without one nothing can be relevant")
    model = _load_model(path, table["model"]) if table.get("model") else None
    return Dossier(
        name=_text(table, "name", str(path)),
        title=_text(table, "title", str(path)),
        about=str(table.get("about", "")),
        rows=rows,
        rules=_rules(table.get("rules", {}), path),
        canary=_canary(table.get("canary"), path),
        model=model,
        coder=hashlib.sha256(raw + (model.digest.encode() if model else b"")).hexdigest()[:12],
        lexicon=Lexicon(rows),
    )


def _rows(groups: Iterable[dict[str, Any]], path: Path) -> Iterator[Row]:
    seen: set[str] = set()
    for group in groups:
        name = _text(group, "name", f"{path}: group")
        where = f"{path}: group {name!r}"
        _only(group, {"name", "kind", "rows"}, where)
        if group.get("kind") not in KINDS:
            raise BrokenDossier(f"{where}: kind must be one of {', '.join(KINDS)}, not {group.get('kind')!r}")
        for raw in group.get("rows") or ():
            row = _row(raw, name, group["kind"], where)
            if row.label in seen:
                raise BrokenDossier(f"{where}: row {row.name!r} is there twice; give it another name")
            seen.add(row.label)
            yield row


def _row(raw: dict[str, Any], group: str, kind: str, where: str) -> Row:
    name = _text(raw, "name", f"{where}: row")
    where = f"{where}: row {name!r}"
    _only(raw, {"name", "words", "not"}, where)
    words, excluded = tuple(raw.get("words") or ()), tuple(raw.get("not") or ())
    if not words:
        raise BrokenDossier(f"{where}: has no words")
    for word in (*words, *excluded):
        if not isinstance(word, str) or not re.fullmatch(r"[\w*]+( [\w*]+)*", word) or word != word.lower():
            raise BrokenDossier(f"{where}: {word!r} is no pattern: lower-case words with * for any letters")
        if any(len(piece.replace("*", "")) < 2 for piece in word.split()):
            raise BrokenDossier(f"{where}: {word!r} would match nearly everything; give at least two letters")
    return Row(name=name, group=group, kind=kind, words=words, excluded=excluded)


def _rules(table: dict[str, Any], path: Path) -> Rules:
    _only(table, {"head", "lead", "lead_sentences", "core", "related"}, f"{path}: rules")
    for key, value in table.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            raise BrokenDossier(f"{path}: rules: {key} must be a number above 0, not {value!r}")
    rules = Rules(**table)
    if rules.related > rules.core:
        raise BrokenDossier(f"{path}: rules: related ({rules.related}) must not be above core ({rules.core})")
    return rules


def _canary(table: Any, path: Path) -> tuple[str, str, tuple[str, ...]]:
    if not isinstance(table, dict):
        raise BrokenDossier(f"{path}: no [canary]: an article in your own words that must always be found")
    _only(table, {"headline", "teaser", "body"}, f"{path}: canary")
    return _text(table, "headline", f"{path}: canary"), str(table.get("teaser", "")), tuple(table.get("body", ()))


def _text(table: dict[str, Any], key: str, where: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise BrokenDossier(f"{where}: {key} is missing")
    return value


def _only(table: dict[str, Any], allowed: set[str], where: str) -> None:
    unknown = sorted(set(table) - allowed)
    if unknown:
        raise BrokenDossier(f"{where}: unknown {', '.join(unknown)}; allowed: {', '.join(sorted(allowed))}")


def _load_model(path: Path, name: str) -> Model:
    """Weights from an npz beside the data (or beside the dossier): names and numbers, no pickles."""
    import numpy as np

    file = next((p for p in (path.parent / name, DATA / name) if p.exists()), None)
    if file is None:
        raise BrokenDossier(f"{path}: model {name!r} is not there; remove the line, and the rules alone decide")
    try:
        with np.load(file, allow_pickle=False) as arrays:
            sentence = _table(arrays, "sentence")
            matter, act = (_question(arrays, part) for part in QUESTIONS)
            cut = float(arrays["cut"])
    except (KeyError, ValueError, OSError) as error:
        raise BrokenDossier(f"{path}: model {name!r} cannot be read: {error}; train it again") from error
    return Model(
        sentence={name: weight for name, weight in sentence.items() if name[:2] not in ("w:", "b:")},
        sentence_words=_keyed(sentence, "w:"),
        sentence_pairs={(pair[0], pair[1]): w for key, w in _keyed(sentence, "b:").items() if (pair := key.split(" "))},
        matter=matter,
        act=act,
        cut=cut,
        digest=hashlib.sha256(file.read_bytes()).hexdigest(),
    )


def _question(arrays: Any, part: str) -> Question:
    words = _table(arrays, f"{part}_words")
    return Question(
        facts=_table(arrays, f"{part}_facts"),
        head_words=_keyed(words, "h:"),
        words=_keyed(words, "t:"),
        early_words=_keyed(words, "e:"),
    )


def _table(arrays: Any, part: str) -> dict[str, float]:
    return dict(zip(arrays[f"{part}_names"].tolist(), arrays[f"{part}_weights"].tolist(), strict=True))


def _keyed(table: dict[str, float], prefix: str) -> dict[str, float]:
    return {name.removeprefix(prefix): weight for name, weight in table.items() if name.startswith(prefix)}


# --- the cheap look ---------------------------------------------------------------------------------------------------


def _stems(rows: Sequence[Row]) -> tuple[str, ...]:
    """The letters of which an article must hold some: what is literal in the words of the core sides."""
    pieces = {max(word.split()[0].split("*"), key=len) for row in rows if row.kind == "core" for word in row.words}
    return tuple(sorted(p for p in pieces if not any(q != p and q in p for q in pieces)))


def prefilter(text: str, dossier: Dossier) -> bool:
    """Whether the whole text of an article may concern the dossier at all. Never false where a core side is named.

    Plain substring search beats one regular expression of many alternatives about tenfold.
    """
    return _holds_any(text, dossier.lexicon.stems)


@functools.lru_cache(maxsize=4)
def _holds_any(text: str, stems: tuple[str, ...]) -> bool:
    """Remembered: of an article of the matter it is asked before it is judged, and while it is."""
    lowered = text.lower()
    for stem in stems:  # noqa: SIM110 - without a generator a tenth quicker
        if stem in lowered:
            return True
    return False


# --- the judgement ----------------------------------------------------------------------------------------------------


def assess(article: Article, dossier: Dossier) -> Assessment:
    """Grade an article for a dossier, with the rows that spoke and the sentences that decided."""
    if not prefilter(article.text, dossier):
        return Assessment(dossier=dossier.name, score=0.0, grade=Grade.NOT, coder=dossier.coder)
    sentences = read_sentences(article, dossier)
    known = dossier.lexicon.masks
    points = rule_points(sentences, known, dossier.rules)
    rule_grade = _rule_grade(points, sentences, known, dossier.rules)
    scores = [_sentence_score(s, known, dossier.model) for s in sentences]
    score = points / (points + dossier.rules.core) if points else 0.0
    grade = rule_grade
    if dossier.model is not None:
        score = _article_score(article.text, sentences, scores, known, dossier.model)
        grade = Grade.CORE if score >= dossier.model.cut else min(rule_grade, Grade.RELATED)
    return Assessment(
        dossier=dossier.name,
        score=round(score, 4),
        grade=grade,
        rule_grade=rule_grade,
        reasons=_reasons(article, sentences, dossier),
        sentences=_deciding(sentences, scores),
        coder=dossier.coder,
    )


def rule_points(sentences: Sequence[Sentence], known: Masks, rules: Rules) -> float:
    """Points for the sentences that speak of an act: more in headline and teaser, a few at most from deep down."""
    acts = [s.place for s in sentences if known.is_act(s.rows)]
    deep = acts.count("body") + 2 * acts.count("sub")
    return acts.count("head") * rules.head + acts.count("lead") * rules.lead + min(deep, 6) * 0.5


def _rule_grade(points: float, sentences: Sequence[Sentence], known: Masks, rules: Rules) -> Grade:
    if points >= rules.core:
        return Grade.CORE
    named = sum(1 for s in sentences if s.place in ("head", "lead") and s.rows & known.core)
    return Grade.RELATED if points >= rules.related or named > 1 else Grade.NOT


def _sentence_score(sentence: Sentence, known: Masks, model: Model | None) -> float:
    """Log-odds that the sentence tells a diplomatic act; without a model, 1 where the rules say so."""
    if model is None:
        return 1.0 if known.is_act(sentence.rows) else -1.0
    tags, named, words, pairs = sentence.tags, model.sentence, model.sentence_words, model.sentence_pairs
    odds = named.get("", 0.0) + sum([named.get(name, 0.0) for name in _group_features(sentence.rows, known)])
    odds += sum([words[tag] for tag in words.keys() & tags])
    return odds + sum([pairs[pair] for pair in pairs.keys() & itertools.pairwise(tags)])


def _article_score(
    text: str, sentences: Sequence[Sentence], scores: Sequence[float], known: Masks, model: Model
) -> float:
    """The chance that the article is core: that it is about the matter, and then about an act."""
    facts = article_facts(text, sentences, scores, known)
    head, early = _head_words(sentences), early_words(sentences)
    matter, act = (_chance(_answer(asked, facts, head, early)) for asked in (model.matter, model.act))
    score = matter * act
    if not model.taught.facts:
        return score
    return _chance(math.log(score / (1 - score)) + _answer(model.taught, facts, head, early))


def _answer(asked: Question, facts: dict[str, float], head: set[str], early: dict[str, float]) -> float:
    """Log-odds of a question."""
    odds = asked.facts.get("", 0.0)
    odds += sum([weight * facts[name] for name, weight in asked.facts.items() if name in facts])
    for tags, weights in ((head, asked.head_words), (early.keys(), asked.words)):
        odds += sum([weight for tag in tags if (weight := weights.get(tag))]) / math.sqrt(len(tags) or 1)
    weights = asked.early_words
    return odds + sum([weight * soon for tag, soon in early.items() if (weight := weights.get(tag))])


def _chance(odds: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


def _deciding(sentences: Sequence[Sentence], scores: Sequence[float]) -> tuple[tuple[int, int], ...]:
    """The up to three sentences that score best, in the order of the text; the earlier wins a tie."""
    ranked = sorted((-score, s.start, s.end) for s, score in zip(sentences, scores, strict=True) if score > -1.0)
    return tuple(sorted((start, end) for _, start, end in ranked[:MAX_SENTENCES]))


def _reasons(article: Article, sentences: Sequence[Sentence], dossier: Dossier) -> tuple[Reason, ...]:
    """The rows that hit, most frequent first, with their words as the text writes them; weight is the sentence count."""
    hit: dict[int, list[int]] = defaultdict(list)
    for number, sentence in enumerate(sentences):
        for at in _bits(sentence.rows):
            hit[at].append(number)

    @functools.cache
    def words(number: int) -> list[tuple[str, int]]:
        return _words_that_hit(article.text, sentences[number], dossier.lexicon)

    return tuple(
        Reason(rule=dossier.rows[at].label, words=_words_of(map(words, where), 1 << at), weight=float(len(where)))
        for at, where in sorted(hit.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    )


def _words_that_hit(text: str, sentence: Sentence, lexicon: Lexicon) -> list[tuple[str, int]]:
    """As the text writes them, with the bits of the rows."""
    found = _WORD.findall(text, sentence.start, sentence.end)
    if len(found) == len(sentence.tags):
        return [(found[at], bits) for at, bits in sentence.hits]
    # "İ", written small, is two letters, of which the second parts the word.
    entries = lexicon.all([word.lower() for word in found])
    return [(word, entry.hits) for word, entry in zip(found, entries, strict=True) if entry.hits]


def _bits(rows: int) -> Iterator[int]:
    while rows:
        yield (rows & -rows).bit_length() - 1
        rows &= rows - 1


def _words_of(sentences: Iterable[Sequence[tuple[str, int]]], bit: int) -> tuple[str, ...]:
    """Up to three words of the text on which the row hit (of a phrase, its first word)."""
    found: dict[str, None] = {}
    for words in sentences:
        found.update((word, None) for word, bits in words if bits & bit)
        if len(found) >= 3:
            break
    return tuple(found)[:3]


# --- what readers' answers add ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """What answers to alerts changed in a dossier's model: weights of words, and one number for all articles.

    `base` is the version of the dossier on which it was fitted; it means nothing for another.
    """

    base: str
    bias: float
    head_words: dict[str, float]
    words: dict[str, float]


def adjusted(dossier: Dossier, by: Adjustment) -> Dossier:
    """The dossier with what the answers taught. Raises ValueError for an adjustment of another version of it."""
    if dossier.model is None or by.base != dossier.coder:
        raise ValueError(f"fitted on version {by.base} of {dossier.name}, this is {dossier.coder}")
    taught = Question(facts={"": by.bias}, head_words=by.head_words, words=by.words)
    told = repr((by.bias, sorted(by.head_words.items()), sorted(by.words.items())))
    return replace(
        dossier,
        model=replace(dossier.model, taught=taught),
        coder=hashlib.sha256(f"{dossier.coder}{told}".encode()).hexdigest()[:12],
    )


def frozen(dossier: Dossier) -> tuple[tuple[Article, Grade], ...]:
    """Articles in our own words with their grades, on which no model may do worse than the shipped one; maybe none."""
    path = DATA / "frozen" / f"{dossier.name}.jsonl"
    if not path.exists():
        return ()
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return tuple((_frozen_article(row), Grade(row["grade"])) for row in rows)


def _frozen_article(row: dict[str, Any]) -> Article:
    body = tuple((PartKind.PARAGRAPH, line) for line in row["text"].split("\n"))
    return Article.compose(url=f"frozen:{row['id']}", headline=row["title"], teaser=row["teaser"], body=body)


# --- watching ourselves -----------------------------------------------------------------------------------------------


def canary(dossier: Dossier) -> Article:
    """The dossier's own invented article, which every pass must find; if it does not, the pass is broken."""
    headline, teaser, body = dossier.canary
    paragraphs = tuple((PartKind.PARAGRAPH, line) for line in body)
    return Article.compose(url=f"canary:{dossier.name}", headline=headline, teaser=teaser, body=paragraphs)


def review_sample(rejected: Iterable[str], week: str, size: int) -> tuple[str, ...]:
    """Which of the rejected articles a person looks at this week (`2022-W03`): by hash, so the same everywhere.

    >>> review_sample(("a", "b", "c", "d"), "2022-W03", 2) == review_sample(("d", "c", "b", "a"), "2022-W03", 2)
    True
    """

    def draw(article: str) -> str:
        return hashlib.sha256(f"{week}\x1f{article}".encode()).hexdigest()

    return tuple(sorted(set(rejected), key=draw)[: max(0, size)])
