"""An article's sentences with the rows that hit in them, and the numbers that a model weighs."""

from __future__ import annotations

import functools
import itertools
import math
import operator
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.model import Article, Part, PartKind
from extractors.relevance.dossiers import Dossier, Rules
from extractors.relevance.rows import Entry, Lexicon, Masks

EARLY = 6
"""the sentence at which a word counts half of what it does at the beginning"""
OPENING = 3
"""how many words open a sentence: German mostly names first who acts"""

WORD = re.compile(r"\w+")
_PARTED = "İ"
"""written small, it is two letters, of which the second parts the word"""
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


@dataclass(slots=True)  # not frozen: dozens are made of an article, and that would take three times as long
class Sentence:
    """A stretch of the text with the rows that hit in it. Never changed."""

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
    hits: tuple[tuple[str, int], ...] = ()
    """the words, as written, that hit rows, or may begin a phrase that does, and the bits of these"""


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
    written = WORD.findall(text, start, end)
    words = list(map(str.lower, written))
    entries = lexicon.all(words)
    hits = tuple([(word, entry.hits) for word, entry in zip(written, entries, strict=True) if entry.hits])
    if _PARTED in text:
        words = WORD.findall(text[start:end].lower())
        entries = lexicon.all(words)
    rows = voices = opening = 0
    for at, entry in enumerate(entries):
        if not entry.hits:
            continue
        rows |= entry.rows
        voices += bool(entry.rows & lexicon.voice)
        opening |= entry.rows if at < OPENING else 0
        for rest, bit in entry.opens:
            if len(words) > at + len(rest) and all(p.fullmatch(words[at + 1 + k]) for k, p in enumerate(rest)):
                rows |= bit
    by_state = title and _by_state(words, entries, lexicon)
    tags = tuple([entry.tag for entry in entries])
    return Sentence(start, end, place, rows, tags, title, opening, by_state, voices, hits)


def _by_state(words: Sequence[str], entries: Sequence[Entry], lexicon: Lexicon) -> bool:
    """Whether "Moskau", "Kanzler Scholz" or "Russlands Präsident" opens; not "russische Drohne" or "Putins Mythos"."""
    at = next((k for k, word in enumerate(words[:OPENING]) if word not in _BEFORE), len(words))
    if at == len(words):
        return False
    belongs = _ADJECTIVE.fullmatch(words[at]) or (_GENITIVE.fullmatch(words[at]) and words[at] not in _NO_GENITIVE)
    if belongs and entries[at].rows & lexicon.party:
        return any(entry.rows & lexicon.office for entry in entries[at + 1 : at + 3])
    return bool(entries[at].rows & (lexicon.party | lexicon.office))


def sentence_features(sentence: Sentence, known: Masks) -> tuple[str, ...]:
    """The names that hold for a sentence: groups, pairs of groups with a core side, words and neighbouring words."""
    words = [f"w:{tag}" for tag in set(sentence.tags)]
    pairs = {f"b:{one} {two}" for one, two in itertools.pairwise(sentence.tags)}
    return (*group_features(sentence.rows, known), *words, *pairs)


def group_features(rows: int, known: Masks) -> list[str]:
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
        anywhere = functools.reduce(operator.or_, hit, 0)
        for group, mask in in_all:
            if anywhere & mask:
                count = sum([1 for rows in hit if rows & mask])
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
    quoted = _QUOTED.findall(text)
    # In place of each stands a blank.
    length = len(text) - sum(map(len, quoted)) + len(quoted)
    words = _words(text, sentences) - sum([len(WORD.findall(quote)) for quote in quoted])
    head = " ".join(text[s.start : s.end] for s in sentences if s.place == "head")
    lead = " ".join(text[s.start : s.end] for s in sentences if s.place == "lead")
    return {
        COMMENT: float(bool(_COMMENT.search(text[: len(head) + 160]))),
        "style:question in head": float("?" in head),
        "style:exclamations": math.log1p(text.count("!") - sum([quote.count("!") for quote in quoted])),
        "style:first person": float(min(3, len(_FIRST.findall(_QUOTED.sub(" ", f"{head} {lead}"))))),
        "style:quoted": 1 - length / max(1, len(text)),
        # No prose has more; lists and texts without stops do.
        "style:words a sentence": min(30.0, words / max(1, len(sentences))),
    }


def _words(text: str, sentences: Sequence[Sentence]) -> int:
    return len(WORD.findall(text)) if _PARTED in text else sum([len(s.tags) for s in sentences])


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
    head, whole = head_words(sentences), early_words(sentences).keys()
    words = dict.fromkeys((f"h:{tag}" for tag in head), 1 / math.sqrt(len(head) or 1))
    return words | dict.fromkeys((f"t:{tag}" for tag in whole), 1 / math.sqrt(len(whole) or 1))


def early_words(sentences: Sequence[Sentence]) -> dict[str, float]:
    """The words of an article, each weighed by how soon it first comes: what is told first is what it is about."""
    found: dict[str, float] = {}
    for at in range(len(sentences) - 1, -1, -1):
        found |= dict.fromkeys(sentences[at].tags, EARLY / (EARLY + at))
    length = math.sqrt(sum([weight * weight for weight in found.values()]) or 1)
    return {tag: weight / length for tag, weight in found.items()}


def head_words(sentences: Sequence[Sentence]) -> set[str]:
    return {tag for s in sentences if s.place == "head" for tag in s.tags}
