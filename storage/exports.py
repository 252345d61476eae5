"""What others read: PLOVER, CAMEO, CSV, Parquet, iCalendar, Atom, GEXF, and corrections in the gold format.

Each format is a function from records to text, in pieces, so that an archive of any size streams. Every record leads
back to its sentence and its address. A `note` says in the file itself that it does not hold everything.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any, BinaryIO
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from sqlalchemy import Connection

from extractors.model import BERLIN, Actor, Event
from extractors.ontology import (
    SYMMETRIC,
    EventType,
    Status,
    cameo_root,
    goldstein,
    plover_export_type,
    plover_score,
    quad,
)
from storage.queries import Act, EventFilter, StoredArticle, StoredEvent, all_with_words, events, numbered
from storage.tracking import Change, Meeting

PAGE = 1000
"""Events read at a time."""
ROW_GROUP = 20_000
"""Rows of Parquet held at a time."""


def all_events(connection: Connection, wanted: EventFilter) -> Iterator[StoredEvent]:
    """Every event that the filter finds, newest first, a page at a time; its limit is not looked at."""
    if wanted.text:
        numbers = all_with_words(connection, wanted)
        for at in range(0, len(numbers), PAGE):
            yield from numbered(connection, numbers[at : at + PAGE])
        return
    before = wanted.before
    while True:
        page = events(connection, replace(wanted, before=before, limit=PAGE))
        yield from page
        if len(page) < PAGE:
            return
        before = page[-1].row


# PLOVER


def plover(found: Iterable[StoredEvent], note: str = "") -> Iterator[str]:
    """JSON lines in PLOVER's names. An announced meeting is AGREE there; `native` keeps how we have it."""
    for stored in found:
        yield _json_line(plover_record(stored))
    if note:
        yield _json_line({"note": note})


