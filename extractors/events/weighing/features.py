"""What the judge looks at in a sentence: who is named there and how, and the features of its words. Names are for people too.

What speaks for a reading of who acts upon whom is told by `fitting`.
"""

from __future__ import annotations

import functools
import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from extractors.actors import Mention
from extractors.events.beside import JOINED
from extractors.events.lexicon import fields_of
from extractors.events.proposing.candidates import Candidate
from extractors.events.proposing.directions import Direction, directions
from extractors.events.proposing.subjects import stranger
from extractors.events.reading import Reading, Said
from extractors.language import Sentence, Token
from extractors.language.remembered import Remembered
from extractors.language.syntax import pipeline
from extractors.model import PartKind
from extractors.ontology import EventType

if TYPE_CHECKING:
    from spacy.language import Language

Features = dict[str, float]
Parties = tuple[tuple[str, ...], tuple[str, ...]]
"""who acts, and who is acted upon"""
TYPES = tuple(EventType)
"""the order of the network's answers"""
SURE = 6.0
"""the most log-odds of the network that count"""
TOLD = ("date", "place", "speaker")
"""what the text may tell of an act, in the order of the network's answers"""
_CONTENT = ("VV", "NN", "ADJ", "ADV", "PTKNEG", "VM", "PTKVZ", "PIAT", "PROAV", "KOUS")
KNOWN = ("RUS", "UKR", "USA", "NATO", "EU", "DEU", "WEST")
"""who has features of his own"""
_TAIL = 7
_POOL = 7
# How many of an article's most named actors are in reach of every sentence of it.
_OFTEN = 5
_OWN_GROUND = frozenset(
    "Souveränität Integrität Unabhängigkeit Luftraum Hoheitsgebiet Hoheitsgewässer Staatsgebiet Neutralität".split()
)
"""what is a state's own, and whose violation is another's"""
_ATTACKED = ("angegriffen", "überfallen", "attackiert", "bedroht", "bedrängt")
_BY = frozenset({"von", "vom", "Von", "Vom"})
_BEFORE_A_NAME = frozenset({"ART", "ADJA"})
_ATTRIBUTE = 4
"""tokens behind a name in which its participle stands, and the noun behind that: "von Russland seit 2014 bedrohte Ukraine" """
_WIDTH = 96
_MOST = 40_000
"""words whose vectors are remembered: 15 MB"""


class Spans(NamedTuple):
    """The times and places of an article, a sentence's own first, each with the log-odds to be the act's."""

    times: Mapping[str, float]
    places: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What the network thinks of a sentence, in log-odds: of each type; of types × codes to act, to be acted upon, to say
    so; of types × statuses; of types × facts (date, place, speaker) to be told; of times and places for the type that somebody
    asks about, as about most nobody does."""

    codes: tuple[str, ...]
    types: NDArray[np.float32]
    actors: NDArray[np.float32]
    recipients: NDArray[np.float32]
    speakers: NDArray[np.float32]
    statuses: NDArray[np.float32]
    told: NDArray[np.float32]
    spans: Callable[[EventType], Spans]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A sentence with all that bears on its acts."""

    sentence: Sentence
    candidates: tuple[Candidate, ...]
    said: Said | None
    flags: Mapping[str, frozenset[str]]
    """for each actor's code, the places it stands in: subject, object, prep:gegen, speaker, before …"""
    groups: tuple[tuple[str, ...], ...]
    """codes named as one party ("die USA und Russland")"""
    whole: tuple[frozenset[str], ...]
    """codes that one word names together, and no other ("NATO-Russland-Rat"): all of them take part, or none"""
    counts: Mapping[str, int]
    told: Mapping[object, int]
    """how often the sentences before had a candidate of a type, or of a type with the same parties"""
    opinion: Opinion | None = None
    directions: Mapping[EventType, tuple[Direction, ...]] = field(default_factory=dict)
    """what syntax alone says of who acts upon whom, by type"""
    phrases: tuple[Candidate, ...] = ()
    """what set phrases tell by themselves, of which the weights know nothing"""
    strangers: frozenset[int] = frozenset()
    """the clauses in which somebody acts whom no table has, and of whom nobody says whose he is"""
    vectors: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, _WIDTH), dtype=np.float32))
    """of each of its tokens"""
    vector: NDArray[np.float32] = field(default_factory=lambda: np.zeros(_WIDTH, dtype=np.float32))
    """the mean of those of its content words"""


