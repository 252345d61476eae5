"""The nouns of the product: each step of the pipeline turns one of these into the next.

FeedEntry → FetchedPage → Article → Assessment → Event → Alert

Times are aware. Offsets count characters of `Article.text`; `quote == text[start:end]` holds everywhere.
"""

from __future__ import annotations

import enum
import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from extractors.ontology import EventType, Quad, Status, goldstein, plover_score, quad

BERLIN = ZoneInfo("Europe/Berlin")
"""The clock that German-language newsrooms and readers go by, from Hamburg to Vienna and Zurich: "heute" is a day of theirs,
though many pages and most feeds state UTC."""
_YEARS_OF_NEWS = range(1600, 2200)
SURE = 0.5
"""What is less certain is more likely misread than not: lists and figures leave it out and count it, alerts call it unsure."""


def whole_percent(share: float) -> int:
    """A share of one in whole percent; what is less than half never reads as half.

    >>> whole_percent(0.924), whole_percent(0.499), whole_percent(0.5)
    (92, 49, 50)
    """
    return min(round(share * 100), 49 if share < 0.5 else 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One item of a feed, as the feed tells it; text fields are plain text, not markup."""

    feed_url: str
    guid: str
    url: str
    headline: str
    teaser: str = ""
    published_at: datetime | None = None
    updated_at: datetime | None = None
    problems: tuple[str, ...] = ()
    """what was wrong with it: why `url` is empty, a date that could not be read …"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedPage:
    """The decoded bytes a server gave us for a URL, and when. `url` is where the last redirect ended."""

    url: str
    body: bytes
    fetched_at: datetime
    requested_url: str = ""
    content_type: str = ""
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str = ""
    """the new address, if the server says it is for good (301, 308 on every hop); empty: none"""
    max_age: int | None = None
    """seconds that the server calls this fresh (Cache-Control, Expires); None: it does not say"""
    truncated: bool = False
    """the body may be cut off: it had no end tag"""
    reserved: str = ""
    """where the publisher reserves text and data mining (header, meta, tdmrep.json); empty: nowhere seen"""

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


class PartKind(enum.StrEnum):
    """What a stretch of an article is to its reader."""

    HEADLINE = "headline"
    TEASER = "teaser"
    SUBHEAD = "subhead"
    PARAGRAPH = "paragraph"


def is_one_line(text: str) -> bool:
    """Whether " ".join(text.split()) is the text itself, seen without taking it apart: of white space only blanks print."""
    return text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " "


_HALVES = re.compile("[\ud800-\udfff]")


def whole(text: str) -> str:
    """The text with a mark (U+FFFD) for each half of a character: JSON can hold an emoji cut in two, files and models cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _HALVES.sub("\ufffd", text)
    return text


def one_line(text: str) -> str:
    """The text whole and on one line. What prints holds no half of a character: most texts are looked at once."""
    return text if is_one_line(text) else " ".join(whole(text).split())


def mostly_utf8(body: bytes) -> bool:
    """Whether broken UTF-8 is still UTF-8 (a cut-off end, a stray byte) rather than something else called so."""
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return broken * 3 < sum(ch > "\x7f" for ch in text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A stretch of `Article.text`; parts are in order, do not overlap, and a newline stands between two."""

    kind: PartKind
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A page read as journalism.

    `text` is all that an event may quote: headline, teaser, then subheads and paragraphs in order, one a line.
    Build one with `compose`. `stand` is the publisher's own time of last change; no English word fits.
    """

    url: str
    publisher: str = ""
    headline: str
    kicker: str = ""
    teaser: str = ""
    byline: str = ""
    dateline: str = ""
    text: str
    parts: tuple[Part, ...] = ()
    published_at: datetime | None = None
    stand: datetime | None = None
    extractor: str = ""
    agreement: float | None = None
    """word F1 (0 to 1) with a second reading of the page; None: our own signals gave no reason to ask for one"""

    @classmethod
    def compose(
        cls,
        *,
        url: str,
        headline: str,
        teaser: str = "",
        body: tuple[tuple[PartKind, str], ...],
        publisher: str = "",
        kicker: str = "",
        byline: str = "",
        dateline: str = "",
        published_at: datetime | None = None,
        stand: datetime | None = None,
        extractor: str = "",
        agreement: float | None = None,
    ) -> Article:
        """Lay the pieces out into one text. Empty pieces are left out; newlines inside a piece become blanks."""
        headline, teaser = one_line(headline), one_line(teaser)
        parts: list[Part] = []
        lines: list[str] = []
        at = 0
        for kind, raw in ((PartKind.HEADLINE, headline), (PartKind.TEASER, teaser), *body):
            line = one_line(raw)
            if not line:
                continue
            parts.append(Part(kind=kind, start=at, end=at + len(line)))
            lines.append(line)
            at += len(line) + 1
        return cls(
            url=url,
            publisher=publisher,
            headline=headline,
            kicker=whole(kicker),
            teaser=teaser,
            byline=whole(byline),
            dateline=whole(dateline),
            text="\n".join(lines),
            parts=tuple(parts),
            published_at=published_at,
            stand=stand,
            extractor=extractor,
            agreement=agreement,
        )

    @property
    def body(self) -> str:
        """Subheads and paragraphs, one a line: the text without headline and teaser."""
        inner = [p for p in self.parts if p.kind in (PartKind.SUBHEAD, PartKind.PARAGRAPH)]
        return self.text[inner[0].start :] if inner else ""

    @property
    def dated(self) -> datetime | None:
        """The time that relative dates in the text are read against, on the newsroom's clock.

        At half past midnight "heute" is the new day, though the page says 22:30 UTC. Midnight UTC is a day without a time.
        What is stated of no year of news ("0001-01-01", "9999-12-31") stands for no day.
        """
        stated = self.stand or self.published_at
        if stated is None or stated.year not in _YEARS_OF_NEWS:
            return None
        bare = stated.timetz() == time(0, tzinfo=UTC)
        return stated.replace(tzinfo=BERLIN) if bare else stated.astimezone(BERLIN)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


class Grade(enum.IntEnum):
    """Relevance to a dossier, as the codebook has it: core goes to alerts, related to the digest."""

    NOT = 0
    RELATED = 1
    CORE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One thing that spoke for or against relevance. `rule` names the row of ours that said so."""

    rule: str
    words: tuple[str, ...] = ()
    weight: float = 0.0


FOLLOWED = "an earlier version was core"
"""The rule of a Reason why a version that is only related counts as core: what it changes of what was told must not be missed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Whether an article belongs to a dossier, and what decided it.

    `score` is the calibrated probability of core, 0 to 1; `rule_grade` what the explicit groups alone say.
    `sentences` are up to three (start, end) stretches that decided.
    """

    dossier: str
    score: float
    grade: Grade
    rule_grade: Grade = Grade.NOT
    reasons: tuple[Reason, ...] = ()
    sentences: tuple[tuple[int, int], ...] = ()
    coder: str = ""

    @property
    def relevant(self) -> bool:
        return self.grade is Grade.CORE

    @property
    def followed(self) -> bool:
        """Whether it is core only because an earlier version of the article was."""
        return any(reason.rule == FOLLOWED for reason in self.reasons)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Actor:
    """Who acts: the codebook's code, and as the text names them. Two actors are the same if their codes are."""

    code: str
    name: str = field(default="", compare=False)
    office: str = field(default="", compare=False)
    origin: str = field(default="", compare=False)
    """How the role was filled: parse, repair, pattern, metonym, coreference, addressee of the article …"""


class Precision(enum.StrEnum):
    DAY = "day"
    RANGE = "range"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A resolved time expression: first and last day, how exactly the text says so, and by which rule."""

    first: date
    last: date
    precision: Precision
    words: str = ""
    rule: str = ""

    @property
    def iso(self) -> str:
        """
        >>> When(first=date(2022, 1, 12), last=date(2022, 1, 12), precision=Precision.DAY).iso
        '2022-01-12'
        >>> When(first=date(2022, 1, 1), last=date(2022, 1, 31), precision=Precision.MONTH).iso
        '2022-01'

        A range keeps the precision of the text: a summer is counted in months, "zwischen 1995 und 2023" in years.

        >>> When(first=date(2021, 6, 1), last=date(2021, 8, 31), precision=Precision.MONTH).iso
        '2021-06/2021-08'
        """
        if self.precision is Precision.DAY:
            return self.first.isoformat()
        form = {Precision.MONTH: "%Y-%m", Precision.YEAR: "%Y"}.get(self.precision, "%Y-%m-%d")
        first, last = self.first.strftime(form), self.last.strftime(form)
        return first if first == last else f"{first}/{last}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place as the text names it, in base form. Coordinates in degrees, WGS 84, where the gazetteer has them."""

    name: str
    country: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The stretch of the article that says so, and the rule that read it."""

    start: int
    end: int
    quote: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Who did what to whom, when, where, in whose words, and where the article says so."""

    type: EventType
    mode: str = ""
    status: Status
    actors: tuple[Actor, ...]
    recipients: tuple[Actor, ...] = ()
    when: When | None = None
    place: Place | None = None
    speaker: Actor | None = None
    evidence: Evidence
    confidence: float = 1.0
    coder: str = ""

    @property
    def id(self) -> str:
        """A hash of the coding: the same on every machine, new when a better rule reads it differently."""
        parts = (
            self.type,
            self.status,
            ",".join(sorted(a.code for a in self.actors)),
            ",".join(sorted(r.code for r in self.recipients)),
            str(self.evidence.start),
            self.evidence.quote,
        )
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]

    @property
    def quad(self) -> Quad:
        return quad(self.type)

    @property
    def plover_score(self) -> float:
        return plover_score(self.type, self.mode)

    @property
    def goldstein(self) -> float:
        return goldstein(self.type)

    @property
    def parties(self) -> frozenset[str]:
        return frozenset(a.code for a in (*self.actors, *self.recipients))


