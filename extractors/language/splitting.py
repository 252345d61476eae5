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
# What stands before an ordinal: "ein 3. Gipfel" goes on, "Sie kamen um 3. Danach" does not.
_BEFORE_ORDINAL = frozenset(
    "am vom zum zur im beim der die das dem den des diese dieser dieses diesem diesen jede jeder jedes jedem jeden "
    "ein eine einem einen einer eines sein seine seinem seinen seiner seines ihr ihre ihrem ihren ihrer ihres".split()
)

_TOKEN = re.compile(
    r"""
      (?:https?://|www\.)\S*[\w/]                                 # addresses
    | [\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+                            # mail; before the @ no more (RFC 5321, 4.5.3.1.1)
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
_MAY_BE_LAST = _END | _CLOSING
_OPENING = frozenset("\"„“»«‚'([–-")
# A heading that runs into the next sentence without a blank ("… zusammenBei dem Treffen"): these words begin one. Not "In"
# ("PolitikerIn", "LinkedIn").
_BEGINNERS = (
    "Aber Alle Als Am Auch Auf Aufgrund Aus Bei Beide Beim Bereits Bis Bislang Dabei Damit Danach Dann Darauf Das Dass Davor Dazu "
    "Dem Den Denn Dennoch Der Derzeit Des Die Dies Diese Diesen Dieser Doch Dort Durch Ein Eine Einem Einen Einer Er Erst "
    "Es Für Gegen Hier Hinter Ich Ihr Ihre Im Jetzt Laut Man Mehr Mit Nach Nachdem Neben Nicht Noch Nun Nur Ob Ohne Rund Schon Sein "
    "Seine Seit Sie So Sollte Sollten Sowohl Statt Trotz Um Und Unter Unterdessen Viele Vom Von Vor Wann Warum Was Weil Weitere Wenn "
    "Wer Wie Wir Wo Während Zu Zudem Zuletzt Zum Zunächst Zur Zuvor Zwar Zwei Zwischen Über"
)
_OPENERS = frozenset(_BEGINNERS.split())
_NAMED = r"(?:[A-ZÄÖÜ][a-zäöüéß.]+(?:-[A-ZÄÖÜ][a-zäöüß]+)*|[A-ZÄÖÜ]{3,}(?:-[A-ZÄÖÜ]+)*)\b"
_TOWN = rf"{_NAMED}(?: (?:am|an der|bei|de|in) {_NAMED}| {_NAMED}){{0,2}}"
# "Kiew/Moskau (dpa) - ", "(Reuters) – ", "Warschau - ": where a report was filed and by whom is no part of its first sentence.
_DATELINE = re.compile(
    rf"(?:{_TOWN}(?:\s?[/,]\s?{_TOWN}){{0,3}}(?:, \d{{1,2}}\. \w+)?\s)?"
    r"\((?i:dpa|afp|reuters|apa|ap|kna|epd|sda|rtr|ots|sid|dts|tass|interfax|ukrinform|red)\b[\w/ ,.-]*\)\s?(?:[-–—:.]\s?|(?=[A-ZÄÖÜ]))"
    rf"|(?!(?:{'|'.join(_BEGINNERS.split())})\b){_TOWN}(?:\s?/\s?{_TOWN}){{0,2}} [-–—] (?=[A-ZÄÖÜ„\"»])(?=.{{60}})"
)
# So do names and words that open a sentence of this news: of 189 in 7,657 articles, which were read, two end a word ("EricTrump").
_NAMES = (
    "Russland Russlands Russische Russischen Moskau Kreml Putin Medwedew Lawrow Peskow Ukraine Ukrainische Kiew Selenskyj Belarus "
    "Lukaschenko Washington Biden Bidens Trump Blinken Rubio Witkoff Deutschland Deutschlands Berlin Scholz Merz Baerbock Merkel "
    "Frankreich Frankreichs Paris Macron London Polen Polens Warschau Ungarn Ungarns Orban Orbán Finnland Schweden Türkei Ankara "
    "Erdogan Stoltenberg Rutte Brüssel Borrell Kallas China Chinas Peking Israel Israels Israelische Israelischen Netanjahu Netanyahu "
    "Hamas Hisbollah Iran Irans Teheran Guterres Österreich Österreichs Nehammer Schallenberg Außenminister Außenministerin "
    "Verteidigungsminister Präsident Präsidenten Kanzler Bundeskanzler Angesichts Wegen Hunderte Tausende Darüber Ungeachtet Einige "
    "Laut Ebenfalls Erstmals Insgesamt Mehrere Mindestens Inzwischen Gleichzeitig"
)
_BEGINNER = frozenset((_BEGINNERS + " " + _NAMES).split())
_LONGEST = 300
"""tokens of a sentence, three times those of the longest in news: a list or a text without stops is read in pieces, for what
looks at each pair of words, or clauses, takes hours for a book"""
_PAUSES = frozenset({",", ";", ":"})
# A small letter before a capital. The capital stands first: most letters of a line are none.
_MAY_RUN_ON = re.compile(r"[A-ZÄÖÜ](?<=[a-zäöüß].)")
_RUN_ON = re.compile(rf"(\w[a-zäöüß]+)({'|'.join(sorted(_BEGINNER, key=len, reverse=True))})")


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
    return _joined(_parted(found) if _MAY_RUN_ON.search(line) else found)


def _parted(pieces: list[Piece]) -> list[Piece]:
    """Cut a word and the beginning of the next sentence that stand together without a blank."""
    found: list[Piece] = []
    for piece in pieces:
        run_on = _RUN_ON.fullmatch(piece.text)
        if run_on is None:
            found.append(piece)
        else:
            cut = piece.start + run_on.end(1)
            found += [Piece(piece.start, cut, run_on[1]), Piece(cut, piece.end, run_on[2])]
    return found


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Give the dot back to abbreviations, initials and ordinals."""
    found: list[Piece] = []
    for i, piece in enumerate(pieces):
        if piece.text == "." and i and pieces[i - 1].end == piece.start and _takes_dot(pieces, i - 1):
            word = found.pop()
            piece = Piece(word.start, piece.end, word.text + ".")
        found.append(piece)
    return found


def _takes_dot(pieces: list[Piece], i: int) -> bool:
    word = pieces[i].text
    following = pieces[i + 2].text if i + 2 < len(pieces) else ""
    if word + "." in _ABBREVIATIONS:
        return bool(following) and not (word + "." in _MAY_END and following[0].isupper())
    if len(word) == 1 and word.isupper():
        return following[:1].isupper()
    if word.isdigit() and len(word) <= 2:
        before = pieces[i - 1].text.lower() if i else ""
        goes_on = bool(following) and before in _BEFORE_ORDINAL and following not in _OPENERS
        return following in _MONTH or following[:1].islower() or goes_on
    return False


def sentences(line: str, offset: int = 0) -> Iterator[list[Piece]]:
    """The sentences of one line, each a list of tokens; a live ticker's +++ and bullets stand between sentences.

    >>> [len(s) for s in sentences('„Kommt er?“, fragte sie. Er kam.')]
    [9, 3]
    >>> [len(s) for s in sentences('Minister kommen zusammenBei dem Treffen geht es um Getreide.')]
    [3, 8]
    >>> [len(s) for s in sentences('Mehr Soldaten nach OsteuropaWashington hat das zugesagt.')]
    [4, 5]
    >>> [s[0].text for s in sentences('Riga/Oslo (dpa) - Lettland hat der Ukraine Drohnen zugesagt.')]
    ['Lettland']
    """
    current: list[Piece] = []
    filed = _DATELINE.match(line)
    begin = filed.end() if filed is not None else 0
    pieces = tokens(line[begin:], offset + begin)
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
        elif len(current) == _LONGEST:
            cut = _last_pause(current)
            yield current[:cut]
            current = current[cut:]
    if current:
        yield current


def _last_pause(pieces: list[Piece]) -> int:
    """Where to cut a sentence that has no end: behind the last comma of its second half, or else where it stands."""
    size = len(pieces)
    return next((k for k in range(size, size // 2, -1) if pieces[k - 1].text in _PAUSES), size)


def _ends(pieces: list[Piece], i: int) -> bool:
    """Whether a sentence ends after token i: at its mark, or at the quote that closes behind the mark."""
    if _runs_on(pieces, i):
        return True
    if pieces[i].text not in _MAY_BE_LAST:
        return False
    after = pieces[i + 1] if i + 1 < len(pieces) else None
    if after and after.text in _CLOSING and after.start == pieces[i].end:
        return False
    k = i
    while k > 0 and pieces[k].text in _CLOSING and pieces[k - 1].end == pieces[k].start:
        k -= 1
    return pieces[k].text in _END and (after is None or _begins(pieces, i + 1))


def _runs_on(pieces: list[Piece], i: int) -> bool:
    """Whether the next sentence begins right behind token i, without a blank between the two."""
    if i + 1 == len(pieces) or pieces[i + 1].start != pieces[i].end or pieces[i + 1].text not in _BEGINNER:
        return False
    return pieces[i].text[-1].islower() or (
        pieces[i].text in _CLOSING
        and i > 0
        and pieces[i - 1].end == pieces[i].start
        and pieces[i - 1].text not in _OPENING
    )


def _begins(pieces: list[Piece], i: int) -> bool:
    k = i
    while k + 1 < len(pieces) and pieces[k].text in _OPENING:
        k += 1
    first = pieces[k].text[0]
    return first.isupper() or first.isdigit() or first in "@#+" or pieces[k].text in _MARKS
