"""Feeds: from the bytes of RSS 0.9x/1.0/2.0, Atom or JSON Feed to entries; and the list of feeds that we follow.

Other people's bytes are distrusted. No entity is ever declared (`<!ENTITY` refuses the feed, a DOCTYPE is dropped), fields
are cut before anything costly sees them, and one entry that cannot be read costs only itself. Well-formed XML is read by
lxml; what is broken is repaired first, and what lxml cannot put together is read by feedparser, which also is the judge of
both in the tests. feedparser gets bytes only: a string that reads like a path or a URL it would open.
"""

from __future__ import annotations

import codecs
import hashlib
import html
import html.entities
import io
import json
import re
import tomllib
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

from extractors.model import FeedEntry, mostly_utf8
from extractors.urls import UrlError, absolute, canonical, checked, joined, stem

MAX_BODY = 10 << 20
MAX_ENTRIES = 2000
MAX_HEADLINE, MAX_TEASER, MAX_GUID, MAX_DATE = 500, 2000, 1000, 100
MAX_RUN = 200_000
"""characters between two tags; longer runs are cut before parsing"""
MAX_JUDGED = 1 << 20
"""bytes; feedparser has quadratic corners and is not asked about more"""
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
TOMORROW = timedelta(hours=24)


class FeedError(ValueError):
    """The bytes are not a feed that we read; `reason` says why in a few fixed words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed as read. `found == len(entries) + sum(n for _, n in dropped)`."""

    title: str
    kind: str
    """rss090, rss091, rss092, rss10, rss20, atom03, atom10 or json1"""
    entries: tuple[FeedEntry, ...]
    problems: tuple[str, ...] = ()
    """what was wrong with the feed as a whole, and what had to be done to read it"""
    found: int = 0
    dropped: tuple[tuple[str, int], ...] = ()


@dataclass(slots=True)
class _Item:
    """What a feed says of one item, before any of it is believed."""

    headline: str = ""
    teaser: str = ""
    guid: str = ""
    guid_is_link: bool = False
    link: str = ""
    bases: tuple[str, ...] = ()
    """what links are relative to, each to the one before it"""
    published: str = ""
    updated: str = ""


def parse_feed(
    feed_url: str,
    body: bytes,
    *,
    content_type: str = "",
    zone: str = "Europe/Berlin",
    now: datetime | None = None,
    base: str = "",
) -> ParsedFeed:
    """Read a feed. Raises FeedError if the bytes are none.

    `base` is where the bytes came from if not from `feed_url`: links are relative to it. `zone` is the publisher's: dates without a zone are in it. With `now`, dates over 24 hours ahead are not believed.
    Entries come in the feed's order, doubled ones included (`distinct` tells them apart). An entry without a usable
    link has `url == ""`; why is in its `problems`.
    """
    body = _inflated(body)
    if len(body) > MAX_BODY:
        raise FeedError("too large")
    text = _decoded(body, content_type)
    if text.lstrip("\ufeff \t\r\n")[:1] == "{":
        kind, title, items, problems = _read_json(text)
    else:
        kind, title, items, problems = _read_xml(text)
    feed = _assembled(feed_url, kind, title, items, problems, zone=ZoneInfo(zone), now=now, base=base or feed_url)
    if problems and not feed.entries and feed.found:
        raise FeedError("malformed")
    return feed


def _assembled(
    feed_url: str,
    kind: str,
    title: str,
    items: list[_Item | None],
    problems: list[str],
    *,
    zone: tzinfo,
    now: datetime | None,
    base: str,
) -> ParsedFeed:
    dropped: Counter[str] = Counter()
    entries: list[FeedEntry] = []
    for item in items:
        if len(entries) >= MAX_ENTRIES:
            dropped["too many"] += 1
            continue
        try:
            entry = None if item is None else _entry(feed_url, item, zone, now, base)
        except Exception:  # noqa: BLE001 (see next line)
            # Whatever a single entry makes our own code do, the others are to be read.
            dropped["unreadable"] += 1
            continue
        if entry is None:
            dropped["cut off" if item is None else "empty"] += 1
        else:
            entries.append(entry)
    return ParsedFeed(
        title=plain(title, MAX_HEADLINE),
        kind=kind,
        entries=tuple(entries),
        problems=tuple(problems),
        found=len(items),
        dropped=tuple(sorted(dropped.items())),
    )


def identity(entry: FeedEntry) -> str:
    """What makes two entries one article: the stem of the link, or else the guid within its feed."""
    try:
        return stem(entry.url)
    except UrlError:
        return f"{entry.feed_url}#{entry.guid}"


