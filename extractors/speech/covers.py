"""What a frame covers: speech found in one sentence, and the stretches of text that count as its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
    first, last = _reach(view, k, a)
    left, right = (view.start(first), view.tokens[a].start), (view.tokens[b - 1].end, view.end(last))
    return pieces(view, left, right)


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
