"""Interviews: question and answer by paragraphs. Who begins a paragraph with his name and a colon speaks until the next does."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.language import Document, Entity
from extractors.speech.covers import Found, Span

_LINE = re.compile(r"[^\n]*\S[^\n]*")
_LABEL = re.compile(r"(?:[^\W\d_][\w.&'’-]*)(?: [\w.&'’-]+){0,4}(?= ?:\s)")
_ASKED = re.compile(r"\?[“”\"»«]?\s*$")
_RUN_ON = re.compile(r"(?<=[a-zäöüß“”\"][?.!])(?=[A-ZÄÖÜ„])")
"""where an answer stands behind its question without a blank, as where a page breaks the line"""
_ANSWER = frozenset({"Antwort", "A"})
_ANNOUNCED = re.compile(r"\b(?:Interview|Gespräch|Fragen an|befragt)\w*")
"""what a text says before questions that nobody's name stands before"""
_FEWEST, _LONGEST = 3, 40
"""turns of an interview, and words of a question"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    label: Span
    name: str
    words: Span
    asks: bool


def turns(document: Document) -> tuple[Found, ...]:
    """The answers of an interview, each with who gives it. What the newsroom asks is nobody's words."""
    text = document.text
    if text.count("?") < 2:
        return ()
    lines = [line.span() for line in _LINE.finditer(text)]
    named = tuple(_named(text, lines))
    return tuple(_labelled(document, named) if named else _unlabelled(document, lines))


def _named(text: str, lines: Sequence[Span]) -> Iterator[_Turn]:
    """Paragraphs from one label to the next, if labels alternate as those of an interview do."""
    labels = [_LABEL.match(text, start) for start, _ in lines]
    if len(labels) > 1 and labels[1] is None and _ASKED.search(text, *lines[0]) is None:
        labels[0] = None  # "Okafor: „Wir warten“" above a lead is a headline
    begins = [match.span() for match in labels if match is not None]
    names = Counter(text[a:b].split()[-1] for a, b in begins)
    if len(begins) < _FEWEST or len(names) < 2 or max(names.values()) < 2:
        return
    for k, (a, b) in enumerate(begins):
        until = begins[k + 1][0] if k + 1 < len(begins) else len(text)
        words = _trimmed(text, text.index(":", b) + 1, until)
        if words is not None:
            asks = _ASKED.search(text, *words) is not None
            yield _Turn(label=(a, b), name=text[a:b], words=words, asks=asks)


def _labelled(document: Document, found: Sequence[_Turn]) -> Iterator[Found]:
    """The turns of all but who asks: the label of which at least half the turns end in a question, and more than of others."""
    asked = {turn.name: 0 for turn in found}
    for turn in found:
        asked[turn.name] += 2 * turn.asks - 1
    asker = max(asked, key=lambda name: asked[name])
    if asked[asker] < 0 or not any(turn.asks for turn in found if turn.name == asker):
        return
    people = _people(document, found[0].words[0])
    for turn in found:
        if turn.name != asker:
            speaker = _guest(people, turn)
            yield Found(kind="direct", spans=(turn.words,), rule="turn-named", speaker=speaker, cue=turn.label)


def _guest(people: Sequence[Entity], turn: _Turn) -> Span | None:
    """Whose turn it is: the label's, or, where that is "Antwort" or initials, the one who was named before."""
    if turn.name in _ANSWER:
        return _only(people)
    if turn.name.isupper() and len(turn.name) <= 3:
        initials = [e for e in people if "".join(word[0] for word in e.text.split()) == turn.name]
        return _only(initials) or turn.label
    return turn.label


def _unlabelled(document: Document, lines: Sequence[Span]) -> Iterator[Found]:
    """Answers behind paragraphs that only ask, where the text calls it an interview and names one person before."""
    text = document.text
    parts = [part for line in lines for part in _parted(text, line)]
    announced = _ANNOUNCED.search(text)
    asked = [k for k, (part, asks) in enumerate(parts) if asks and announced and part[0] > announced.start()]
    if len(asked) < _FEWEST:
        return
    guest = _only(_people(document, parts[asked[0]][0][0]))
    if guest is None:
        return
    for part, asks in parts[asked[0] :]:
        if not asks:
            yield Found(kind="direct", spans=(part,), rule="turn-answer", speaker=guest)


def _parted(text: str, line: Span) -> Iterator[tuple[Span, bool]]:
    """A paragraph and whether it only asks, or what it asks, and the answer that stands behind that without a blank."""
    start, end = line
    cut = _RUN_ON.search(text, start, end)
    if cut is not None:
        yield (start, cut.start()), True
        yield (cut.start(), end), False
    else:
        yield line, _ASKED.search(text, start, end) is not None and text.count(" ", start, end) < _LONGEST


def _people(document: Document, before: int) -> list[Entity]:
    """Who is named with first name and surname before a place in the text, each once."""
    named = (e for s in document.sentences if s.start < before for e in s.entities if e.label == "PER")
    return list({e.text: e for e in named if " " in e.text and e.start < before}.values())


def _only(people: Sequence[Entity]) -> Span | None:
    return (people[0].start, people[0].end) if len(people) == 1 else None


def _trimmed(text: str, start: int, end: int) -> Span | None:
    inside = text[start:end]
    a = start + len(inside) - len(inside.lstrip())
    b = end - (len(inside) - len(inside.rstrip()))
    return (a, b) if a < b else None
