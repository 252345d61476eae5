"""An archive for the tests of the reading room: articles, events and what is followed, some of it hostile."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

from sqlalchemy import Engine

from extractors.model import (
    Actor,
    Article,
    Assessment,
    Event,
    Evidence,
    FeedEntry,
    Grade,
    PartKind,
    Place,
    Precision,
    Quote,
    Reason,
    When,
)
from extractors.ontology import EventType, Status
from flows.web.app import PAGES
from storage import queries
from storage.archive import Made, Sighting, opened
from storage.engine import reading
from storage.queries import EventFilter
from storage.runs import Accounts
from storage.tracking import Change, Demand, Link, Meeting, Story

NOW = datetime(2031, 3, 10, 9, 30, tzinfo=UTC)
FEED = "https://feed.example/rss"
TOKEN = "ein-langes-geheimes-Wort"
RUS, NATO, UKR = (Actor(code=code, name=name) for code, name in (("RUS", "Moskau"), ("NATO", "NATO"), ("UKR", "Kiew")))
EVIL = """"><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}' onclick='x()' href="/acts/gift" &amp;"""
LASTED = "Die Gespräche dauerten sechs Stunden."
MET = "Moskau und die NATO haben in Genf beraten."
REFUSED = "Das Bündnis lehnte einen Verzicht auf Übungen ab."
REWORDED = "Das Bündnis lehnte am Abend einen Verzicht auf Übungen ab."
SOFTER = "Das Bündnis soll einen Verzicht auf Übungen abgelehnt haben."


def article(
    number: int, *, headline: str = "Beratungen in Genf", refused: str = REFUSED, house: str = "haus"
) -> Article:
    return Article.compose(
        url=f"https://{house}.example/meldung-{number}.html",
        publisher=house,
        headline=headline,
        teaser=LASTED,
        body=((PartKind.PARAGRAPH, MET), (PartKind.PARAGRAPH, refused)),
        published_at=NOW,
        stand=NOW,
    )


def event(of: Article, quote: str, kind: EventType, **more: object) -> Event:
    start = of.text.index(quote)
    values: dict[str, object] = {
        "type": kind,
        "status": Status.PAST,
        "actors": (NATO,),
        "recipients": (RUS,),
        "evidence": Evidence(start=start, end=start + len(quote), quote=quote, rule="verb:ablehnen"),
        "confidence": 0.8,
        "coder": "1",
    }
    return Event(**{**values, **more})  # type: ignore[arg-type]


def met(of: Article, **more: object) -> Event:
    day = date(2031, 3, 10)
    when = When(first=day, last=day, precision=Precision.DAY, words="am Montag", rule="weekday")
    values: dict[str, object] = {
        "actors": (NATO, RUS),
        "recipients": (),
        "when": when,
        "place": Place(name="Genf", country="CHE"),
    }
    return event(of, MET, EventType.CONSULT, **{**values, **more})


def keep(engine: Engine, number: int, of: Article, *events: Event, copied: bool = False, at: datetime = NOW) -> int:
    entry = FeedEntry(feed_url=FEED, guid=of.url, url=of.url, headline=of.headline, published_at=NOW)
    sighting = Sighting(stem=of.url.removeprefix("https://"), entry=entry, publisher=of.publisher, fetch="new")
    links = [Link(event=each.id, act=f"act-{each.type}", reasons=("same day",), copied=copied) for each in events]
    assessment = Assessment(
        dossier="ostpolitik",
        score=0.9,
        grade=Grade.CORE,
        reasons=(Reason(rule="nato/nato", words=("NATO", EVIL), weight=3),),
        sentences=tuple((at, at + len(MET)) for at in [of.text.find(MET)] if at >= 0),
        coder="1",
    )
    quote = Quote(kind="indirect", spans=((0, 10),), speaker_code="NATO")
    with opened(engine) as archive:
        archive.add_window(FEED, [sighting], at)
        (claimed,) = archive.claim_entries("w", 1, at, lease=timedelta(minutes=5))
        kept = archive.keep_article(
            claimed,
            of,
            Made(assessments=[assessment], events=events, quotes=[quote], links=links),
            at,
            recheck_at=at + timedelta(hours=1),
        )
    return kept.article_id


