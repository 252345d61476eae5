"""Nouns whose words stand behind them: "die Forderung, … zu …", "der Vorwurf, dass …"."""

from __future__ import annotations

from collections.abc import Iterator

from extractors.actors.lexicon import adjective
from extractors.speech.covers import Found, Span, pieces
from extractors.speech.lexicon import lexicon
from extractors.speech.phrases import phrase, subject
from extractors.speech.segments import Segment
from extractors.speech.speakers import span_of
from extractors.speech.view import View, asks, joins, only_particle, purpose


def nouns(view: View) -> Iterator[Found]:
    cut, tokens = view.segments, view.tokens
    for k in range(len(cut) - 1):
        noun = _content_noun(view, k) if _can_be_content(view, k + 1) else None
        if noun is None or view.inside(tokens[noun].start, tokens[noun].end):
            continue
        spans = pieces(view, (view.start(k + 1), view.end(content_end(view, k + 1))))
        yield Found(
            kind="indirect",
            spans=spans,
            rule=f"noun-{tokens[noun].lemma.lower()}",
            speaker=_owner(view, noun, cut[k]),
            cue=(tokens[noun].start, tokens[noun].end),
            answerer=_beside(view, noun, cut[k]) if _is_answered(view, noun) else None,
        )


def _can_be_content(view: View, k: int) -> bool:
    """Whether a segment can be what a noun before it holds: dass, zu, ob, or a main clause in the Konjunktiv."""
    segment = view.segments[k]
    if segment.cut == ":" and (noun := _content_noun(view, k - 1)) is not None and _is_answered(view, noun):
        return False  # "wies den Vorwurf zurück: Man habe …" is the answer, not the reproach
    if segment.kind == "main":
        told = segment.mood in ("k1", "k2") and view.segments[k - 1].mood not in ("k1", "k2")
        return told and not joins(view, segment)
    if segment.kind == "inf":
        return not purpose(view, segment)
    if segment.kind == "wie" and any(p.segment == k for p in view.predicates):
        return False  # "…, wie Bern mitteilte"
    return segment.kind == "dass" or (segment.kind in ("sub", "wie") and asks(view, segment))


def _content_noun(view: View, k: int) -> int | None:
    """The last noun of saying in a segment, at most six words before its end."""
    segment, tokens = view.segments[k], view.tokens
    for i in range(segment.end - 1, max(segment.start, segment.end - 6) - 1, -1):
        if tokens[i].tag == "NN" and lexicon().content(tokens[i].lemma):
            # "der russischen Botschaft" is a house.
            return None if tokens[i].lemma == "Botschaft" and i > 0 and adjective(tokens[i - 1].text) else i
    return None


def content_end(view: View, first: int) -> int:
    """The last segment of what begins with one and goes on in subordinate ones."""
    cut, last = view.segments, first
    while last + 1 < len(cut) and cut[last + 1].kind in ("sub", "rel", "inf", "dass", "bare"):
        if only_particle(view, cut[last + 1]):
            break
        last += 1
    return last


def _owner(view: View, noun: int, segment: Segment) -> Span | None:
    """Whose words a noun holds: its attribute's, else the subject's, unless that answers to others."""
    tokens = view.tokens
    if noun + 1 < segment.end:
        rest = noun + 1
        if tokens[rest].text in ("von", "vom", "aus"):
            rest += 1
        end = phrase(tokens, rest, segment.end)
        if end > rest:
            return tokens[rest].start, tokens[end - 1].end
    return None if _is_answered(view, noun) else _beside(view, noun, segment)


def _beside(view: View, noun: int, segment: Segment) -> Span | None:
    """The subject of a noun's segment."""
    for k in segment.finite:
        found = subject(view.tokens, k, segment.start, segment.end)
        if found is not None and not found[0] <= noun < found[1] and view.tokens[found[0]].tag != "PDS":
            return span_of(view, *found)
    return None


def _is_answered(view: View, noun: int) -> bool:
    clause = view.sentence.clause_of(noun)
    return clause is not None and clause.predicate in _ANSWERING


# "Bern wies den Vorwurf zurück, …", "reagierte auf die Forderung, …": whoever does this to words has heard them from others.
_ANSWERING = frozenset(
    "zurückweisen reagieren widersprechen bestreiten dementieren zerstreuen dämpfen kontern abtun entkräften abwehren eingehen antworten".split()
)
