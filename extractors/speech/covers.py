"""What a frame covers: speech found in one sentence, and the stretches of text that count as its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.speech.phrases import phrase
from extractors.speech.segments import Segment
from extractors.speech.view import View, trimmed, with_marks

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Speech found in one sentence, before speakers of other sentences are looked up."""

    kind: str
    spans: tuple[Span, ...]
    rule: str
    speaker: Span | None = None
    cue: Span | None = None
    addressee: Span | None = None
    source: Span | None = None
    """who quotes the speaker: "Ria Nowosti zitierte Rjabkow" """
    antecedent: Span | None = None
    """whom the speaker's word stands for, where it is a "demnach" """
    answerer: Span | None = None
    """who answers to the words and speaks on: "Bern wies den Vorwurf zurück, …" """
    anaphoric: bool = False
    """the speaker stands before ("demnach", free indirect)"""


def around(view: View, a: int, b: int) -> tuple[Span, ...]:
    """What a source phrase at tokens [a, b) covers: its clause, without the phrase."""
    k = view.segment_of(a)
    if k < 0:
        return ()
    if (attribute := _attribute(view, a, b)) is not None:
        return pieces(view, attribute)
    first, last = _reach(view, k, a)
    left, right = (view.start(first), view.tokens[a].start), (_behind(view, k, b), view.end(last))
    return pieces(view, left, right)


def _attribute(view: View, a: int, b: int) -> Span | None:
    """ "die | ihrer Ansicht nach | falsche Politik Berns": between article and noun a view speaks for the rest of the phrase, and a
    source for a number. "Die nach Angaben Kiews schweren Verluste" may be all the sentence tells."""
    tokens = view.tokens
    if a == 0 or b >= len(tokens) or tokens[a - 1].tag != "ART":
        return None
    judged = tokens[b - 1].text == "nach" and tokens[b].tag in ("ADJA", "ADJD", "ADV")
    if not judged and tokens[b].tag != "CARD":
        return None
    end = phrase(tokens, b, len(tokens))
    return (tokens[b].start, tokens[end - 1].end) if end > b else None


def _behind(view: View, k: int, b: int) -> int:
    """Where the words behind a source begin: past the clause that belongs to who is named there ("nach Angaben der Firma, die …, ist")."""
    cut, after = view.segments, k + 1
    if b < cut[k].end or cut[k].start < b - 12 or cut[k].finite:
        return view.tokens[b - 1].end
    while after < len(cut) and cut[after].kind in ("rel", "bare"):
        after += 1
    if after in (k + 1, len(cut)) or cut[after].kind != "v1":
        return view.tokens[b - 1].end
    return view.start(after)


def pieces(view: View, *raw: Span) -> tuple[Span, ...]:
    found = []
    for start, end in raw:
        if end > start and (cut := trimmed(view.text, start, end)) is not None:
            # A conjunction alone is no words.
            if view.text[cut[0] : cut[1]].lower() in ("und", "aber", "doch", "auch", "denn", "oder", "er", "so"):
                continue
            found.append(with_marks(view, *cut))
    return tuple(found)


def _reach(view: View, k: int, token: int) -> tuple[int, int]:
    """First and last segment that a source phrase in segment k speaks for."""
    cut = view.segments
    if cut[k].kind in ("sub", "rel", "dass"):
        last = k
        while last + 1 < len(cut) and cut[last + 1].kind in ("inf", "dass", "rel", "bare", "sub"):
            last += 1
        return k, last
    first = 0
    if cut[k].kind == "main" and cut[k].start >= token - 1:
        first = k
    elif cut[k].kind == "main":
        first = _main_start(cut, k)
    return first, len(cut) - 1


def _main_start(cut: Sequence[Segment], k: int) -> int:
    """A main clause begins with the subordinate clauses right before it, never before another main clause."""
    earlier = [i for i in range(k) if cut[i].kind in ("main", "v1")]
    return earlier[-1] + 1 if earlier and cut[k].cut in (";", ":") else (0 if not earlier else k)
