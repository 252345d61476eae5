"""Copies: agency texts that several houses print, known by the marks that their fingerprints share.

A copy is a report of an act like any other, but it corroborates nothing.
Winnowing after Schleimer, Wilkerson and Aiken (2003): of each window of neighbouring 5-gram hashes the smallest is kept.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

GRAM = 5
"""words in a gram"""
WINDOW = 8
"""grams in a window: every shared run of GRAM + WINDOW - 1 = 12 words leaves a shared mark"""
SUSPECT = 0.15
"""overlap of fingerprints from which two texts that credit one agency are one text"""
COPIED = 0.35
"""overlap from which any two are"""

_WORD = re.compile(r"\w+")
# Name, what a text holds that names it, and how: most texts name none, and are looked through a letter at a time for nothing.
_AGENCIES = (
    ("dpa", ("dpa",), re.compile(r"\bdpa(?:-AFX|-infocom)?\b")),
    ("AFP", ("AFP",), re.compile(r"\bAFP\b")),
    ("Reuters", ("",), re.compile(r"\bReuters\b", re.IGNORECASE)),
    ("AP", ("AP", "Associated"), re.compile(r"\bAP\b|\bAssociated Press\b")),
    ("APA", ("APA",), re.compile(r"\bAPA\b")),
    ("KNA", ("KNA",), re.compile(r"\bKNA\b")),
    ("epd", ("epd",), re.compile(r"\bepd\b")),
    ("SDA", ("SDA",), re.compile(r"\b(?:Keystone-)?SDA\b")),
)
# "sagte der Nachrichtenagentur AFP", "wie Reuters berichtete": the agency is the source of a statement, not of the text.
_CITED = re.compile(
    r"\b(?:agentur\w*|zufolge|laut|gegenüber|berichtet\w*|meldet\w*|sagte|dienst\w*)\W+(?:\w+\W+){0,2}$", re.IGNORECASE
)


def words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold()))


def fingerprint(text: str) -> tuple[int, ...]:
    """The text's marks, sorted, each once: the same on every machine. A text of fewer than 5 words has none.

    >>> a = "Der Minister reist am Montag zu neuen Gesprächen nach Genf und trifft dort seinen Kollegen aus Kiew."
    >>> overlap(fingerprint(a), fingerprint("Zuvor hieß es: " + a)) > 0.5
    True
    """
    hashes = [zlib.crc32(" ".join(gram).encode()) for gram in _grams(words(text))]
    if len(hashes) <= WINDOW:
        return (min(hashes),) if hashes else ()
    least = hashes  # of one gram, of two, of four … of WINDOW, which is a power of two
    reach = 1
    while reach < WINDOW:
        least = list(map(min, least, least[reach:]))
        reach *= 2
    return tuple(sorted(set(least)))


def _grams(tokens: Sequence[str]) -> list[tuple[str, ...]]:
    return list(zip(*(tokens[at:] for at in range(GRAM)), strict=False))


def overlap(one: Sequence[int], other: Sequence[int]) -> float:
    """Share of the smaller fingerprint's marks that the larger has, 0 to 1."""
    if not one or not other:
        return 0.0
    marks, others = set(one), set(other)
    return len(marks & others) / min(len(marks), len(others))


def agencies(text: str) -> tuple[str, ...]:
    """Agencies credited for a text (byline, dateline, "(dpa)" at its end), not those it merely cites.

    >>> agencies("Berlin (dpa) - Der Minister reist nach Genf."), agencies("Er sagte der Nachrichtenagentur AFP, er komme.")
    (('dpa',), ())
    """
    found = []
    for name, signs, pattern in _AGENCIES:
        if not any(sign in text for sign in signs):
            continue
        hits = [
            hit for hit in pattern.finditer(text) if not _CITED.search(text[max(0, hit.start() - 60) : hit.start()])
        ]
        if any(_credited(text, hit.start(), hit.end()) for hit in hits):
            found.append(name)
    return tuple(found)


def _credited(text: str, start: int, end: int) -> bool:
    """In brackets, after "Quelle:", in a list with slashes, or in a line that holds little else."""
    before, after = text[max(0, start - 30) : start], text[end : end + 12]
    if re.search(r"[(/\[|][\w ,/.-]*$", before) and re.match(r"[\w ,/.-]*[)/\]|]", after):
        return True
    line = text[text.rfind("\n", 0, start) + 1 : (text.find("\n", end) + 1 or len(text) + 1) - 1]
    return bool(re.search(r"\b(?:Quellen?|Mit Material von|von)\s*:?\s*(?:[\w-]+[,/ ]+)*$", before)) or len(line) <= 40