STAMPED, AT_ONCE = 5, timedelta(minutes=1)
"""So many entries that all changed within so short a time did not: they were stamped when the feed was made."""


def unstamped(entries: Sequence[FeedEntry]) -> Sequence[FeedEntry]:
    """The entries of a window, without times of change where the feed states its own making for all of them."""
    times = [entry.updated_at for entry in entries if entry.updated_at is not None]
    if len(times) < max(STAMPED, len(entries)) or max(times) - min(times) > AT_ONCE:
        return entries
    return [replace(entry, updated_at=None) for entry in entries]


def distinct(entries: Iterable[FeedEntry]) -> tuple[tuple[FeedEntry, ...], tuple[FeedEntry, ...]]:
    """The first entry of each article, and the doubles; together they are all that went in."""
    seen: set[str] = set()
    first: list[FeedEntry] = []
    doubles: list[FeedEntry] = []
    for entry in entries:
        key = identity(entry)
        (doubles if key in seen else first).append(entry)
        seen.add(key)
    return tuple(first), tuple(doubles)


# --- one entry --------------------------------------------------------------------------------------------------------


def _entry(feed_url: str, item: _Item, zone: tzinfo, now: datetime | None, base: str) -> FeedEntry | None:
    problems: list[str] = []
    headline, teaser = plain(item.headline, MAX_HEADLINE), plain(item.teaser, MAX_TEASER)
    url = _link(base, item, problems)
    guid = _guid(item.guid)
    if not (headline or teaser or url or guid):
        return None
    if not guid:
        problems.append("no guid")
        guid = url or "text:" + _hash(f"{headline}\n{teaser}\n{item.published}")
    return FeedEntry(
        feed_url=feed_url,
        guid=guid,
        url=url,
        headline=headline,
        teaser=teaser,
        published_at=_dated(item.published, zone, now, problems),
        updated_at=_dated(item.updated, zone, now, problems),
        problems=tuple(problems),
    )


def _link(base: str, item: _Item, problems: list[str]) -> str:
    candidates = [item.link, item.guid if item.guid_is_link else ""]
    reason = "no link"
    for link in candidates:
        if not link.strip():
            continue
        try:
            for named in item.bases:
                base = absolute(base, named)
            # Escaped twice, as where it stands in CDATA: in an address "&amp;" never means itself.
            url = joined(base, link.replace("&amp;", "&"))
            canonical(url)  # raises for what nobody should ask for, and for what could not be identified later
            return url
        except UrlError as error:
            reason = f"link: {error.reason}"
    problems.append(reason)
    return ""


def _guid(raw: str) -> str:
    """A guid is compared, never read: one that is absurdly long is replaced by its hash, not cut."""
    guid = _one_line(raw) if len(raw) <= 2 * MAX_GUID else "sha256:" + _hash(raw)
    return guid if len(guid) <= MAX_GUID else "sha256:" + _hash(guid)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def _dated(raw: str, zone: tzinfo, now: datetime | None, problems: list[str]) -> datetime | None:
    if not raw.strip():
        return None
    when = read_date(raw, zone)
    if when is None:
        problems.append("date unreadable")
    elif when < EARLIEST:
        problems.append("date implausible")
    elif now is not None and when > now + TOMORROW:
        problems.append("date in the future")
    else:
        return when
    return None


# --- plain text -------------------------------------------------------------------------------------------------------

_TAG = re.compile(r"</?([A-Za-z][\w:-]*)(?:[\s/][^<>]*)?>")
_MARKUP_BITS = re.compile(r"<[!?][^<>]*>")
_CUT_TAG = re.compile(r"</?[A-Za-z][^<>]*$")
_INLINE = frozenset({"a", "abbr", "b", "cite", "code", "del", "em", "font", "i", "ins", "mark", "q", "s", "small", "span",
                     "strong", "sub", "sup", "u", "wbr"})  # fmt: skip
# What is seen nowhere but breaks comparing and fools readers: controls, soft hyphens, zero widths, direction overrides.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff\ufffe\uffff\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def plain(raw: str, limit: int) -> str:
    """Markup and entities removed once, one line, at most `limit` characters.

    >>> plain("Krieg &amp; <b>Frieden</b><br/>heute, 1 < 2", 100)
    'Krieg & Frieden heute, 1 < 2'
    """
    raw = raw[: limit * 20]
    if "<" in raw:
        raw = _without_markup(raw)
    if "&" in raw:
        raw = html.unescape(raw)
    return _one_line(raw)[:limit].rstrip()