def _json_line(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"


def plover_record(stored: StoredEvent) -> dict[str, Any]:
    event = stored.event
    type_ = plover_export_type(event.type, event.status)
    same = type_ is event.type
    when, place = event.when, event.place
    return {
        "id": stored.uid,
        "date": (when.first if when else stored.day or stored.known_from.date()).isoformat(),
        "enddate": when.last.isoformat() if when and when.last != when.first else None,
        "datetype": when.precision.value if when else "report",
        "event": type_.value,
        "mode": event.mode if same else "",
        "quad": int(quad(type_)),
        "score": plover_score(type_, event.mode if same else ""),
        "goldstein": goldstein(type_),
        "actor": [_party(actor) for actor in event.actors],
        "recipient": [_party(actor) for actor in event.recipients],
        "speaker": _party(event.speaker) if event.speaker else None,
        "location": {
            "name": place.name,
            "country": place.country,
            "latitude": place.latitude,
            "longitude": place.longitude,
        }
        if place
        else None,
        "auxiliary": event.status.value,
        "text": event.evidence.quote,
        "textInfo": {"start": event.evidence.start, "end": event.evidence.end},
        "source": stored.publisher,
        "url": stored.url,
        "title": stored.headline,
        "publicationDate": _iso(stored.stand or stored.published_at),
        "act": stored.act or None,
        "copy": stored.copied,
        "confidence": event.confidence,
        "rule": event.evidence.rule,
        "coder": event.coder,
        "reviewed": stored.reviewed,
        "native": {"event": event.type.value, "mode": event.mode, "status": event.status.value},
    }


def _party(actor: Actor) -> dict[str, str]:
    return {"code": actor.code, "name": actor.name, "office": actor.office}


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


# CAMEO


CAMEO_COLUMNS = (
    "GLOBALEVENTID",
    "SQLDATE",
    "MonthYear",
    "Year",
    "Actor1Code",
    "Actor1Name",
    "Actor2Code",
    "Actor2Name",
    "IsRootEvent",
    "EventRootCode",
    "QuadClass",
    "GoldsteinScale",
    "NumMentions",
    "ActionGeo_Fullname",
    "ActionGeo_CountryCode",
    "ActionGeo_Lat",
    "ActionGeo_Long",
    "DATEADDED",
    "SOURCEURL",
    "Status",
    "Quote",
)


def cameo(found: Iterable[StoredEvent], note: str = "") -> Iterator[str]:
    """Tab-separated lines after GDELT's event table, one for each dyad, CAMEO's root codes.

    GDELT's columns that we cannot fill honestly (tone, geocoding types, base codes) are not there; Status and Quote
    are ours. Quad classes are CAMEO's 1 to 4; a public statement counts as verbal cooperation, as CAMEO's root 01 does.
    Spreadsheets open these lines too: cells that they would run begin with an apostrophe, as in the CSV.
    """
    yield "\t".join(CAMEO_COLUMNS) + "\n"
    for stored in found:
        for n, (actor, recipient) in enumerate(dyads(stored)):
            yield "\t".join(_flat(cell(value)) for value in _cameo_row(stored, n, actor, recipient)) + "\n"
    if note:
        yield "\t".join(_noted(note, CAMEO_COLUMNS)) + "\n"


def _noted(note: str, columns: Sequence[str]) -> list[str]:
    """A line that says something of the file, as wide as the others."""
    return [_flat(cell(note)), *("" for _ in columns[1:])]


def dyads(stored: StoredEvent) -> Iterator[tuple[Actor | None, Actor | None]]:
    """Who did it to whom, in pairs: equal participants in both directions, one party alone with nobody."""
    event = stored.event
    if event.recipients:
        yield from ((actor, recipient) for actor in event.actors or (None,) for recipient in event.recipients)
    elif event.type in SYMMETRIC and len(event.actors) > 1:
        yield from ((one, other) for one in event.actors for other in event.actors if one != other)
    else:
        yield from ((actor, None) for actor in event.actors)


def _cameo_row(stored: StoredEvent, n: int, actor: Actor | None, recipient: Actor | None) -> tuple[Any, ...]:
    event, place = stored.event, stored.event.place
    day = (event.when.first if event.when else stored.day) or stored.known_from.date()
    return (
        f"{stored.uid}-{n}",
        f"{day:%Y%m%d}",
        f"{day:%Y%m}",
        day.year,
        actor.code if actor else "",
        actor.name if actor else "",
        recipient.code if recipient else "",
        recipient.name if recipient else "",
        1,
        cameo_root(event.type),
        int(event.quad) or 1,
        event.goldstein,
        1,
        place.name if place else "",
        place.country if place else "",
        place.latitude if place and place.latitude is not None else "",
        place.longitude if place and place.longitude is not None else "",
        f"{stored.known_from:%Y%m%d%H%M%S}",
        stored.url,
        event.status.value,
        event.evidence.quote,
    )


def _flat(value: Any) -> str:
    return re.sub(r"[\t\r\n\x0b\x0c\x85\u2028\u2029]+", " ", str(value))


# CSV and Parquet

CSV_COLUMNS = (
    "id",
    "day",
    "type",
    "mode",
    "status",
    "actors",
    "recipients",
    "speaker",
    "when",
    "place",
    "country",
    "quad",
    "plover",
    "goldstein",
    "confidence",
    "quote",
    "publisher",
    "url",
    "headline",
    "published",
    "act",
    "copy",
    "reviewed",
    "rule",
    "coder",
    "known_from",
)


def csv_lines(found: Iterable[StoredEvent], note: str = "") -> Iterator[str]:
    """Comma-separated lines (RFC 4180). Cells that a spreadsheet would run as a formula begin with an apostrophe."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(CSV_COLUMNS)
    for stored in found:
        writer.writerow([cell(value) for value in flat_record(stored).values()])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    if note:
        writer.writerow(_noted(note, CSV_COLUMNS))
    yield buffer.getvalue()


_FORMULA = frozenset("=+-@|%＝＋－＠")
_SPACE = frozenset("\t\r\n")


def cell(value: Any) -> Any:
    """A value that no spreadsheet takes for a formula; numbers stay numbers.

    >>> cell('=HYPERLINK("http://x")'), cell(-3.5), cell("Kiew"), cell(" @x")
    ('\\'=HYPERLINK("http://x")', -3.5, 'Kiew', "' @x")
    """
    if value is None:
        return ""
    if not isinstance(value, str) or value[:1].isalnum():  # as most begin
        return value
    formula = value.lstrip()[:1] in _FORMULA or value[:1] in _SPACE
    return f"'{value}" if value and formula else value


def flat_record(stored: StoredEvent) -> dict[str, Any]:
    """An event in one row of plain values, in the order of CSV_COLUMNS."""
    event, place = stored.event, stored.event.place
    values = (
        stored.uid,
        stored.day.isoformat() if stored.day else "",
        event.type.value,
        event.mode,
        event.status.value,
        ";".join(actor.code for actor in event.actors),
        ";".join(actor.code for actor in event.recipients),
        event.speaker.code if event.speaker else "",
        event.when.iso if event.when else "",
        place.name if place else "",
        place.country if place else "",
        int(event.quad),
        event.plover_score,
        event.goldstein,
        event.confidence,
        event.evidence.quote,
        stored.publisher,
        stored.url,
        stored.headline,
        _iso(stored.stand or stored.published_at) or "",
        stored.act,
        stored.copied,
        stored.reviewed,
        event.evidence.rule,
        event.coder,
        stored.known_from.isoformat(),
    )
    return dict(zip(CSV_COLUMNS, values, strict=True))


class NoParquet(RuntimeError):
    """Parquet needs pyarrow, which is not installed."""


_NUMBERS = {"quad": "int64", "plover": "double", "goldstein": "double", "confidence": "double"}
_FLAGS = ("copy", "reviewed")


def parquet(found: Iterable[StoredEvent], out: BinaryIO) -> int:
    """Write a Parquet file with the columns of the CSV, the same types in each; returns the rows.

    Raises NoParquet without pyarrow.
    """
    try:
        import pyarrow  # type: ignore[import-not-found,unused-ignore]
        import pyarrow.parquet  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        raise NoParquet("Parquet needs pyarrow: pip install pyarrow, or export CSV instead") from None
    kinds = dict.fromkeys(CSV_COLUMNS, "string") | _NUMBERS | dict.fromkeys(_FLAGS, "bool")
    schema = pyarrow.schema([(name, pyarrow.type_for_alias(kind)) for name, kind in kinds.items()])
    left, rows = iter(found), 0
    with pyarrow.parquet.ParquetWriter(out, schema) as writer:
        while group := [flat_record(stored) for stored in islice(left, ROW_GROUP)]:
            writer.write_table(pyarrow.Table.from_pylist(group, schema=schema))
            rows += len(group)
    return rows


# iCalendar

_STATUS = {"confirmed": "CONFIRMED", "held": "CONFIRMED", "cancelled": "CANCELLED"}


Described = Callable[[Meeting, Sequence[Change]], Iterable[str]]


def described(meeting: Meeting, changes: Sequence[Change]) -> Iterable[str]:
    """What an entry says beside what has a place of its own, a line each: as it is kept, in English."""
    yield f"{meeting.state}: {', '.join(meeting.parties)}"
    if meeting.outcome:
        yield meeting.outcome
    for change in changes:
        if change.quote:
            yield f"{change.at.astimezone(BERLIN):%Y-%m-%d} {change.state}: {change.quote}"


def icalendar(
    meetings: Iterable[tuple[Meeting, Sequence[Change]]],
    now: datetime,
    *,
    name: str = "Depesche",
    describe: Described = described,
) -> bytes:
    """A calendar to subscribe to: one entry for each meeting with a day.

    The UID never changes; SEQUENCE grows whenever state, day or place do; an announced meeting is TENTATIVE, a
    cancelled one stays as CANCELLED, as else subscribers would keep it. The sentences are in the description.
    """
    from icalendar import Calendar, vText

    calendar = Calendar()
    calendar.add("prodid", "-//Depesche//Termine//DE")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    # The library takes no property that it does not know for text, and would leave a comma in it as it is.
    calendar.add("x-wr-calname", vText(_line(name)))
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for meeting, changes in meetings:
        if meeting.day_first is not None:
            calendar.add_component(_entry(meeting, describe(meeting, changes), now))
    return bytes(calendar.to_ical())


def _entry(meeting: Meeting, told: Iterable[str], now: datetime) -> Any:
    from icalendar import Event as Entry

    assert meeting.day_first is not None
    entry = Entry()
    entry.add("uid", f"{meeting.uid}@depesche")
    entry.add("dtstamp", (meeting.updated_at or now).astimezone(UTC))
    entry.add("last-modified", (meeting.updated_at or now).astimezone(UTC))
    if meeting.created_at is not None:
        entry.add("created", meeting.created_at.astimezone(UTC))
    entry.add("sequence", meeting.sequence)
    entry.add("status", _STATUS.get(meeting.state, "TENTATIVE"))
    entry.add("summary", _line(meeting.title or " – ".join(meeting.parties)))
    entry.add("dtstart", meeting.day_first)
    # DTEND of a whole day is the day after.
    entry.add("dtend", (meeting.day_last or meeting.day_first) + timedelta(days=1))
    entry.add("transp", "TRANSPARENT")
    if meeting.place:
        entry.add("location", _line(meeting.place))
    entry.add("categories", [_line(party) for party in meeting.parties])
    entry.add("description", "\n".join(map(_line, told)))
    return entry


_NO_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


def _line(value: str) -> str:
    """One line without control characters and without what turns the direction of writing: calendars show it as it is."""
    return _NO_LINE.sub(" ", value).strip()


# Atom


def atom(
    acts: Iterable[tuple[Act, Sequence[StoredEvent]]],
    now: datetime,
    *,
    title: str = "Depesche",
    home: str = "",
    party: str = "",
) -> Iterator[str]:
    """An Atom feed of acts; the id of an entry is the act's and stays, `updated` moves with every report.

    The feed's own moves with its entries and not with the clock: a reader would take it for changed at each poll.
    The feed of a `party` has an id of its own.
    """
    told = list(acts)
    updated = max((act.updated_at for act, _ in told), default=now)
    of = f":{quote(party, safe='')}" if party else ""
    yield '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
    yield f"<id>tag:depesche,2026:acts{of}</id><title>{xml(title)}</title>"
    yield f"<updated>{updated.astimezone(UTC).isoformat()}</updated>\n"
    if home:
        own = f"{home.rstrip('/')}/acts.atom" + (f"?party={quote(party, safe='')}" if party else "")
        yield f'<link href={xml_attribute(home)}/><link rel="self" type="application/atom+xml" href={xml_attribute(own)}/>\n'
    for act, reports in told:
        yield _atom_entry(act, reports, home)
    yield "</feed>\n"


def _atom_entry(act: Act, reports: Sequence[StoredEvent], home: str) -> str:
    address = f"{home.rstrip('/')}/acts/{act.uid}" if home else (reports[0].url if reports else "")
    told = "\n".join(f"{each.publisher}: {each.event.evidence.quote}{_surety(each)}" for each in reports)
    what = act.title or f"{act.type} ({act.status}): {', '.join(act.parties)}"
    return (
        f"<entry><id>tag:depesche,2026:{xml(act.uid)}</id><title>{xml(what)}</title>"
        f"<updated>{act.updated_at.astimezone(UTC).isoformat()}</updated>"
        f"<published>{act.created_at.astimezone(UTC).isoformat()}</published>"
        f"<author><name>Depesche</name></author>"
        + (f"<link href={xml_attribute(address)}/>" if address else "")
        + f'<category term={xml_attribute(act.type)}/><content type="text">{xml(told)}</content></entry>\n'
    )


def _surety(stored: StoredEvent) -> str:
    """How sure the machine is of a sentence; nothing where a reviewer was. What is under half never reads as half."""
    share = stored.event.confidence
    return "" if stored.reviewed else f" ({min(round(share * 100), 49 if share < 0.5 else 100)} %)"


_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml(value: str) -> str:
    """Text for an XML element; characters that XML 1.0 cannot hold are left out."""
    return escape(_NOT_XML.sub("", value))


def xml_attribute(value: str) -> str:
    return quoteattr(_NOT_XML.sub("", value))


# GEXF


def gexf(
    found: Iterable[StoredEvent], now: datetime, *, called: Callable[[str], str] = str, note: str = ""
) -> Iterator[str]:
    """The network of actors for Gephi: an edge for each pair and day span, with the number of events, mean score and sign.

    The mean is of what happened: a plan, a fear and a denial are events, and no deeds; a statement has no score. An edge
    with nothing of that kind has no mean and no sign.
    `called` names a code: an article calls a state by whoever speaks for it.
    """
    codes: set[str] = set()
    edges: dict[tuple[str, str], _Edge] = defaultdict(_Edge)
    for stored in found:
        for actor, recipient in dyads(stored):
            codes.update(party.code for party in (actor, recipient) if party is not None)
            if actor is not None and recipient is not None:
                edges[actor.code, recipient.code].add(stored.day or stored.known_from.date(), _deed_score(stored.event))
    yield '<?xml version="1.0" encoding="utf-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3">\n'
    described = f"<description>{xml(note)}</description>" if note else ""
    yield f'<meta lastmodifieddate="{now:%Y-%m-%d}"><creator>Depesche</creator>{described}</meta>\n'
    yield '<graph defaultedgetype="directed" mode="dynamic" timeformat="date">\n'
    yield '<attributes class="edge"><attribute id="0" title="mean PLOVER score" type="double"/>'
    yield '<attribute id="1" title="sign" type="integer"/></attributes>\n<nodes>\n'
    for code in sorted(codes):
        yield f"<node id={xml_attribute(code)} label={xml_attribute(called(code))}/>\n"
    yield "</nodes>\n<edges>\n"
    for n, (one, other) in enumerate(sorted(edges)):
        yield _edge(n, one, other, edges[one, other])
    yield "</edges>\n</graph>\n</gexf>\n"


def _deed_score(event: Event) -> float | None:
    happened = event.status in (Status.PAST, Status.ONGOING) and event.type is not EventType.STATE
    return event.plover_score if happened else None


@dataclass(slots=True)
class _Edge:
    """What the events of one party towards another add up to; what is no deed has no score."""

    events: int = 0
    scored: int = 0
    score: float = 0.0
    first: date = date.max
    last: date = date.min

    def add(self, day: date, score: float | None) -> None:
        self.events += 1
        self.first, self.last = min(self.first, day), max(self.last, day)
        if score is not None:
            self.scored, self.score = self.scored + 1, self.score + score


def _edge(n: int, actor: str, recipient: str, told: _Edge) -> str:
    values = ""
    if told.scored:
        mean = told.score / told.scored
        sign = (mean > 0) - (mean < 0)
        values = f'<attvalues><attvalue for="0" value="{mean:.3f}"/><attvalue for="1" value="{sign}"/></attvalues>'
    return (
        f'<edge id="{n}" source={xml_attribute(actor)} target={xml_attribute(recipient)} weight="{told.events}"'
        f' start="{told.first}" end="{told.last}">{values}</edge>\n'
    )


# Corrections


def gold(articles: Iterable[StoredArticle]) -> Iterator[str]:
    """Articles as JSON lines in the format of gold labels: grade, and the events that are believed today.

    Given the articles that reviewers corrected, it is what they taught, ready to be measured against.
    """
    for article in articles:
        told = [each for each in (article.current.events if article.current else ()) if each.known_to is None]
        line = {"id": article.key, "grade": article.grade, "events": [gold_event(each.event) for each in told]}
        yield json.dumps(line, ensure_ascii=False) + "\n"


def gold_event(event: Event) -> dict[str, Any]:
    """An event in the gold format: the fields of the codebook."""
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


FORMATS: dict[str, Callable[..., Iterator[str]]] = {
    "plover": plover,
    "cameo": cameo,
    "csv": csv_lines,
}
"""Formats of events that are plain text and need nothing else."""
