"""One sentence as the frame rules see it: its segments, its predicates and what stands in quotation marks."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.language import Sentence, Token
from extractors.language.marks import Stretch
from extractors.speech.lexicon import Verb, lexicon
from extractors.speech.segments import Segment, predicate, segments

OPENING, CLOSING = '„»«“"‚›', '“”"«»’‘›‹'


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicate:
    """A verb of saying in a segment: the finite form, the full verb, and what the lexicon says of it."""

    segment: int
    finite: int
    full: int
    lemma: str
    verb: Verb
    passive: bool = False
    modal: bool = False

    @property
    def last(self) -> int:
        return max(self.finite, self.full)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    sentence: Sentence
    text: str
    segments: tuple[Segment, ...]
    predicates: tuple[Predicate, ...]
    quoted: tuple[Stretch, ...]
    """speech between marks that touches the sentence"""

    @property
    def tokens(self) -> tuple[Token, ...]:
        return self.sentence.tokens

    def start(self, segment: int) -> int:
        return self.tokens[self.segments[segment].start].start

    def end(self, segment: int) -> int:
        return self.tokens[self.segments[segment].end - 1].end

    def inside(self, start: int, end: int) -> bool:
        """Whether a stretch of text lies wholly between quotation marks."""
        return any(q.start <= start and end <= q.end for q in self.quoted)

    def segment_of(self, token: int) -> int:
        return next((k for k, s in enumerate(self.segments) if s.start <= token < s.end), -1)


def view(text: str, sentence: Sentence, quoted: Sequence[Stretch]) -> View:
    """A sentence, with the speech between marks that touches it."""
    cut = segments(sentence)
    found = tuple(p for k, segment in enumerate(cut) for p in _predicates(sentence.tokens, cut, k, segment))
    outside = tuple(p for p in found if not _within(quoted, sentence.tokens[p.finite].start))
    return View(sentence=sentence, text=text, segments=cut, predicates=outside, quoted=tuple(quoted))


def _within(quoted: Sequence[Stretch], at: int) -> bool:
    return any(q.start <= at < q.end for q in quoted)


def _predicates(tokens: Sequence[Token], cut: Sequence[Segment], number: int, segment: Segment) -> Iterator[Predicate]:
    finite = [*segment.finite]
    if _taken_for_finite(tokens, segment):
        full = finite[-1]
        passive = tokens[finite[0]].lemma == "werden"
        lemma = tokens[full].lemma.lower()
        yield from _matched(tokens, number, finite[0], full, lemma, segment, segment.end, passive=passive)
        return
    for order, k in enumerate(finite):
        stop = finite[order + 1] if order + 1 < len(finite) else segment.end
        yield from _one(tokens, number, segment, k, stop)
    if not finite:
        yield from _torn(tokens, cut, number, segment)


def _taken_for_finite(tokens: Sequence[Token], segment: Segment) -> bool:
    """ "wurde … zitiert": a participle at the end that looks like a present."""
    if len(segment.finite) != 2:
        return False
    first, last = segment.finite
    joined = any(t.tag == "KON" for t in tokens[first + 1 : last])
    return last == segment.end - 1 and tokens[first].tag == "VAFIN" and tokens[last].text.endswith("t") and not joined


def _one(tokens: Sequence[Token], number: int, segment: Segment, k: int, stop: int) -> Iterator[Predicate]:
    token = tokens[k]
    if token.tag.startswith("VV"):
        lemma = predicate(tokens, k, segment.start, stop)
        if lemma in ("zeigen", "äußern", "geben"):
            yield from _adjectives(tokens, number, segment, k, stop)
        yield from _matched(tokens, number, k, k, lemma, segment, stop, passive=False)
        return
    # An auxiliary: participles or infinitives stand behind it, or before it in a subordinate clause.
    behind = [i for i in range(k + 1, stop) if tokens[i].tag in _FULL]
    before = [i for i in range(k - 1, segment.start - 1, -1) if tokens[i].tag in _FULL]
    if not behind and not before:
        yield from _adjectives(tokens, number, segment, k, stop)
        return
    for full in behind or before[:1]:
        passive = (token.lemma == "werden" and tokens[full].tag == "VVPP") or any(
            t.text == "worden" for t in tokens[segment.start : stop]
        )
        lemma = tokens[full].lemma.lower()
        for small in ("bekannt", "klar", "deutlich"):
            if full and tokens[full - 1].text.lower() == small:
                lemma = small + lemma
        if lemma == "zeigen":
            yield from _adjectives(tokens, number, segment, k, stop)
        yield from _matched(tokens, number, k, full, lemma, segment, stop, passive=passive)


_FULL = frozenset({"VVPP", "VVINF", "VVIZU"})


def _adjectives(tokens: Sequence[Token], number: int, segment: Segment, k: int, stop: int) -> Iterator[Predicate]:
    """ "ist überzeugt", "zeigte sich besorgt"."""
    if tokens[k].lemma == "haben":
        return
    for i in range(segment.start, stop):
        verb = lexicon().adjectives.get(tokens[i].text.lower())
        if verb is not None:
            yield Predicate(segment=number, finite=k, full=i, lemma=verb.lemma, verb=verb)
            return


def _torn(tokens: Sequence[Token], cut: Sequence[Segment], number: int, segment: Segment) -> Iterator[Predicate]:
    """ "Sie hat, so hieß es, erklärt": a participle without its auxiliary, at the end of its segment."""
    last = tokens[segment.end - 1]
    if last.tag != "VVPP" or number == 0:
        return
    helper = next((k for s in reversed(cut[:number]) for k in s.finite if tokens[k].tag in ("VAFIN", "VMFIN")), None)
    if helper is not None:
        yield from _matched(
            tokens,
            number,
            helper,
            last.i,
            last.lemma.lower(),
            segment,
            segment.end,
            passive=tokens[helper].lemma == "werden",
        )


def _matched(
    tokens: Sequence[Token],
    number: int,
    finite: int,
    full: int,
    lemma: str,
    segment: Segment,
    stop: int,
    *,
    passive: bool,
) -> Iterator[Predicate]:
    rows = lexicon().verbs.get(lemma, ())
    if not rows:
        return
    near = words_near(tokens[segment.start : segment.end])
    good = [row for row in rows if row.needs <= near]
    if not good:
        return
    takes = frozenset().union(*(row.takes for row in good))
    names = tuple(dict.fromkeys(name for row in good for name in row.names))
    verb = Verb(lemma=lemma, takes=takes, names=names)
    yield Predicate(
        segment=number, finite=finite, full=full, lemma=lemma, verb=verb, passive=passive,
        modal=tokens[finite].tag == "VMFIN",
    )  # fmt: skip


def words_near(tokens: Sequence[Token]) -> set[str]:
    """The words that a row may need beside its verb; "zu_bedenken" where the noun would be another thing."""
    words = [t.text.lower() for t in tokens]
    return {*words, *(f"zu_{after}" for word, after in itertools.pairwise(words) if word == "zu")}


def trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    """A stretch without blanks and commas at its edges; None when no word is left."""
    while start < end and text[start] in " ,;:–—-…\t\u00a0":
        start += 1
    while end > start and text[end - 1] in " ,;:–—\t\u00a0":
        end -= 1
    return (start, end) if any(c.isalnum() for c in text[start:end]) else None


def with_marks(view: View, start: int, end: int) -> tuple[int, int]:
    """Take in the quotation marks that open right before or close right behind a stretch."""
    text, lower, upper = view.text, view.sentence.start, view.sentence.end
    if (
        start > lower
        and text[start - 1] in OPENING
        and any(q.start == start - 1 and q.end <= end + 1 for q in view.quoted)
    ):
        start -= 1
    if end < upper and text[end] in CLOSING and any(q.end == end + 1 and q.start >= start for q in view.quoted):
        end += 1
    return start, end


# How a segment begins


_ASKING = frozenset(
    "ob wie wer was wo wann warum wieso weshalb wohin woher welche welcher welches welchen inwieweit inwiefern womit wofür".split()
)


def asks(view: View, segment: Segment) -> bool:
    return view.tokens[segment.start].text.lower() in _ASKING


def joins(view: View, segment: Segment) -> bool:
    return view.tokens[segment.start].tag == "KON"


def only_particle(view: View, segment: Segment) -> bool:
    return segment.end - segment.start == 1 and view.tokens[segment.start].tag in ("PTKVZ", "APPR")


def purpose(view: View, segment: Segment) -> bool:
    return view.tokens[segment.start].text.lower() in ("um", "ohne", "statt", "anstatt")