def _without_markup(raw: str) -> str:
    for opening, closing in (("<!--", "-->"), ("<script", "</script"), ("<style", "</style")):
        raw = _without(raw, opening, closing)
    for _ in range(3):  # `<<b>b>` is a tag only after its inner one has gone
        cleaner = _TAG.sub(lambda tag: "" if tag[1].lower() in _INLINE else " ", raw)
        if cleaner == raw:
            break
        raw = cleaner
    return _CUT_TAG.sub("", _MARKUP_BITS.sub("", raw))


def _without(raw: str, opening: str, closing: str) -> str:
    """Without the stretches from `opening` to `closing`, or to the end. By finding: a lazy regex is quadratic here."""
    low = raw.lower()
    if opening not in low or len(low) != len(raw):
        return raw
    kept: list[str] = []
    at = 0
    while (start := low.find(opening, at)) >= 0:
        kept.append(raw[at:start])
        end = low.find(closing, start + len(opening))
        if end < 0:
            return "".join(kept)
        at = end + len(closing)
    return " ".join((*kept, raw[at:]))


def _one_line(text: str) -> str:
    if not text.isprintable():
        text = _UNSEEN.sub("", text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.split())


# --- dates ------------------------------------------------------------------------------------------------------------

_ZONES = {
    # feedparser takes these four for UTC, one or two hours off; they are what German feeds write.
    "CET": 60, "MEZ": 60, "CEST": 120, "MESZ": 120,
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 60, "BST": 60, "EET": 120, "OEZ": 120, "EEST": 180,
    "OESZ": 180, "MSK": 180, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480,
    "PDT": -420,
}  # fmt: skip
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan jän", "feb", "mar mär mrz", "apr", "may mai", "jun", "jul", "aug", "sep", "oct okt", "nov", "dec dez"), 1
    )
    for name in names.split()
}
_TIME = r"([0-9]{1,2})[:.]([0-9]{2})(?::([0-9]{2}))?(?:[.,][0-9]+)?"
_ZONE = r"\s*(?:Uhr)?\s*\(?([A-Za-z]{1,8}(?:/[A-Za-z]{1,20})?|(?:GMT|UTC)?[+-][0-9]{2}(?::?[0-9]{2})?)?\)?(?:\s*\([^()]{1,60}\))?"
_WEEKDAY = r"(?:[^\W\d]{2,10}\.?,?\s+)?"
_RFC822 = re.compile(
    rf"(?:[^\W\d]{{2,10}}\.?,?\s*)?([0-9]{{1,2}})\.?[\s-]([^\W\d]{{3,9}})\.?,?[\s-]([0-9]{{2}}|[0-9]{{4}}),?(?:\s+{_TIME})?{_ZONE}"
)
_ISO = re.compile(rf"([0-9]{{4}})-([0-9]{{1,2}})-([0-9]{{1,2}})(?:[Tt\s]\s*{_TIME})?{_ZONE}")
_COMPACT = re.compile(
    rf"([0-9]{{4}})([0-9]{{2}})([0-9]{{2}})(?:T([0-9]{{2}}):?([0-9]{{2}})(?::?([0-9]{{2}}))?)?{_ZONE}"
)
_GERMAN = re.compile(rf"([0-9]{{1,2}})\.\s?([0-9]{{1,2}})\.\s?([0-9]{{4}}),?(?:\s*{_TIME})?{_ZONE}")
# As programs write them that were never told how: "Mon Jan 10 2022 15:30:00 GMT+0100 (…)", "Mon Jan 10 15:30:00 CET 2022".
_SCRIPT = re.compile(rf"{_WEEKDAY}([^\W\d]{{3,9}})\s+([0-9]{{1,2}}),?\s+([0-9]{{4}}),?(?:\s+{_TIME})?{_ZONE}")
_UNIX = re.compile(rf"(?=.*\s([0-9]{{4}})$){_WEEKDAY}([^\W\d]{{3,9}})\s+([0-9]{{1,2}})\s+{_TIME}{_ZONE}\s+[0-9]{{4}}")
_FORMS = (
    (_RFC822, (2, 1, 0)), (_ISO, (0, 1, 2)), (_COMPACT, (0, 1, 2)), (_GERMAN, (2, 1, 0)), (_SCRIPT, (2, 0, 1)),
    (_UNIX, (0, 1, 2)),
)  # fmt: skip
"""each with where year, month and day stand in it"""