def codebook(event: Event) -> dict[str, Any]:
    """An event in the fields of the codebook, as gold labels and scorers have them."""
    return {
        "type": event.type.value,
        "mode": event.mode,
        "actors": [actor.code for actor in event.actors],
        "recipients": [actor.code for actor in event.recipients],
        "status": event.status.value,
        "date": event.when.iso if event.when else None,
        "place": event.place.name if event.place else None,
        "speaker": event.speaker.code if event.speaker else None,
        "evidence": event.evidence.quote,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Reported speech: what was said, by whom. Spans are (start, end) in `Article.text`."""

    kind: str
    """direct, mixed, indirect or reported"""
    spans: tuple[tuple[int, int], ...]
    speaker: tuple[int, int] | None = None
    cue: tuple[int, int] | None = None
    addressee: tuple[int, int] | None = None
    speaker_code: str = ""
    chain: tuple[str, ...] = ()
    """outer sources, e.g. the agency that quotes the speaker"""
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduction:
    """Whom an article introduces and no table has: a full name, whose office it is, and the sentence that says so."""

    name: str
    code: str
    office: str
    """as the sentence has it: "US-Außenministers", "Sprecher des Kreml" """
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who holds an office and is in no table: known over articles, or because an operator said so (`storage.people`).

    Both days are included; None: no end is known.
    """

    name: str
    code: str
    offices: tuple[str, ...]
    """what articles call the office: those of the last year first, the most frequent before others; what an operator said before all"""
    since: date | None = None
    until: date | None = None

    def holds(self, on: date | None) -> bool:
        """Whether on that day; without a day as far as we know."""
        return on is None or ((self.since is None or self.since <= on) and (self.until is None or on <= self.until))


WITHDRAWN, CORRECTED, RESTORED = "withdrawn", "corrected", "restored"
"""What befalls an act of which was told before: nobody tells it any more, a reviewer says otherwise, somebody tells it after all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something worth telling someone, once. `key` is what makes it once.

    `title` and `body` are plain text; every channel escapes and shortens for itself.
    """

    key: str
    watch: str
    title: str
    body: str
    url: str = ""
    group: str = ""
    """alerts of one group that wait together go out as one message; by default each goes alone"""
    digest: bool = False
    """belongs into the next digest rather than into a message of its own (first run, low confidence, grade 1)"""
    dossier: str = ""
    act: str = ""
    type: str = ""
    mode: str = ""
    status: str = ""
    parties: tuple[str, ...] = ()
    score: float = 0.0
    confidence: float = 1.0
    """how sure the machine is that the sentence says so; of what was queued before this was noted, nobody knows it"""
    facts: tuple[tuple[str, str], ...] = ()
    """the alert in short, as (name, value): who, what, whom, when, where, rule …"""
    change: str = ""
    """what befalls that of which was told before: of a meeting the state in which it is then, of any act WITHDRAWN, CORRECTED
    or RESTORED; empty for news"""