def fill(engine: Engine) -> None:
    """An article in two versions, a copy, a hostile one, a meeting, a demand, a story and an incident."""
    one = article(1)
    keep(engine, 1, one, met(one), event(one, REFUSED, EventType.REJECT, mode="yield"))
    softer = article(1, refused=SOFTER)
    later = NOW + timedelta(hours=2)
    keep(engine, 1, softer, met(softer), event(softer, SOFTER, EventType.REJECT, mode="yield"), at=later)
    copy = article(2, house="hafen")
    keep(engine, 2, copy, met(copy, speaker=RUS), copied=True, at=later)
    evil = article(3, headline=EVIL, house="gift")
    hostile = Actor(code="UKR", name=EVIL, office=EVIL)
    keep(engine, 3, evil, event(evil, REFUSED, EventType.REQUEST, actors=(hostile,), speaker=hostile), at=later)
    with opened(engine) as archive:
        meeting = Meeting(
            uid="meeting_1",
            state="announced",
            title=EVIL,
            parties=("NATO", "RUS"),
            day_first=date(2031, 3, 14),
            day_last=date(2031, 3, 14),
            place=EVIL,
        )
        steps = [Change(at=NOW, state="announced", quote=EVIL, article_id=1, reason=EVIL)]
        archive.tracking.save_meeting(meeting, steps, NOW)
        demand = Demand(uid="demand_1", state="refused", demanders=("RUS",), addressees=("NATO",), content=EVIL)
        archive.tracking.save_demand(demand, [Change(at=NOW, state="refused", by="NATO", quote=EVIL)], NOW)
        archive.tracking.save_story(Story(uid="story_1", title=EVIL), NOW)
        archive.tracking.add_to_story("story_1", 1, "same words", NOW)
        archive.log.raise_event("feed dead", EVIL, EVIL, NOW)
        archive.log.keep_run("ingest", Accounts(entries=0), NOW, NOW, state="failed", note=EVIL)


def addresses(engine: Engine) -> list[str]:
    """Every page, with something in it."""
    with reading(engine) as connection:
        uid = queries.events(connection, EventFilter(types=("REQUEST",)))[0].uid
    filled = {"{article_id:int}": "1", "{code}": "UKR", "{one}": "NATO", "{other}": "RUS"}
    uids = {"/acts/{uid}": "act-CONSULT", "/events/{uid}": uid, "/stories/{uid}": "story_1"}
    found = []
    for path, _, _ in PAGES:
        address = path.replace("{uid}", uids.get(path, ""))
        for name, value in filled.items():
            address = address.replace(name, value)
        found.append(address)
    more = ["/articles/3", "/acts/act-REQUEST", "/search?q=Verzicht", "/search?party=RUS", "/dyads/NATO/RUS?step=month"]
    more += ["/acts?party=NATO&other=RUS&directed=1&status=happened", "/acts?order=news&news=2031-03-10"]
    more += ["/demands?party=RUS&directed=1&q=Verzicht", "/dyads/matrix?type=REJECT&unsure=1"]
    return [*found, *more]


class Reader(HTMLParser):
    """What a browser would make of a page: its elements with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def request_uid(engine: Engine) -> str:
    with reading(engine) as connection:
        return queries.events(connection, EventFilter(types=("REQUEST",)))[0].uid


def unsure_ones(engine: Engine) -> None:
    """Of one sentence a sure and an unsure reading, of another an unsure one alone; each its own act."""
    of = article(9, refused="Kiew drohte mit einem Abbruch und bat um Hilfe.", house="amt")
    said = "Kiew drohte mit einem Abbruch und bat um Hilfe."
    keep(
        engine,
        9,
        of,
        event(of, said, EventType.THREATEN, actors=(UKR,), confidence=0.7),
        event(of, said, EventType.AID, actors=(UKR,), confidence=0.3),
        event(of, LASTED, EventType.ACCUSE, actors=(RUS,), recipients=(NATO,), confidence=0.31),
        at=NOW + timedelta(hours=2, minutes=30),
    )