def read_date(raw: str, zone: tzinfo) -> datetime | None:
    """A feed's date in UTC; None if it cannot be read or does not exist. `zone` is meant where the date names none.

    >>> read_date("Mo, 10 Jan 2022 15:30:00 MEZ", UTC).isoformat()
    '2022-01-10T14:30:00+00:00'
    """
    raw = raw[: MAX_DATE + 1].strip()
    if len(raw) > MAX_DATE:
        return None
    for pattern, order in _FORMS:
        found = pattern.fullmatch(raw)
        if found:
            year, month, day = (found[i + 1] for i in order)
            return _moment(year, month, day, found.groups()[3:], zone)
    return None


def _moment(year: str, month: str, day: str, rest: tuple[str | None, ...], zone: tzinfo) -> datetime | None:
    hour, minute, second, named = rest
    number = int(month) if month.isdigit() else _MONTHS.get(month[:3].lower(), 0)
    full = int(year) + (0 if len(year) == 4 else 2000 if int(year) < 70 else 1900)
    offset = _offset(named) if named else zone
    if offset is None:
        return None
    leap = second == "60"
    try:
        local = datetime(
            full, number, int(day), int(hour or 0), int(minute or 0), 59 if leap else int(second or 0), tzinfo=offset
        )
        return (local + timedelta(seconds=leap)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=256)
def _offset(named: str) -> tzinfo | None:
    name = named.upper()
    if name in _ZONES:
        return timezone(timedelta(minutes=_ZONES[name]))
    digits = re.fullmatch(r"(?:GMT|UTC)?([+-])([0-9]{2}):?([0-9]{2})?", name)
    if digits:
        rest = int(digits[3] or 0)
        minutes = int(digits[2]) * 60 + rest
        if rest > 59 or minutes > 14 * 60:
            return None
        return timezone(timedelta(minutes=minutes if digits[1] == "+" else -minutes))
    return ZoneInfo(named) if named in ("Europe/Berlin", "Europe/Vienna", "Europe/Zurich") else None


# --- bytes to characters ----------------------------------------------------------------------------------------------

_DECLARED = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._-]{1,40})", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_BOMLESS = ((b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_SINGLE_BYTE = re.compile(r"(?:iso-?8859-?|latin-?|windows-?|cp-?|koi8-|mac)[\w-]+|us-ascii|ascii", re.IGNORECASE)
"""Encodings that we let a stranger name. Python knows others (zip, rot13, idna, utf-7) that are no encodings of feeds."""


def _inflated(body: bytes) -> bytes:
    """The body out of a gzip that no header announced, read no further than the limit."""
    if body[:3] != b"\x1f\x8b\x08":
        return body
    plain_bytes = b""
    while body[:3] == b"\x1f\x8b\x08":  # a gzip may have several members; what stands behind them is padding
        stream = zlib.decompressobj(31)
        try:
            plain_bytes += stream.decompress(body, MAX_BODY + 1 - len(plain_bytes))
        except zlib.error:
            raise FeedError("broken gzip") from None
        if len(plain_bytes) > MAX_BODY:
            raise FeedError("too large")
        if not stream.eof:
            raise FeedError("cut off gzip")
        body = stream.unused_data
    return plain_bytes


def _decoded(body: bytes, content_type: str) -> str:
    """The characters. What is valid UTF-8 is UTF-8, whatever it is declared to be: chance does not make it so."""
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(encoding, "replace")
    head = body[:64].lstrip()
    for start, encoding in _BOMLESS:
        if head.startswith(start):
            return body.decode(encoding, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        # A feed cut off inside its last character is UTF-8 all the same.
        if error.start > len(body) - 4 and error.end >= len(body):
            return body[: error.start].decode("utf-8")
    if mostly_utf8(body):
        return body.decode("utf-8", "replace")
    return body.decode(_single_byte(body, content_type), "replace")


def _single_byte(body: bytes, content_type: str) -> str:
    declared = _DECLARED.search(body[:1024])
    said = _CHARSET.search(content_type)
    for name in (declared[1].decode("ascii") if declared else "", said[1] if said else ""):
        if name.lower() in ("iso-8859-1", "iso8859-1", "latin-1", "latin1", "us-ascii", "ascii"):
            return "cp1252"  # as browsers do: it is the same, but for the quotation marks and dashes
        if name and _SINGLE_BYTE.fullmatch(name):
            try:
                codecs.lookup(name)
                "".encode(name)
                return name
            except (LookupError, UnicodeError):
                continue
    return "cp1252"


# --- XML --------------------------------------------------------------------------------------------------------------

_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(?:rss|feed|RDF|rdf|channel)[\s>]")
_SPACES = {
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://channel.netscape.com/rdf/simple/0.9/": "",
    "http://backend.userland.com/rss2": "",
    "http://backend.userland.com/rss": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://www.w3.org/2005/Atom": "atom:",
    "http://purl.org/atom/ns#": "atom:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
}
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"

_PROMISED = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)[\s>]", re.IGNORECASE)

