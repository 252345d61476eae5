"""What the tests of the archive keep in it: a feed, its entries, an article with two events, an alert."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine, select

from extractors.model import (
    Actor,
    Alert,
    Article,
    Assessment,
    Event,
    Evidence,
    FeedEntry,
    FetchedPage,
    Grade,
    PartKind,
    Place,
    Precision,
    Quote,
    Reason,
    When,
)
from extractors.ontology import EventType, Status
from storage import packing, queries
from storage.archive import Archive, Claimed, Made, Sighting, opened
from storage.tables import AliasRow
from storage.tracking import Link

NOW = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LEASE = timedelta(minutes=5)
FEED = "https://feed.example/rss"

RUS, NATO, UKR = (Actor(code=code, name=name) for code, name in (("RUS", "Moskau"), ("NATO", "NATO"), ("UKR", "Kiew")))

HEADLINE = "Moskau und NATO wollen in Genf beraten"
SAID = "Moskau und die NATO wollen am 12. März in Genf über Sicherheitsgarantien beraten."
REFUSED = "Das Bündnis lehnte die Forderung nach einem Verzicht auf Übungen ab."


def sighting(number: int, *, feed: str = FEED, fetch: str = "new", drop: str = "", guid: str = "") -> Sighting:
    url = f"https://haus.example/meldung-{number}.html"
    entry = FeedEntry(feed_url=feed, guid=guid or url, url=url, headline=f"Meldung {number}", published_at=NOW)
    return Sighting(stem=f"haus.example/meldung-{number}", entry=entry, publisher="haus", fetch=fetch, drop=drop)


def article(number: int = 1, *, said: str = SAID, stand: datetime | None = NOW) -> Article:
    return Article.compose(
        url=f"https://haus.example/meldung-{number}.html",
        publisher="haus",
        headline=HEADLINE,
        teaser=f"Meldung {number}",
        kicker="Diplomatie",
        byline="Eine Reporterin",
        body=((PartKind.PARAGRAPH, said), (PartKind.SUBHEAD, "Absage"), (PartKind.PARAGRAPH, REFUSED)),
        published_at=NOW,
        stand=stand,
        extractor="haus-2031",
    )


def page(number: int = 1, body: bytes = b"<html>Seite</html>") -> FetchedPage:
    return FetchedPage(url=f"https://haus.example/meldung-{number}.html", body=body, fetched_at=NOW, etag='"1"')


def evidence(of: Article, quote: str, rule: str) -> Evidence:
    start = of.text.index(quote)
    return Evidence(start=start, end=start + len(quote), quote=quote, rule=rule)


def meeting(of: Article, *, said: str = SAID, coder: str = "1+aa") -> Event:
    return Event(
        type=EventType.CONSULT,
        mode="multilateral",
        status=Status.PLANNED,
        actors=(NATO, RUS),
        when=When(
            first=date(2031, 3, 12), last=date(2031, 3, 12), precision=Precision.DAY, words="am 12. März", rule="day"
        ),
        place=Place(name="Genf", country="CHE", latitude=46.2, longitude=6.15),
        evidence=evidence(of, said, "wollen-beraten"),
        confidence=0.9,
        coder=coder,
    )


def refusal(of: Article, *, coder: str = "1+aa") -> Event:
    return Event(
        type=EventType.REJECT,
        mode="yield",
        status=Status.PAST,
        actors=(NATO,),
        recipients=(RUS,),
        speaker=NATO,
        evidence=evidence(of, REFUSED, "lehnte-ab"),
        confidence=0.8,
        coder=coder,
    )


def quote(of: Article) -> Quote:
    start = of.text.index(REFUSED)
    return Quote(kind="reported", spans=((start, start + 20),), speaker=(start, start + 11), speaker_code="NATO")


def assessment(grade: Grade = Grade.CORE, *, coder: str = "1+aa") -> Assessment:
    return Assessment(
        dossier="russland-nato",
        score=0.93 if grade else 0.02,
        grade=grade,
        rule_grade=grade,
        reasons=(Reason(rule="actors-topics", words=("NATO", "Moskau"), weight=1.5),),
        sentences=((0, 10),),
        coder=coder,
    )


def alert(number: int = 1, **more: object) -> Alert:
    return Alert(key=f"alert-{number}", watch="talks", title=HEADLINE, body=SAID, **more)  # type: ignore[arg-type]


def claim_one(archive: Archive, number: int = 1, *, now: datetime = NOW, worker: str = "w1") -> Claimed:
    """Announce an entry if it is new, and claim it."""
    archive.add_window(FEED, [sighting(number)], now)
    (claimed,) = archive.claim_entries(worker, 1, now, lease=LEASE)
    return claimed


def keep(
    engine: Engine, number: int = 1, *, said: str = SAID, events: Sequence[Event] | None = None, **more: object
) -> Article:
    """Keep an article with what it tells, each event as an act of its own."""
    kept = article(number, said=said)
    told = [meeting(kept), refusal(kept)] if events is None else events
    links = [Link(event=event.id, act=f"act-{event.type}", reasons=("same day",)) for event in told]
    with opened(engine) as archive:
        claimed = claim_one(archive, number)
        archive.keep_article(claimed, kept, Made(assessments=[assessment()], events=told, links=links), NOW, **more)  # type: ignore[arg-type]
    return kept


def under_guid(archive: Archive, guid: str) -> tuple[int, ...]:
    """The articles that a feed announced under this guid, oldest first; several if the guid was reused."""
    asked = select(AliasRow.article_id).where(AliasRow.kind == "guid", AliasRow.digest == packing.digest(guid))
    return tuple(archive.connection.scalars(asked.order_by(AliasRow.first_seen, AliasRow.article_id)))


def types(found: Sequence[queries.StoredEvent]) -> list[str]:
    return sorted(str(each.event.type) for each in found)