def views(reading: Reading, candidates: Sequence[Candidate]) -> tuple[View, ...]:
    """The sentences of an article, each with its candidates and with what was told before."""
    by: dict[int, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        by[candidate.sentence.index].append(candidate)
    told: Counter[object] = Counter()
    found = []
    sentences = reading.document.sentences
    vectors = word_vectors([token.text for sentence in sentences for token in sentence.tokens])
    ends = np.cumsum([len(sentence.tokens) for sentence in sentences])
    often = [code for code, _ in reading.counts.most_common(_OFTEN)]
    for sentence, vectors_of_it in zip(sentences, np.split(vectors, ends[:-1]), strict=False):
        own = tuple(by[sentence.index])
        phrases, own = tuple(c for c in own if c.sure), tuple(c for c in own if not c.sure)
        view = _view(reading, sentence, own, dict(told), vectors_of_it, often)
        found.append(replace(view, phrases=phrases) if phrases else view)
        told.update({c.key for c in own} | {c.type for c in own})
    return tuple(found)


def _view(
    reading: Reading,
    sentence: Sentence,
    candidates: tuple[Candidate, ...],
    told: Mapping[object, int],
    vectors: NDArray[np.float32],
    often: Sequence[str],
) -> View:
    said = reading.speaker(sentence.start, sentence.end)
    return View(
        sentence=sentence,
        candidates=candidates,
        said=said,
        flags={code: frozenset(found) for code, found in _flags(reading, sentence, said, often).items()},
        groups=tuple(_groups(reading, sentence)),
        whole=tuple(_whole(reading.mentions[sentence.index])),
        counts=reading.counts,
        told=told,
        directions=directions(reading, candidates),
        strangers=frozenset(c.index for c in sentence.clauses if stranger(reading, sentence, c) is not None),
        vectors=vectors,
        vector=_mean_vector((sentence, vectors)),
    )


def _flags(reading: Reading, sentence: Sentence, said: Said | None, often: Sequence[str]) -> dict[str, set[str]]:
    flags: dict[str, set[str]] = defaultdict(set)
    named = [m for m in reading.mentions[sentence.index] if m.code]
    aside: dict[str, set[str]] = defaultdict(set)
    for k, mention in enumerate(named):
        aside[mention.code].add(_aside(sentence, mention))
        flags[mention.code] |= {"in", f"kind:{mention.kind}", *_stand(sentence, mention)}
        flags[mention.code].add("strong" if mention.score >= 0.5 else "weak")
        flags[mention.code] |= {"first"} if k == 0 else {"last"} if k == len(named) - 1 else {"middle"}
    for code, only in aside.items():
        flags[code] |= only - {""} if len(only) == 1 else set()
    for clause in sentence.clauses:
        for role in clause.roles:
            where = f"prep:{role.preposition}" if role.name == "oblique" else role.name
            where = f"passive-{where}" if clause.voice == "passive" and role.name == "subject" else where
            for mention in reading.in_role(sentence, role):
                flags[mention.code].add(where)
                if clause.parent is None:
                    flags[mention.code].add(f"main-{where}")
    if said is not None:
        flags[said.code].add("speaker")
    if sentence.index:
        for mention in reading.mentions[sentence.index - 1]:
            if mention.code:
                flags[mention.code].add("before")
    for rank, code in enumerate(often):
        flags[code].add(f"top{rank}")
    return flags


def _stand(sentence: Sentence, mention: Mention) -> Iterator[str]:
    tokens = sentence.at(mention.start, mention.end)
    if not tokens:
        return
    first = tokens[0]
    before = sentence.tokens[first.i - 1] if first.i else None
    if first.tag == "ADJA":
        yield "adjective"
    if "gen" in first.case and len(first.case) <= 2:
        yield "genitive"
    for back in (1, 2, 3):
        k = first.i - back
        if k >= 0 and sentence.tokens[k].tag.startswith("APP"):
            yield f"after:{sentence.tokens[k].text.lower()}"
            break
    if before is not None and before.text == "-":
        yield "hyphen"


def _aside(sentence: Sentence, mention: Mention) -> str:
    """What a name only tells of another: whose sovereignty it is, or who attacked whom an act is for; "" of any other."""
    name = sentence.at(mention.start, mention.end)
    if not name:
        return ""
    tokens, first, behind = sentence.tokens, name[0].i, name[-1].i + 1
    if first and tokens[first - 1].text in _BY and _has_attacked(tokens[behind : behind + _ATTRIBUTE]):
        return "attacker"
    if name[0].tag == "ADJA":
        noun = tokens[behind] if behind < len(tokens) else None
    else:
        noun = next((tokens[k] for k in range(first - 1, -1, -1) if tokens[k].tag not in _BEFORE_A_NAME), None)
    return "whose" if noun is not None and noun.lemma in _OWN_GROUND else ""


def _has_attacked(behind: Sequence[Token]) -> bool:
    """Whether a participle behind a name says whom he attacked: "die von Russland überfallene Ukraine"."""
    pairs = itertools.pairwise(behind)
    return any(one.text.lower().startswith(_ATTACKED) and other.tag in ("NN", "NE", "ADJA") for one, other in pairs)


def _groups(reading: Reading, sentence: Sentence) -> Iterator[tuple[str, ...]]:
    return (tuple(sorted({m.code for m in group})) for group in lists(reading, sentence))


def lists(reading: Reading, sentence: Sentence) -> Iterator[tuple[Mention, ...]]:
    """Who is named one after another as one party ("Litauens und Polens"), where they are of several states."""
    group: list[Mention] = []
    for mention in (m for m in reading.mentions[sentence.index] if m.code):
        if group and not _joined(reading, group[-1], mention):
            if len({m.code for m in group}) > 1:
                yield tuple(group)
            group = []
        group.append(mention)
    if len({m.code for m in group}) > 1:
        yield tuple(group)


def _joined(reading: Reading, one: Mention, other: Mention) -> bool:
    """Whether two stand in one list; one word that names both is a list of its own."""
    return other.start < one.end or JOINED.fullmatch(reading.document.text[one.end : other.start]) is not None


_OF_SEVERAL = frozenset({"compound", "description"})
"""kinds of mentions in which one word may name several"""


def _whole(mentions: Sequence[Mention]) -> Iterator[frozenset[str]]:
    """The codes of each word that names several ("NATO-Russland-Rat", "die drei Länder"), if nothing else of the sentence names any
    of them."""
    spans: dict[str, set[tuple[int, int]]] = defaultdict(set)
    codes: dict[tuple[int, int], set[str]] = defaultdict(set)
    for mention in mentions:
        if mention.code:
            spans[mention.code].add((mention.start, mention.end))
            if mention.kind in _OF_SEVERAL:
                codes[mention.start, mention.end].add(mention.code)
    for named in codes.values():
        if len(named) > 1 and all(len(spans[code]) == 1 for code in named):
            yield frozenset(named)


def sentence_features(seen: View) -> Features:
    """For which types a sentence tells an act: words, rules that fired, mood, speech, who is named."""
    found: Features = {}
    how = "direct" if seen.said and seen.said.direct else "said" if seen.said else "told"
    for candidate in seen.candidates:
        found[f"hit:{candidate.kind}:{candidate.type}"] = 1.0
        found[f"rule:{candidate.rule}"] = 1.0
        found[f"hit:{candidate.type}:{how}"] = 1.0
        found[f"hit:{candidate.type}:{min(len(candidate.parties), 2)}"] = 1.0
        found[f"told:{candidate.type}:{min(seen.told.get(candidate.key, 0), 3)}"] = 1.0
        found[f"type told:{candidate.type}:{min(seen.told.get(candidate.type, 0), 4)}"] = 1.0
    for token in seen.sentence.tokens:
        if token.tag.startswith(_CONTENT) and token.tag != "NE":
            lemma = token.lemma.lower()
            found[f"word:{lemma}"] = 1.0
            for name in fields_of(lemma):
                found[f"field:{name}"] = 1.0
                found[f"field:{name}:{how}"] = 1.0
            if len(lemma) > _TAIL + 1:
                found[f"tail:{lemma[-_TAIL:]}"] = 1.0
    for clause in seen.sentence.clauses:
        found[f"predicate:{clause.predicate.lower()}"] = 1.0
        found[f"mood:{clause.mood}"] = 1.0
        found[f"kind:{clause.kind}"] = 1.0
        if clause.modal:
            found[f"modal:{clause.modal}"] = 1.0
            found[f"modal:{clause.modal}:{'said' if seen.said else 'told'}"] = 1.0
        if clause.negated:
            found["negated"] = 1.0
            found[f"not:{clause.predicate.lower()}"] = 1.0
    found |= _setting(seen)
    return found


def _setting(seen: View) -> Features:
    found: Features = {f"part:{seen.sentence.part}": 1.0, "length": min(len(seen.sentence.tokens), 60) / 30}
    if seen.said is not None:
        found["said:direct" if seen.said.direct else "said:indirect"] = 1.0
    inside = [code for code, flags in seen.flags.items() if "in" in flags]
    found["parties"] = min(len(inside), 4) / 2
    for code in KNOWN:
        if code in inside:
            found[f"names:{code}"] = 1.0
    if seen.sentence.part is PartKind.HEADLINE:
        found["headline"] = 1.0
    return found


def word_vectors(words: Sequence[str]) -> NDArray[np.float32]:
    """The vectors of words, of length 1; zeros where there are no weights."""
    nlp = pipeline()
    return _vectors(nlp).rows(words) if nlp is not None else np.zeros((len(words), _WIDTH), dtype=np.float32)


@functools.cache
def _vectors(nlp: Language) -> Remembered[str]:
    def compute(words: Sequence[str]) -> NDArray[np.float32]:
        found: NDArray[np.float32] = nlp.vocab.vectors.get_batch([nlp.vocab.strings.add(word) for word in words])
        lengths = [float(np.linalg.norm(vector)) or 1.0 for vector in found]
        return found / np.array(lengths, dtype=np.float32)[:, None]

    return Remembered(compute, _WIDTH, most=_MOST)


def sentence_vector(*seen: View) -> NDArray[np.float32]:
    """The mean of the word vectors of the content words of a sentence, or of several."""
    return seen[0].vector if len(seen) == 1 else _mean_vector(*((v.sentence, v.vectors) for v in seen))


def _mean_vector(*seen: tuple[Sentence, NDArray[np.float32]]) -> NDArray[np.float32]:
    """The same of sentences and their words' vectors; zeros where there are no content words, or no weights."""
    words = [
        vectors[[token.tag.startswith(("VV", "NN", "ADJ")) for token in sentence.tokens]]
        for sentence, vectors in seen
        if len(vectors)
    ]
    rows = np.concatenate(words) if words else np.zeros((0, _WIDTH), dtype=np.float32)
    return rows.mean(axis=0) if len(rows) else np.zeros(_WIDTH, dtype=np.float32)


def worth_reading(seen: View) -> bool:
    """Somebody is named in the sentence or speaks: without, no act is coded."""
    return bool(seen.sentence.tokens) and any("in" in f or "speaker" in f for f in seen.flags.values())


def reach(seen: View) -> Sequence[str]:
    """The actors that may have a part in a sentence's acts: those named in it first, then who speaks, then the often named."""

    def order(code: str) -> tuple[bool, bool, int]:
        flags = seen.flags[code]
        return ("in" not in flags, "speaker" not in flags, -seen.counts.get(code, 0))

    return sorted(seen.flags, key=order)[:_POOL]