_Read = tuple[str, str, list["_Item | None"], list[str]]


def _read_xml(text: str) -> _Read:
    text = _from_root(text)
    shortened = _shortened(text)
    problems = [] if shortened is text else ["overlong fields cut"]
    root = _tree(shortened, recover=False)
    if root is not None:
        read = _read_tree(root, problems)
        # Entries under names that are nobody's are not "no entries".
        odd = not read[2] and len(text) <= MAX_JUDGED and _PROMISED.search(text) is not None
        return (_read_by_feedparser(text, problems) or read) if odd else read
    problems.append("not well-formed")
    repaired = _repaired(shortened)
    root = _tree(repaired, recover=False)
    return _read_tree(root, problems) if root is not None else _read_broken(repaired, problems)


def _from_root(text: str) -> str:
    """From the root element on: the declaration, DOCTYPE, blank lines and warnings of PHP before it all go."""
    at = 0
    while True:
        root = _ROOT.search(text, at)
        if root is None:
            raise FeedError("entity declaration" if "<!entity" in text[:65536].lower() else "not a feed")
        opened = text.rfind("<!--", 0, root.start())
        if opened < 0 or text.find("-->", opened, root.start()) >= 0:
            break
        closed = text.find("-->", root.start())
        if closed < 0:
            raise FeedError("not a feed")
        at = closed
    if "<!entity" in text[: root.start()].lower():
        raise FeedError("entity declaration")
    return text[root.start() :]


def _shortened(text: str) -> str:
    if len(text) <= MAX_RUN:
        return text
    pieces = text.split("<")
    if max(map(len, pieces)) <= MAX_RUN:
        return text
    return "<".join(piece if len(piece) <= MAX_RUN else _short(piece) for piece in pieces)


def _short(piece: str) -> str:
    if piece.startswith("![CDATA["):
        return piece[:MAX_RUN] + ("]]>" if piece.rstrip().endswith("]]>") else "")
    end = piece.find(">")
    if end < 0:
        return piece[:MAX_RUN]
    tag = piece[:end]
    if len(tag) > MAX_RUN:  # a tag of a hundred thousand attributes keeps its name
        tag = re.split(r"\s", tag[:200], maxsplit=1)[0] + ("/" if tag.endswith("/") else "")
    return f"{tag}>{piece[end + 1 : end + 1 + MAX_RUN]}"


