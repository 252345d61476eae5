"""A second opinion: trafilatura reads the page when our own reading is short or contradicts what the page says of itself.

It is asked rarely, since it takes several times as long as everything else together, and it never sees single tags of
monstrous length or pages of monstrous size: it has no limits of its own.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors.articles.blocks import Block
from extractors.articles.bodies import ENOUGH
from extractors.articles.leads import without_lead
from extractors.articles.markup import Markup
from extractors.articles.reading import Reading, without_title
from extractors.articles.sieve import junk_line
from extractors.model import PartKind

MAX_JUDGED = 3_000_000
"""characters of markup"""
RUNNING = 60
"""characters from which a line is running text and not an entry of a list"""
AGREE = 0.8
"""word F1 from which two readings are the same text, give or take a caption"""
ALIKE = 2
"""words in both texts for each one that is in one of them, from which the F1 is AGREE"""
NEAR = 8
"""times its own length a piece of text may stand further on: short ones stand everywhere"""
_WORD = re.compile(r"\w+")
_EDGE = frozenset(' .,:;!?…„“”"')
"""what is surely between two words"""
_MARK = re.compile(r"^(?:#{1,6} |- |\*+|> )")


@dataclass(frozen=True, slots=True)
class Verdict:
    reading: Reading
    agreement: float | None = None
    """word F1 between the two readings, 0 to 1; None: nobody else was asked"""


def judged(reading: Reading, markup: Markup) -> Verdict:
    """The better of our reading and the library's, and how far they agree."""
    if not doubtful(reading) or len(markup.html) > MAX_JUDGED:
        return Verdict(reading)
    other = second_reading(markup.html)
    if not other:
        return Verdict(reading, 0.0 if reading.body else None)
    ours = " ".join(block.text for block in reading.body)
    theirs = " ".join(block.text for block in other)
    agreement = f1(ours, theirs)
    if sum(block.weight for block in other if block.weight >= RUNNING) >= ENOUGH and _theirs(reading, ours, theirs):
        teaser, body = without_lead(reading.teaser, without_title(other, reading.title))
        return Verdict(replace(reading, teaser=teaser, body=body, extractor=f"trafilatura/{version()}"), agreement)
    return Verdict(reading, agreement)


def doubtful(reading: Reading) -> bool:
    """Whether our own signals speak against our reading."""
    if reading.weight < ENOUGH or len(reading.body) == 1:
        return True
    told = reading.claims.body
    return len(told) > ENOUGH and not _agree(told, (reading.teaser, *(block.text for block in reading.body)))


def _agree(told: str, lines: Sequence[str]) -> bool:
    """Whether their f1 is AGREE or more. Where most lines stand in `told` word for word, that is known without it:

    for 0.8 twice as many words must be alike as not, and no more of them need be counted.
    """
    alike, apart = _compared(told, lines)
    enough = max(1, ALIKE * len(_WORD.findall(apart.casefold())))
    counted = sum(1 for _ in itertools.islice(_WORD.finditer(alike), enough))
    return counted == enough or f1(told, " ".join(lines)) >= AGREE


def _compared(told: str, lines: Sequence[str]) -> tuple[str, str]:
    """What stands in both, in order, by lines or sentences; and what is left of either."""
    both: list[str] = []
    rest: list[str] = []
    done = 0
    for line in lines:
        for piece in (line,) if _near(told, line, done) >= 0 else line.split(". "):
            at = _near(told, piece, done)
            if at < 0 or not _between_words(told, at, at + len(piece)):
                rest.append(piece)
                continue
            both.append(piece)
            rest.append(told[done:at])
            done = at + len(piece)
    return " ".join(both), " ".join((*rest, told[done:]))


def _near(text: str, piece: str, start: int) -> int:
    return text.find(piece, start, start + NEAR * len(piece)) if piece else -1


def _between_words(text: str, start: int, end: int) -> bool:
    """Whether no word of the text is cut in two where the stretch begins and ends."""
    before, after = text[max(0, start - 1) : start + 1], text[end - 1 : end + 1]
    return (start == 0 or not _EDGE.isdisjoint(before)) and (end == len(text) or not _EDGE.isdisjoint(after))


def _theirs(reading: Reading, ours: str, theirs: str) -> bool:
    told = reading.claims.body
    if len(told) > ENOUGH:
        return f1(told, theirs) > f1(told, ours) + 0.02
    return len(theirs) > max(ENOUGH, 3 * len(ours) // 2)


def f1(one: str, other: str) -> float:
    """Agreement of two texts by counted words, 0 to 1."""
    a, b = Counter(_WORD.findall(one.casefold())), Counter(_WORD.findall(other.casefold()))
    size = a.total() + b.total()
    shared = sum([min(n, b[word]) for word, n in a.items() if word in b])
    return 2 * shared / size if size else 1.0


def second_reading(html: str) -> tuple[Block, ...]:
    """The library's blocks; empty when it finds none or fails on the page (whose long tags `parse` has emptied)."""
    from trafilatura import extract

    try:
        text = extract(html, output_format="markdown", include_comments=False, include_tables=False, fast=True)
    except Exception:  # noqa: BLE001 - lxml and the library raise what they like on broken pages; their failure is no finding of ours
        return ()
    lines = (line.strip() for line in (text or "").split("\n"))
    return tuple(block for line in lines if line and not junk_line((block := _block(line)).text))


def _block(line: str) -> Block:
    bare = _MARK.sub("", line).replace("**", "").strip()
    return Block(PartKind.SUBHEAD if line.startswith("#") else PartKind.PARAGRAPH, bare, len(bare))


@functools.cache
def version() -> str:
    from importlib.metadata import version as installed

    return installed("trafilatura")
