"""Whether an article belongs to a dossier: a cheap look first, then points of the rules and a model's chance."""

from __future__ import annotations

import functools
import hashlib
import itertools
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from extractors.model import Article, Assessment, Grade, Reason
from extractors.relevance.dossiers import Dossier, Model, Question, Rules
from extractors.relevance.facts import (
    Sentence,
    article_facts,
    early_words,
    group_features,
    head_words,
    read_sentences,
)
from extractors.relevance.rows import Masks

MAX_SENTENCES = 3


def prefilter(text: str, dossier: Dossier) -> bool:
    """Whether the whole text of an article may concern the dossier at all. Never false where a core side is named."""
    return _holds_any(text, dossier.lexicon.stems)


@functools.lru_cache(maxsize=4)
def _holds_any(text: str, stems: re.Pattern[str]) -> bool:
    """Remembered: of an article of the matter it is asked before it is judged, and while it is."""
    return stems.search(text.lower()) is not None


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
        reasons=_reasons(sentences, dossier),
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
    odds = named.get("", 0.0) + sum([named.get(name, 0.0) for name in group_features(sentence.rows, known)])
    odds += sum([words[tag] for tag in words.keys() & tags])
    return odds + sum([pairs[pair] for pair in pairs.keys() & itertools.pairwise(tags)])


def _article_score(
    text: str, sentences: Sequence[Sentence], scores: Sequence[float], known: Masks, model: Model
) -> float:
    """The chance that the article is core: that it is about the matter, and then about an act."""
    facts = article_facts(text, sentences, scores, known)
    head, early = head_words(sentences), early_words(sentences)
    matter, act = (_chance(_answer(asked, facts, head, early)) for asked in (model.matter, model.act))
    score = matter * act
    if not model.taught.facts:
        return score
    return _chance(math.log(score / (1 - score)) + _answer(model.taught, facts, head, early))


def _answer(asked: Question, facts: dict[str, float], head: set[str], early: dict[str, float]) -> float:
    """Log-odds of a question."""
    odds = asked.facts.get("", 0.0)
    odds += sum([weight * facts[name] for name, weight in asked.facts.items() if name in facts])
    odds += sum([weight for tag in head if (weight := asked.head_words.get(tag))]) / math.sqrt(len(head) or 1)
    there = by_soon = 0.0
    for tag, soon in early.items():
        if weights := asked.words.get(tag):
            there += weights[0]
            by_soon += weights[1] * soon
    return odds + there / math.sqrt(len(early) or 1) + by_soon


def _chance(odds: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


def _deciding(sentences: Sequence[Sentence], scores: Sequence[float]) -> tuple[tuple[int, int], ...]:
    """The up to three sentences that score best, in the order of the text; the earlier wins a tie."""
    ranked = sorted((-score, s.start, s.end) for s, score in zip(sentences, scores, strict=True) if score > -1.0)
    return tuple(sorted((start, end) for _, start, end in ranked[:MAX_SENTENCES]))


def _reasons(sentences: Sequence[Sentence], dossier: Dossier) -> tuple[Reason, ...]:
    """The rows that hit, most frequent first, with their words as the text writes them; weight is the sentence count."""
    hit: dict[int, list[Sentence]] = defaultdict(list)
    for sentence in sentences:
        for at in _bits(sentence.rows):
            hit[at].append(sentence)
    return tuple(
        Reason(rule=dossier.rows[at].label, words=_words_of(where, 1 << at), weight=float(len(where)))
        for at, where in sorted(hit.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    )


def _bits(rows: int) -> Iterator[int]:
    while rows:
        yield (rows & -rows).bit_length() - 1
        rows &= rows - 1


def _words_of(sentences: Iterable[Sentence], bit: int) -> tuple[str, ...]:
    """Up to three words of the text on which the row hit (of a phrase, its first word)."""
    found: dict[str, None] = {}
    for sentence in sentences:
        found.update(dict.fromkeys([word for word, bits in sentence.hits if bits & bit]))
        if len(found) >= 3:
            break
    return tuple(found)[:3]


def review_sample(rejected: Iterable[str], week: str, size: int) -> tuple[str, ...]:
    """Which of the rejected articles a person looks at this week (`2022-W03`): by hash, so the same everywhere.

    >>> review_sample(("a", "b", "c", "d"), "2022-W03", 2) == review_sample(("d", "c", "b", "a"), "2022-W03", 2)
    True
    """

    def draw(article: str) -> str:
        return hashlib.sha256(f"{week}\x1f{article}".encode()).hexdigest()

    return tuple(sorted(set(rejected), key=draw)[: max(0, size)])