def _tree(text: str, *, recover: bool) -> etree._Element | None:
    """The tree, or None. Without huge_tree libxml2 itself refuses more than 256 levels and 10 MB of one text."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=recover,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


_BAD_CHARS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REFERENCE = re.compile(r"&(?:#([xX]?)([0-9a-fA-F]{1,20})|([A-Za-z][A-Za-z0-9]{1,31}));")
_BARE_AMPERSAND = re.compile(r"&(?!(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos);)")
_BARE_LESS = re.compile(r"<(?![A-Za-z_/!?])")
_PREFIX = re.compile(r"</?([A-Za-z_][\w.-]{0,40}):")
_USUAL = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "atom": "http://www.w3.org/2005/Atom",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}


def _repaired(text: str) -> str:
    """What feeds get wrong again and again, put right: characters and references that XML has not, bare `&` and `<`."""
    text = _BAD_CHARS.sub("", text)
    first, *others = text.split("<![CDATA[")
    parts = [_repaired_markup(first)]
    for other in others:
        inside, closed, outside = other.partition("]]>")
        parts.append(f"<![CDATA[{inside}{closed}{_repaired_markup(outside)}")
    return _declared("".join(parts))


def _repaired_markup(text: str) -> str:
    if "&" in text:
        text = _BARE_AMPERSAND.sub("&amp;", _REFERENCE.sub(_character, text))
    return _BARE_LESS.sub("&lt;", text)


def _character(reference: re.Match[str]) -> str:
    hexadecimal, digits, name = reference.groups()
    if name:
        if name in ("amp", "lt", "gt", "quot", "apos"):
            return reference[0]
        return html.entities.html5.get(f"{name};", f"&amp;{name};")
    try:
        code = int(digits, 16 if hexadecimal else 10)
    except ValueError:
        return ""
    real = code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
    return reference[0] if real else ""


def _declared(text: str) -> str:
    """Prefixes that are used but declared nowhere, declared at the root: usual ones as what they usually mean."""
    used = set(_PREFIX.findall(text))
    missing = sorted(name for name in used if f"xmlns:{name}" not in text and name != "xml")[:100]
    if not missing:
        return text
    declarations = "".join(f' xmlns:{name}="{_USUAL.get(name, f"urn:undeclared:{name}")}"' for name in missing)
    return re.sub(r"^<[\w.:-]+", lambda tag: tag[0] + declarations, text, count=1)


def _read_broken(text: str, problems: list[str]) -> _Read:
    """Not well-formed even after repair: what libxml2 recovers, unless feedparser finds more."""
    root = _tree(text, recover=True)
    read: _Read | None = None
    if root is not None:
        try:
            read = _read_tree(root, problems)
        except FeedError:
            read = None
    promised = len(_PROMISED.findall(text))
    if (read is None or len(read[2]) < promised) and len(text) <= MAX_JUDGED:
        judged = _read_by_feedparser(text, problems)
        if judged is not None and (read is None or len(judged[2]) > len(read[2])):
            read = judged
    if read is None or not read[2]:
        raise FeedError("malformed")
    kind, title, items, problems = read
    if len(re.findall(r"</(?:[\w.-]+:)?(?:item|entry)\s*>", text)) < len(items):
        items = [*items[:-1], None]  # the last one is cut off; the next poll brings it whole
        problems = [*problems, "cut off"]
    return kind, title, items, problems


def _read_tree(root: etree._Element, problems: list[str]) -> _Read:
    kind = _kind(root)
    if kind.startswith("atom"):
        read, title = _atom_item, _text(root.find("{*}title"))
        nodes = [node for node in root.iter("{*}entry") if _key(str(node.tag)) in ("atom:entry", "entry")]
    else:
        read = _rss_item
        channel = root if _names(root)[1] == "channel" else root.find("{*}channel")
        title = "" if channel is None else _text(channel.find("{*}title"))
        nodes = [node for node in root.iter("{*}item") if _key(str(node.tag)) == "item"]
    bases = tuple(filter(None, [root.get(_BASE)]))
    return kind, title, [read(node, bases) for node in nodes], list(problems)


def _names(node: etree._Element) -> tuple[str, str]:
    """Namespace and local name. lxml's QName raises on names that its own recovering parser lets through."""
    space, _, local = str(node.tag).rpartition("}")
    return space[1:], local


def _kind(root: etree._Element) -> str:
    space, local = _names(root)
    if local == "feed":
        return "atom03" if space == "http://purl.org/atom/ns#" else "atom10"
    if local.lower() == "rdf":
        return "rss10" if "http://purl.org/rss/1.0/" in root.nsmap.values() else "rss090"
    if local not in ("rss", "channel"):
        raise FeedError("not a feed")
    return {"0.90": "rss090", "0.91": "rss091", "0.92": "rss092"}.get((root.get("version") or "").strip(), "rss20")


@lru_cache(maxsize=1024)
def _key(tag: str) -> str:
    """A tag as `title`, `atom:link`, `dc:date`; `?…` for the ones of namespaces that we do not read."""
    if not tag.startswith("{"):
        return tag if ":" not in tag else f"?{tag}"
    space, _, local = tag[1:].rpartition("}")
    return f"{_SPACES.get(space, '?')}{local}"


def _text(node: etree._Element | None) -> str:
    """The characters of an element. Elements inside it, as in Atom's xhtml and in descriptions that forgot to escape, are
    markup as if they had been escaped: where they part words `plain` knows."""
    if node is None:
        return ""
    if not len(node):
        return node.text or ""
    return html.escape(node.text or "", quote=False) + "".join(
        etree.tostring(child, encoding="unicode") for child in node
    )


def _fields(node: etree._Element) -> dict[str, etree._Element]:
    """The children by key; the first of several that say something."""
    found: dict[str, etree._Element] = {}
    for child in node:
        key = _key(child.tag) if isinstance(child.tag, str) else "?"
        if not key.startswith("?") and (key not in found or not _text(found[key]).strip()):
            found[key] = child
    return found


def _first(fields: Mapping[str, etree._Element], *names: str) -> str:
    for name in names:
        if name in fields:
            text = _text(fields[name])
            if text.strip():
                return text
    return ""


