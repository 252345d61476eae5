"""Lines into tokens and sentences; survives abbreviations, ordinals, quotes and live-ticker marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

# With a dot and never the end of a sentence before a capital: titles, units, agency and legal shorthand.
ABBREVIATIONS = (
    "z.B. z. B. d.h. d. h. u.a. u. a. i.d.R. s.o. s.u. v.a. o.ä. n.Chr. v.Chr. u.s.w. a.D. a. D. i.R. e.V. "
    "Dr. Prof. Dipl. Ing. St. Hl. Nr. Abs. Art. Abb. Bd. ca. bzw. vgl. sog. evtl. ggf. inkl. exkl. zzgl. rd. "
    "geb. gest. ehem. stv. Gen. Lt. Col. Sgt. Mr. Mrs. Ms. Jr. Sr. Co. Inc. Ltd. Corp. Mio. Mrd. Tsd. Str. Tel. "
    "Min. Max. etc. resp. tgl. wg. lt. dt. engl. frz. russ. ukr. amerik. Jan. Feb. Apr. Jun. Jul. Aug. Sept. Okt. "
    "Nov. Dez. Mo. Di. Mi. Do. Fr. Sa. So. Red. Anm. Hrsg. Aufl."
)
_ABBREVIATIONS = frozenset(re.sub(r"(\w)\. (\w)\.", r"\1.\2.", ABBREVIATIONS).split())
# These close a sentence as often as not: they end it when a capital follows.
_MAY_END = frozenset({"etc.", "Co.", "Inc.", "Ltd.", "So.", "Max.", "Min.", "geb.", "u.a.", "e.V.", "a.D."})
_MONTHS = (
    "Januar Jänner Februar Feber März April Mai Juni Juli August September Oktober November Dezember "
    "Jahrhundert Jahrhunderts Mal"
)
_MONTH = frozenset(_MONTHS.split())
# What stands before an ordinal: "am 3. Gipfel" goes on, "Sie kamen um 3. Danach" does not.
_BEFORE_ORDINAL = frozenset("am vom zum im beim der die das dem den des dieser diesem jeder seinem ihrem".split())

_TOKEN = re.compile(
    r"""
      (?:https?://|www\.)\S*[\w/]                                 # addresses
    | [\w.+-]+@[\w-]+(?:\.[\w-]+)+
    | [@\#]\w+                                                    # handles and hashtags
    | (?:[A-Za-zÄÖÜäöü]\.\ ?){1,2}[A-Za-zÄÖÜäöü]\.(?!\w)           # z.B., d. h., U.S.A.
    | \d+(?:[.,:]\d+)*(?:[-–]\w+)*(?:%|\b)                        # 100.000, 15:30, 27-jährige
    | \w+(?:[-‐/'’&]\w+|\.(?=[a-zäöü]{2})\w+)*(?:-(?=[\s,)]|$))?   # words, compounds, "EU-" of "EU- und"
    | \+{2,} | \.{2,} | -{2,} | …                                 # ticker marks, ellipses
    | [^\w\s]
    """,
    re.VERBOSE,
)
_END = frozenset({".", "!", "?", "…", "...", "?!", "!?"})
_MARKS = frozenset({"|", "•", "▪", "►", "■", "●"})
_CLOSING = frozenset("\"“”»«’')]")
_OPENING = frozenset("\"„“»«‚'([–-")


class Piece(NamedTuple):
    """A token before anything is known about it: offsets in the text, and its words."""

    start: int
    end: int
    text: str


def tokens(line: str, offset: int = 0) -> list[Piece]:
    """The tokens of one line.

    >>> [piece.text for piece in tokens('Am 12. Januar tagt der NATO-Russland-Rat.')]
    ['Am', '12.', 'Januar', 'tagt', 'der', 'NATO-Russland-Rat', '.']
    """
    found = [Piece(m.start() + offset, m.end() + offset, m.group()) for m in _TOKEN.finditer(line)]
    return list(_joined(found))


def _joined(pieces: list[Piece]) -> Iterator[Piece]:
    """Give the dot back to abbreviations, initials and ordinals."""
    i = 0
    while i < len(pieces):
        piece = pieces[i]
        after = pieces[i + 1] if i + 1 < len(pieces) else None
        if after is not None and after.text == "." and after.start == piece.end and _takes_dot(pieces, i):
            yield Piece(piece.start, after.end, piece.text + ".")
            i += 2
            continue
        yield piece
        i += 1


def _takes_dot(pieces: list[Piece], i: int) -> bool:
    word = pieces[i].text
    following = pieces[i + 2].text if i + 2 < len(pieces) else ""
    if word + "." in _ABBREVIATIONS:
        return bool(following) and not (word + "." in _MAY_END and following[0].isupper())
    if len(word) == 1 and word.isupper():
        return following[:1].isupper()
    if word.isdigit() and len(word) <= 2:
        before = pieces[i - 1].text.lower() if i else ""
        return following in _MONTH or following[:1].islower() or (bool(following) and before in _BEFORE_ORDINAL)
    return False


def sentences(line: str, offset: int = 0) -> Iterator[list[Piece]]:
    """The sentences of one line, each a list of tokens; a live ticker's +++ and bullets stand between sentences.

    >>> [len(s) for s in sentences('„Kommt er?“, fragte sie. Er kam.')]
    [9, 3]
    """
    current: list[Piece] = []
    pieces = tokens(line, offset)
    for i, piece in enumerate(pieces):
        if piece.text in _MARKS or piece.text.startswith("++"):
            if current:
                yield current
            current = []
            continue
        current.append(piece)
        if _ends(pieces, i):
            yield current
            current = []
    if current:
        yield current


def _ends(pieces: list[Piece], i: int) -> bool:
    """Whether a sentence ends after token i: at its mark, or at the quote that closes behind the mark."""
    k = i
    while k > 0 and pieces[k].text in _CLOSING and pieces[k - 1].end == pieces[k].start:
        k -= 1
    if pieces[k].text not in _END:
        return False
    if i + 1 == len(pieces):
        return True
    after = pieces[i + 1]
    if after.text in _CLOSING and after.start == pieces[i].end:
        return False
    return _begins(pieces, i + 1)


def _begins(pieces: list[Piece], i: int) -> bool:
    k = i
    while k + 1 < len(pieces) and pieces[k].text in _OPENING:
        k += 1
    first = pieces[k].text[0]
    return first.isupper() or first.isdigit() or first in "@#+" or pieces[k].text in _MARKS