def _rss_item(node: etree._Element, bases: tuple[str, ...]) -> _Item:
    fields = _fields(node)
    guid = fields.get("guid")
    return _Item(
        headline=_first(fields, "title", "dc:title"),
        teaser=_first(fields, "description", "atom:summary", "dc:description", "content:encoded"),
        guid=_first(fields, "guid", "atom:id") or node.get(_ABOUT) or "",
        guid_is_link=guid is not None and (guid.get("isPermaLink") or "true").strip().lower() != "false"
        and _text(guid).strip().lower().startswith(("http://", "https://")),
        link=_first(fields, "link") or _alternate(node) or node.get(_ABOUT) or "",
        bases=(*bases, *filter(None, [node.get(_BASE)])),
        published=_first(fields, "pubDate", "atom:published", "dcterms:issued", "dcterms:created", "dc:date"),
        updated=_first(fields, "atom:updated", "dcterms:modified"),
    )  # fmt: skip


def _atom_item(node: etree._Element, bases: tuple[str, ...]) -> _Item:
    fields = _fields(node)
    return _Item(
        headline=_first(fields, "atom:title", "title"),
        teaser=_first(fields, "atom:summary", "summary", "atom:content", "content"),
        guid=_first(fields, "atom:id", "id"),
        guid_is_link=_first(fields, "atom:id", "id").strip().lower().startswith(("http://", "https://")),
        link=_alternate(node),
        bases=(*bases, *filter(None, [node.get(_BASE)])),
        published=_first(fields, "atom:published", "published", "atom:issued", "atom:created", "dc:date"),
        updated=_first(fields, "atom:updated", "updated", "atom:modified"),
    )


def _alternate(node: etree._Element) -> str:
    """The address in the link of Atom that leads to the article: rel `alternate` or none, a page rather than else."""
    links = [
        link
        for link in node
        if isinstance(link.tag, str)
        and _key(link.tag) in ("atom:link", "link")
        and link.get("href")
        and (link.get("rel") or "alternate") == "alternate"
    ]
    links.sort(key=lambda link: (link.get("type") or "text/html") not in ("text/html", "application/xhtml+xml"))
    return (links[0].get("href") or "") if links else ""


# --- the others -------------------------------------------------------------------------------------------------------


def _read_by_feedparser(text: str, problems: list[str]) -> _Read | None:
    """The same items from feedparser. Its sanitiser and its resolver of links are off: slow, and we do both anyway."""
    import feedparser  # 60 ms that well-formed feeds never pay

    try:
        parsed: Any = feedparser.parse(
            io.BytesIO(text.encode("utf-8", "replace")),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception:  # noqa: BLE001 (see next line)
        return None  # seen: ValueError, AttributeError, RecursionError; there is no list of them
    if not parsed.entries:
        return None
    kind = {"rss": "rss20", "cdf": "rss20", "atom": "atom10"}.get(parsed.version or "", parsed.version or "rss20")
    items: list[_Item | None] = [_feedparser_item(entry, kind.startswith("atom")) for entry in parsed.entries]
    return kind, str(parsed.feed.get("title") or ""), items, [*problems, "read by feedparser"]


def _feedparser_item(entry: Mapping[str, Any], atom: bool) -> _Item:
    def said(name: str) -> str:
        # Past its own `get`, which takes one date for another where one is missing.
        return str(dict.get(entry, name) or "")  # type: ignore[call-overload]

    published, updated = said("published"), said("updated")
    if not atom and not published:
        published, updated = updated, ""
    return _Item(
        headline=said("title"),
        teaser=said("summary"),
        guid=said("id"),
        link=said("link"),
        published=published,
        updated=updated,
    )


def _read_json(text: str) -> _Read:
    try:
        feed = json.loads(text.lstrip("\ufeff"), parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        raise FeedError("malformed") from None
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise FeedError("not a feed")
    if "jsonfeed.org" not in str(feed.get("version", "")):
        raise FeedError("not a feed")
    items: list[_Item | None] = [_json_item(item) if isinstance(item, dict) else _Item() for item in feed["items"]]
    return "json1", _string(feed, "title"), items, []


def _json_item(item: Mapping[str, object]) -> _Item:
    # content_text is plain by definition: what looks like markup in it is meant to be read.
    text = html.escape(_string(item, "content_text"), quote=False)
    return _Item(
        headline=html.escape(_string(item, "title"), quote=False),
        teaser=html.escape(_string(item, "summary"), quote=False) or text or _string(item, "content_html"),
        guid=_string(item, "id"),
        guid_is_link=_string(item, "id").startswith(("http://", "https://")),
        link=_string(item, "url") or _string(item, "external_url"),
        published=_string(item, "date_published"),
        updated=_string(item, "date_modified"),
    )


def _string(table: Mapping[str, object], name: str) -> str:
    value = table.get(name)
    if isinstance(value, str):
        return value[:MAX_RUN]
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18 else ""


# --- the list of feeds ------------------------------------------------------------------------------------------------

SHIPPED = Path(__file__).parent / "data" / "feeds.toml"


class FeedListError(ValueError):
    """The list of feeds cannot be used; each line of the message names a row and what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed that we follow."""

    publisher: str
    name: str
    url: str
    zone: str = "Europe/Berlin"
    """the publisher's time zone, in which its dates without a zone are meant"""
    enabled: bool = True
    dossiers: tuple[str, ...] = ()
    """hints: the matters this feed is worth following for; empty: all"""
    interval_minutes: int = 0
    """least time between two polls; 0: as the settings say"""

    @property
    def id(self) -> str:
        """`publisher/name`, unique within a list.

        >>> Feed(publisher="tagesschau", name="Ausland", url="https://example.org/f.xml").id
        'tagesschau/Ausland'
        """
        return f"{self.publisher}/{self.name}"


_ROW_TYPES: Mapping[str, type] = {
    "publisher": str, "name": str, "url": str, "zone": str, "enabled": bool, "dossiers": list, "interval_minutes": int,
}  # fmt: skip


def load_feeds(path: Path = SHIPPED) -> tuple[Feed, ...]:
    """The feeds of a TOML list, disabled ones too. Raises FeedListError naming every row that cannot be used."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise FeedListError(f"{path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FeedListError(f"{path}: {error}") from None
    rows = table.get("feed")
    if not isinstance(rows, list) or set(table) != {"feed"}:
        raise FeedListError(f"{path}: a list of feeds is made of [[feed]] tables and nothing else")
    return checked_feeds(rows, str(path))


def checked_feeds(rows: Iterable[object], where: str) -> tuple[Feed, ...]:
    """Rows as feeds; raises FeedListError with one line for each thing wrong."""
    feeds: list[Feed] = []
    wrong: list[str] = []
    for number, row in enumerate(rows, 1):
        name = str(row.get("name", "")) if isinstance(row, dict) else ""
        label = f"{where}: feed {number}" + (f" ({name})" if name else "")
        problems = list(_row_problems(row))
        wrong += [f"{label}: {problem}" for problem in problems]
        if not problems and isinstance(row, dict):
            feeds.append(Feed(**{**row, "dossiers": tuple(row.get("dossiers", ()))}))
    wrong += [f"{where}: {line}" for line in _doubles(feeds)]
    if wrong:
        raise FeedListError("\n".join(wrong))
    return tuple(feeds)


def _row_problems(row: object) -> Iterator[str]:
    if not isinstance(row, dict):
        yield "is not a table"
        return
    for key in sorted(row.keys() - _ROW_TYPES.keys()):
        yield f"unknown key {key!r}; known are {', '.join(_ROW_TYPES)}"
    for key in ("publisher", "name", "url"):
        if not isinstance(row.get(key), str) or not row[key].strip():
            yield f"needs {key}, a text"
    for key, kind in _ROW_TYPES.items():
        if key in row and type(row[key]) is not kind:
            yield f"{key} must be {'a list of texts' if kind is list else kind.__name__}"
    if isinstance(row.get("url"), str) and row["url"].strip():
        try:
            checked(row["url"])
        except UrlError as error:
            yield f"url cannot be fetched ({error.reason}): http or https, no credentials"
    if isinstance(row.get("zone"), str) and not _is_zone(row["zone"]):
        yield f"zone {row['zone']!r} is no time zone such as 'Europe/Berlin'"
    if isinstance(row.get("interval_minutes"), int) and not 0 <= row["interval_minutes"] <= 10080:
        yield "interval_minutes must lie between 0 and 10080 (a week)"
    if isinstance(row.get("dossiers"), list) and not all(isinstance(d, str) for d in row["dossiers"]):
        yield "dossiers must be a list of texts"


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _doubles(feeds: Iterable[Feed]) -> Iterator[str]:
    """205 doubled feeds once made a collector ask one host 1,155 times a day, until it was blocked."""
    seen: dict[str, str] = {}
    for feed in feeds:
        for key in (feed.id, stem(feed.url)):
            if key in seen:
                yield f"{feed.id} is listed twice (as {seen[key]})"
            seen[key] = feed.id
