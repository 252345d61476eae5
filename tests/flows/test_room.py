"""The reading room: every page opens, every figure leads to its sentence, nothing hostile gets out, and few may write."""

from __future__ import annotations

import gc
import itertools
import re
import warnings
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import feedparser
import icalendar
import pytest
from sqlalchemy import Engine

from extractors.actors import lexicon
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
from extractors.ontology import EventType, Status, modes
from flows import tension
from flows.lage import lage
from flows.web import charts, downloads, pages, printing, sessions
from flows.web.app import HEADERS, PAGES, Room, create_app, outside, settle
from flows.web.downloads import DOWNLOADS
from flows.web.marking import paragraphs
from flows.web.revisions import differences
from flows.web.wording import MODES, Words, english_names
from storage import coding, queries, room_queries
from storage.archive import Sighting, opened
from storage.engine import open_engine, reading, upgrade
from storage.queries import EventFilter
from storage.room_queries import ActFilter
from storage.runs import Accounts
from storage.tracking import Change, Demand, Link, Meeting, Story
from storage.upkeep import Retention

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it would rather have another HTTP client than the one that is here
    from starlette.testclient import TestClient

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
        "evidence": Evidence(start=start, end=start + len(quote), quote=quote, rule="lehnte-ab"),
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
        reasons=(Reason(rule="actors", words=("NATO", EVIL), weight=1.5),),
        coder="1",
    )
    quote = Quote(kind="indirect", spans=((0, 10),), speaker_code="NATO")
    with opened(engine) as archive:
        archive.add_window(FEED, [sighting], at)
        (claimed,) = archive.claim_entries("w", 1, at, lease=timedelta(minutes=5))
        kept = archive.keep_article(
            claimed,
            of,
            at,
            assessments=[assessment],
            events=events,
            quotes=[quote],
            links=links,
            recheck_at=at + timedelta(hours=1),
        )
    return kept.article_id


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'archive.sqlite'}", durable=False)
    upgrade(engine)
    fill(engine)
    yield engine
    engine.dispose()


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
        run = archive.log.start_run("ingest", NOW)
        archive.log.finish_run(run, Accounts(entries=0), NOW, state="failed", note=EVIL)


@pytest.fixture
def room(engine: Engine) -> Room:
    return Room(engine=engine, token=TOKEN, now=lambda: NOW + timedelta(hours=3))


@pytest.fixture
def client(room: Room) -> Iterator[TestClient]:
    with TestClient(create_app(room)) as client:
        yield client


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
    return [*found, *more]


class Reader(HTMLParser):
    """What a browser would make of a page: its elements with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def test_every_page_opens_in_german_and_in_english(room, engine):
    for language in ("de", "en"):
        with TestClient(create_app(replace(room, language=language))) as client:
            for address in addresses(engine):
                answer = client.get(address)
                assert answer.status_code == 200, address
                assert f'<html lang="{language}">' in answer.text


def test_an_empty_archive_has_pages_too(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    upgrade(engine)
    with TestClient(create_app(Room(engine=engine))) as client:
        for path, _, _ in PAGES:
            if "{" not in path:
                text = client.get(path).text
                assert "<svg" not in text, path
                assert "<tbody></tbody>" not in text, path
                assert "<ul></ul>" not in re.sub(r'<ul class="[^"]*">', "<ul>", text), path
    engine.dispose()


def test_nothing_hostile_becomes_markup_on_any_page(client, engine):
    """A headline, a name, a place, a reason and an incident that want to be markup stay text."""
    for address in addresses(engine):
        read = Reader(client.get(address).text)
        assert not {tag for tag, _ in read.found} & {"script", "img", "iframe", "object", "embed", "base"}, address
        for tag, attributes in read.found:
            assert not [name for name in attributes if name.startswith("on") or name == "style"], (address, tag)
        assert "49" not in client.get(address).text or "{{ 7*7 }}" in EVIL


def test_no_page_skips_a_level_of_headings(client, engine):
    """Screen readers go from heading to heading: a level that is not there looks like a part that was missed."""
    for address in addresses(engine):
        levels = [int(tag[1]) for tag, _ in Reader(client.get(address).text).found if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1, address
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), (address, levels)


def test_what_is_hostile_is_shown_as_it_is(client):
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in client.get("/articles/3").text
    assert "{{ 7*7 }}" in client.get("/articles/3").text


def test_no_page_asks_anybody_else_for_anything(client, engine):
    """Only links may lead outside; they tell the publisher nothing and only http(s) is followed."""
    for address in addresses(engine):
        for tag, attributes in Reader(client.get(address).text).found:
            for name in ("src", "href", "action", "poster", "data"):
                target = attributes.get(name, "/")
                if target.startswith(("/", "#")) and not target.startswith("//"):
                    continue
                assert tag == "a", (address, tag, target)
                assert target.startswith("https://"), target
                assert attributes["rel"] == "noopener noreferrer nofollow"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//evil.example/", " https://x", "file:///etc"]
)
def test_other_addresses_than_http_are_no_links(url):
    assert outside(url) == ""


def test_every_answer_has_the_security_headers(client):
    for address in ("/", "/nichts", "/health", "/static/room.css", "/acts.atom", "/acts?since=gestern"):
        headers = client.get(address).headers
        for name in set(HEADERS) - {"cache-control"}:
            assert headers[name] == HEADERS[name], (address, name)
    assert "script" not in HEADERS["content-security-policy"]
    assert HEADERS["content-security-policy"].startswith("default-src 'none';")


def test_a_page_that_fails_says_so_without_telling_why(room, monkeypatch):
    from flows.web import answers

    def broken(at):
        raise RuntimeError("geheime Einzelheit")

    monkeypatch.setattr(answers, "overview", broken)
    monkeypatch.setattr("flows.web.app.PAGES", (("/", "overview.html", broken),))
    with TestClient(create_app(room), raise_server_exceptions=False) as client:
        answer = client.get("/")
    assert answer.status_code == 500
    assert "geheime Einzelheit" not in answer.text
    assert answer.headers["content-security-policy"] == HEADERS["content-security-policy"]


@pytest.mark.parametrize(
    "address",
    [
        "/acts/unbekannt",
        "/articles/99",
        "/events/unbekannt",
        "/actors/XYZ",
        "/stories/unbekannt",
        "/nichts",
        "/static/../app.py",
        "/articles/99999999999999999999",
        "/dyads/NATO/XYZ",
        "/dyads/rus/atlantis",
        "/dyads/RUS/RUS",
        "/acts/act-CONSULT%00",
        "/actors/%00",
    ],
)
def test_what_there_is_not_is_a_404(client, address):
    assert client.get(address).status_code == 404


def test_two_known_parties_have_a_page_although_nothing_passed_between_them(client):
    assert client.get("/dyads/CHE/NZL").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/acts?since=gestern",
        "/acts?type=KAFFEE",
        "/acts?offset=-1",
        "/acts?order=backwards",
        "/acts?party=NATO&other=RUS&between=yes",
        "/actors?days=0",
        "/voices?contested=perhaps",
        "/acts?offset=9999999999",
        "/articles?grade=5",
        "/articles?before=x",
        "/dyads/NATO/RUS?step=hour",
        "/dyads/NATO/RUS?since=1000-01-01",
        # Bars by the day narrower than a pixel take a computer many seconds.
        "/dyads/NATO/RUS?since=2029-12-01&until=2031-03-10&step=day",
        "/events.csv?since=1.1.2031",
        # The last day before the first: an empty list would say that nothing happened.
        "/acts?since=2031-03-11&until=2031-03-10",
        "/search?since=2031-03-11&until=2031-03-10",
        "/voices?since=2031-03-11&until=2031-03-10",
        "/voices?since=2031-05-01",
        "/events.csv?since=2031-03-11&until=2031-03-10",
        # Days that can be written down, but not reckoned with: a week before the first, a day after the last.
        "/lage?week=0001-01-01",
        "/lage?week=9999-12-31",
        "/search?known=9999-12-31",
        "/voices?until=0001-01-05",
        "/dyads/NATO/RUS?until=0001-01-05",
        "/dyads/NATO/RUS?until=9999-12-31",
        # PostgreSQL can hold no such character, and says so as if it were broken.
        "/acts?party=%00",
        "/articles?publisher=haus%00",
        "/events.csv?party=%00",
        "/search?q=NATO&speaker=%00",
    ],
)
def test_parameters_that_make_no_sense_are_refused(client, address):
    assert client.get(address).status_code == 400


def test_a_period_that_is_turned_round_is_told_in_words(client):
    told = client.get("/dyads/NATO/RUS?since=2031-03-11&until=2031-03-10")
    assert told.status_code == 400
    assert "Der erste Tag liegt nach dem letzten." in told.text


def test_a_period_that_is_too_long_for_its_step_is_told_in_words(client):
    text = client.get("/dyads/NATO/RUS?since=2020-01-01&until=2031-03-10&step=week").text
    assert "Für diesen Schritt ist der Zeitraum zu lang." in text
    assert client.get("/dyads/NATO/RUS?since=2020-01-01&until=2031-03-10&step=month").status_code == 200


def test_a_refused_method_names_those_that_are_allowed(client):
    assert set(client.post("/", data={}).headers["allow"].split(", ")) == {"GET", "HEAD"}


def test_a_merged_act_leads_to_where_it_went(client, engine):
    with opened(engine) as archive:
        archive.tracking.merge_acts("act-REJECT", "act-CONSULT", "the same", NOW)
    answer = client.get("/acts/act-REJECT", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (301, "/acts/act-CONSULT")


def test_an_act_shows_each_report_with_its_evidence_marked_and_copies_apart(client):
    text = client.get("/acts/act-CONSULT").text
    own, copies = text.split('id="copies"')
    assert f">{MET}</mark>" in own
    assert f">{MET}</mark>" in copies
    assert "https://hafen.example/meldung-2.html" not in own
    assert "2 (1 Kopie)" in text
    assert "same day" in own


def test_an_article_tells_what_its_new_version_changed_in_events(client):
    text = client.get("/articles/1").text
    assert "abgeschwächt" in text
    assert f"<del>{REFUSED}</del>" in text
    assert f"<ins>{SOFTER}</ins>" in text
    assert f">{REFUSED}</mark>" in client.get("/articles/1?version=1").text


def test_a_report_beyond_those_shown_in_full_is_not_said_to_be_gone(client, engine, monkeypatch):
    monkeypatch.setattr("flows.web.answers.MOST_TEXTS", 1)
    text = client.get("/acts/act-CONSULT").text
    assert text.count('class="report"') == 2
    assert "nicht mehr aufbewahrt" not in text
    with opened(engine) as archive:
        archive.upkeep.expire(NOW + timedelta(days=60), Retention())
    assert client.get("/acts/act-CONSULT").text.count("nicht mehr aufbewahrt") == 1


def test_an_article_whose_publisher_went_back_is_shown_as_it_stands_now(client, engine):
    one = article(1)
    keep(engine, 1, one, met(one), event(one, REFUSED, EventType.REJECT, mode="yield"), at=NOW + timedelta(hours=4))
    text = client.get("/articles/1").text
    assert "soll einen Verzicht" not in text.split('class="prose text"')[1].split('class="aside"')[0]
    assert "Der Verlag ist zurückgekehrt zu Fassung 1." in text
    assert len(re.findall(r'<li id="e\d+">', text)) == 2
    assert "soll einen Verzicht" in client.get("/articles/1?version=2").text


def test_events_stay_when_the_text_has_gone(client, engine):
    from sqlalchemy import update

    from storage.tables import VersionRow

    with opened(engine) as archive:
        archive.connection.execute(update(VersionRow).values(text=None))
    assert SOFTER in client.get("/articles/1").text
    assert MET in client.get("/acts/act-CONSULT").text


def test_figures_lead_to_the_acts_behind_them(client):
    """The overview's chart and its table link to the acts of the day."""
    text = client.get("/").text
    link = re.search(r'href="(/acts\?since=2031-03-10[^"]*)"', text)
    assert link is not None
    assert "act-CONSULT" in client.get(link[1].replace("&amp;", "&")).text


@pytest.mark.parametrize("page", ["/", "/actors/NATO"])
def test_a_day_of_the_tension_leads_to_as_many_acts_as_it_counts(client, engine, page):
    """Not to what was only announced or said on that day too."""
    two = article(5, house="zweites")
    said = event(two, REFUSED, EventType.STATE, actors=(NATO,), recipients=())
    plan = event(two, MET, EventType.CONSULT, status=Status.PLANNED, actors=(NATO, UKR), recipients=(), mode="visit")
    with opened(engine) as archive:
        coding.insert_events(
            archive.connection, [said, plan], article_id=1, version_id=1, reported=date(2031, 3, 10), now=NOW
        )
        archive.tracking.link(
            [Link(event=said.id, act="act-said"), Link(event=plan.id, act="act-plan")],
            {each.uid: each.row for each in queries.events(archive.connection, EventFilter(article_id=1))},
            [said, plan],
            NOW,
        )
    text = client.get(page).text
    row = re.search(r'<a href="(/acts[^"]*)">[^<]*10\.03\.2031</a></th><td class="num">(\d+)</td>', text)
    assert row is not None
    found = client.get(row[1].replace("&amp;", "&")).text
    assert len(set(re.findall(r'href="/acts/([^"]+)"', found))) == int(row[2])
    assert "act-plan" not in found
    everything = client.get(row[1].replace("&amp;", "&").replace("&deeds=1", "")).text
    assert "act-plan" in everything
    assert "act-said" in everything


def dealings(engine: Engine) -> None:
    """On a day of their own NATO refuses Russia, and Kiew accuses both: with each other they then have nothing to do."""
    of = article(6, house="drittes")
    day = date(2031, 3, 9)
    when = When(first=day, last=day, precision=Precision.DAY, words="am Sonntag", rule="weekday")
    refusal = event(of, REFUSED, EventType.REJECT, when=when)
    accusal = event(of, MET, EventType.ACCUSE, actors=(UKR,), recipients=(NATO, RUS), when=when)
    keep(engine, 6, of, refusal, replace(accusal, confidence=0.9), event(of, LASTED, EventType.PROTEST, confidence=0.2))


def test_a_stretch_of_a_dyad_leads_to_as_many_acts_as_it_counts(client, engine):
    dealings(engine)
    row = re.search(
        r'<a href="(/acts[^"]*)">[^<]*09\.03\.2031</a></th><td class="num">(\d+)</td>',
        client.get("/dyads/NATO/RUS").text,
    )
    assert row is not None
    found = client.get(row[1].replace("&amp;", "&")).text
    assert set(re.findall(r'href="/acts/([^"]+)"', found)) == {"act-REJECT"}
    assert row[2] == "1"
    assert "act-ACCUSE" in client.get(row[1].replace("&amp;", "&").replace("&between=1", "")).text


def test_a_party_has_as_much_to_do_with_another_as_their_dyad_has(client, engine):
    """On its page, on the overview and in the list of dyads; and what is left out is counted by events, not by pairs."""
    dealings(engine)
    counted = r'href="/dyads/NATO/RUS">.*?class="num">(\d+)'
    found = {page: re.search(counted, client.get(page).text, re.DOTALL) for page in ("/", "/dyads", "/actors/NATO")}
    assert {page: told[1] if told else "" for page, told in found.items()} == dict.fromkeys(found, "4")
    three = article(7, house="viertes")
    plan = event(three, MET, EventType.CONSULT, actors=(NATO, RUS, UKR), recipients=(), confidence=0.3)
    keep(engine, 7, three, plan)
    assert "2 weniger sichere Ereignisse (unter 50 %) zählen nicht mit" in client.get("/dyads").text


def test_the_list_of_dyads_goes_on(client, engine, monkeypatch):
    monkeypatch.setattr("flows.web.answers.ON_A_PAGE", 1)
    first = client.get("/dyads").text
    following = re.search(r'href="([^"]*)" rel="next">weiter', first)
    assert following is not None
    second = client.get(following[1].replace("&amp;", "&")).text
    assert "/dyads/NATO/RUS" in first
    assert "/dyads/RUS/UKR" in second


def test_the_picture_of_the_tension_counts_what_the_overview_counts(client, room, engine):
    before = tension.picture(engine, room.zone, NOW)
    of = article(31, house="amt")
    keep(engine, 31, of, event(of, LASTED, EventType.PROTEST, confidence=0.3))
    after = tension.picture(engine, room.zone, NOW)
    assert before is not None
    assert after is not None
    assert after.told == before.told.replace(" acts", " acts (less certain ones left out: 1)", 1)
    assert "1 weniger sicherer Vorgang (unter 50 %) nicht mitgezählt" in client.get("/").text


def test_an_act_is_found_by_every_party_that_a_report_of_it_names(client, engine):
    """A figure counts what reports say, and leads to their acts: also to one that was opened by a report with fewer parties."""
    two = article(4, house="zweites")
    told = event(two, REFUSED, EventType.REJECT, mode="yield", recipients=(UKR,))
    keep(engine, 4, two, told, at=NOW + timedelta(hours=2))
    found = client.get("/acts?party=NATO&other=UKR").text
    assert "/acts/act-REJECT" in found
    assert "/acts/act-REJECT" in client.get("/acts?party=NATO&other=RUS").text
    assert "/acts/act-CONSULT" not in found
    assert "tag:depesche,2026:act-REJECT" in client.get("/acts.atom?party=UKR").text
    assert "tag:depesche,2026:act-CONSULT" not in client.get("/acts.atom?party=UKR").text


def test_an_act_is_found_by_the_parties_that_a_reviewer_gave_it(client, engine):
    with opened(engine) as archive:
        (told,) = queries.events(archive.connection, EventFilter(types=("REQUEST",)))
        changed = replace(told.event, actors=(Actor(code="DEU"),), recipients=(Actor(code="FRA"),))
        archive.review.correct(told.uid, "changed", "Ada", NOW, changed=changed)
    assert "/acts/act-REQUEST" in client.get("/acts?party=DEU&other=FRA").text
    assert "/acts/act-REQUEST" not in client.get("/acts?party=UKR").text


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("since=2031-03-10&until=2031-03-10", "Mo 10.03.2031"),
        ("since=2031-03-08&until=2031-03-10", "08.03.–10.03.2031"),
        ("since=2031-03-10", "seit 10.03.2031"),
        ("until=2031-03-10", "bis 10.03.2031"),
    ],
)
def test_a_list_of_acts_says_of_which_days_it_is(client, asked, told):
    heading = re.search(r"<h1>(.*?)</h1>", client.get(f"/acts?{asked}").text)
    assert heading is not None
    assert heading[1] == f"Vorgänge <small>{told}</small>"


def test_the_filter_of_acts_keeps_their_order(client):
    form = Reader(client.get("/acts?order=news&other=RUS&party=NATO").text)
    kept = {
        each.get("name"): each.get("value") for tag, each in form.found if tag == "input" and each["type"] == "hidden"
    }
    assert kept == {"order": "news"}


def test_days_on_which_a_feed_was_silent_are_marked(client, engine):
    from sqlalchemy import insert

    from storage.tables import GapRow

    with opened(engine) as archive:
        archive.connection.execute(
            insert(GapRow).values(
                feed_id=1, since=NOW - timedelta(days=2), until=NOW - timedelta(days=1), reason="dead"
            )
        )
    assert 'class="gap"' in client.get("/").text
    assert "Lücke" in client.get("/dyads/NATO/RUS").text


def test_the_search_marks_what_it_found_and_filters_by_event(client):
    text = client.get("/search?q=Verzicht").text
    assert "<mark>Verzicht</mark>" in text
    assert "gift" in text
    assert "/articles/3" not in client.get("/search?q=Verzicht&type=REJECT").text


def test_the_search_answers_as_known_on_a_day(client, engine):
    with reading(engine) as connection:
        uid = queries.events(connection, EventFilter(types=("REQUEST",)))[0].uid
    with opened(engine) as archive:
        archive.review.correct(uid, "wrong", "Prüferin", NOW + timedelta(days=2))
    assert uid not in client.get("/search?type=REQUEST").text
    assert uid in client.get("/search?type=REQUEST&known=2031-03-10").text
    assert uid in client.get("/search?q=Verzicht&known=2031-03-10").text
    assert uid not in client.get("/search?q=Verzicht&known=2031-03-12").text
    assert uid not in client.get("/search?q=Sitzfleisch&known=2031-03-10").text


def test_lists_go_on_to_the_next_page(client, engine):
    for number in range(10, 45):
        one = article(number)
        keep(engine, number, one, event(one, REFUSED, EventType.REJECT), at=NOW)
    seen = re.findall(r'<h2><a href="(/articles/\d+)"', client.get("/articles").text)
    older = re.search(r'href="(/articles\?before=\d+)" rel="next"', client.get("/articles").text)
    assert older is not None
    assert len(seen) == 30
    assert not set(seen) & set(re.findall(r'<h2><a href="(/articles/\d+)"', client.get(older[1]).text))


def test_the_calendar_to_subscribe_to_holds_the_meeting(client):
    answer = client.get("/calendar.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    (entry,) = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert (entry["uid"], entry["status"], entry.decoded("dtstart")) == (
        "meeting_1@depesche",
        "TENTATIVE",
        date(2031, 3, 14),
    )


def test_the_calendar_of_a_party_is_one_click_from_it_and_is_subscribed_to_as_it_is_shown(client):
    """Not the calendar of everybody."""
    assert 'href="/calendar?party=NATO"' in client.get("/actors/NATO").text
    assert 'href="/calendar.ics?party=NATO"' in client.get("/calendar?party=NATO&unsure=1").text
    assert 'href="/calendar.ics"' in client.get("/calendar").text


def test_the_calendar_to_subscribe_to_speaks_the_language_of_the_room(room, engine):
    told = [Change(at=NOW.replace(hour=23), state="moved", quote=MET), Change(at=NOW, state="cancelled", quote=MET)]
    with opened(engine) as archive:
        (kept,) = queries.meetings(archive.connection)
        off = replace(kept, state="cancelled", outcome=f"REJECT: {REFUSED}")
        archive.tracking.save_meeting(off, told, NOW)
    for language, lines in (
        ("de", ("abgesagt: NATO, RUS", f"Ablehnung: {REFUSED}", f"11.03.2031 verschoben: {MET}")),
        ("en", ("cancelled: NATO, RUS", f"Reject: {REFUSED}", f"11 Mar 2031 moved: {MET}")),
    ):
        with TestClient(create_app(replace(room, language=language))) as client:
            calendar = icalendar.Calendar.from_ical(client.get("/calendar.ics").text)
        (entry,) = calendar.walk("VEVENT")
        assert set(lines) <= set(str(entry["description"]).splitlines())


def test_the_feed_of_acts_has_what_reviewers_made_of_them(client, engine):
    """Not what an act was called when it was opened; and of one that nobody believes in, nothing."""
    with opened(engine) as archive:
        (told,) = queries.events(archive.connection, EventFilter(types=("REQUEST",)))
        changed = replace(told.event, type=EventType.ACCUSE, actors=(Actor(code="DEU"),), mode="")
        archive.review.correct(told.uid, "changed", "Ada", NOW, changed=changed)
        for each in queries.events(archive.connection, EventFilter(types=("REJECT",))):
            archive.review.correct(each.uid, "wrong", "Ada", NOW)
    entries = {each.id: each.title for each in feedparser.parse(client.get("/acts.atom").content).entries}
    assert entries["tag:depesche,2026:act-REQUEST"] == "DEU → RUS (Moskau): Vorwurf"
    assert "tag:depesche,2026:act-REJECT" not in entries
    assert "tag:depesche,2026:act-CONSULT" in entries


def test_the_network_of_actors_is_called_by_the_codebook(client):
    """Not by whoever spoke for a party first."""
    assert '<node id="RUS" label="Russland"/>' in client.get("/actors.gexf").text


def test_the_feed_of_acts_is_read_by_feedparser(client, room):
    with TestClient(create_app(replace(room, address="https://lesesaal.example"))) as public:
        read = feedparser.parse(public.get("/acts.atom").content)
    assert not read.bozo
    assert "https://lesesaal.example/acts/act-CONSULT" in {entry.link for entry in read.entries}


def test_the_feed_of_acts_changes_with_its_acts_and_not_with_the_clock(room):
    def asked(later: timedelta, address: str = "/acts.atom") -> str:
        moved = replace(room, address="https://lesesaal.example", now=lambda: NOW + later)
        with TestClient(create_app(moved)) as public:
            return public.get(address).text

    assert asked(timedelta(hours=3)) == asked(timedelta(hours=4))
    read = feedparser.parse(asked(timedelta(hours=3), "/acts.atom?party=NATO"))
    assert {link.rel: link.href for link in read.feed.links} == {
        "alternate": "https://lesesaal.example",
        "self": "https://lesesaal.example/acts.atom?party=NATO",
    }
    assert read.feed.id == "tag:depesche,2026:acts:NATO"
    assert read.feed.title == "Depesche: Vorgänge NATO"


def test_what_is_subscribed_to_says_how_sure_it_is(client, engine):
    """It holds everything, also what the pages leave out."""
    weak = article(4)
    doubtful = met(weak, confidence=0.3, status=Status.PLANNED)
    keep(engine, 4, weak, doubtful)
    with opened(engine) as archive:
        meeting = Meeting(uid="meeting_4", state="announced", parties=("NATO", "RUS"), day_first=date(2031, 3, 12))
        step = Change(at=NOW, state="announced", event=doubtful.id, quote=MET)
        archive.tracking.save_meeting(meeting, [step], NOW)
    entries = icalendar.Calendar.from_ical(client.get("/calendar.ics").text).walk("VEVENT")
    told = {str(entry["uid"]): str(entry["description"]).splitlines() for entry in entries}
    assert "unsicher 30 %" in told["meeting_4@depesche"]
    assert f"haus: {MET} (30 %)" in client.get("/acts.atom").text


def test_every_download_is_there_and_named_on_the_page(client):
    page = client.get("/exports").text
    for path, media, _, _ in DOWNLOADS:
        answer = client.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (200, media)
        assert f'href="{path}"' in page


def test_health_tells_a_probe_what_it_needs(client):
    assert client.get("/health").json() == {"status": "ok", "last_pass": None, "open_incidents": 1}


# Who may write


def sign_in(client: TestClient, token: str = TOKEN, author: str = "Ada Prüferin"):
    return client.post("/login", data={"token": token, "author": author}, follow_redirects=False)


def request_uid(engine: Engine) -> str:
    with reading(engine) as connection:
        return queries.events(connection, EventFilter(types=("REQUEST",)))[0].uid


def csrf(client: TestClient, uid: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', client.get(f"/events/{uid}").text)
    assert found is not None
    return found[1]


def test_without_a_token_there_is_nothing_to_sign_in_to(room, engine):
    with TestClient(create_app(replace(room, token=""))) as client:
        assert client.get("/login").status_code == 404
        assert client.post("/login", data={"token": "", "author": "x"}).status_code == 404
        assert client.post(f"/events/{request_uid(engine)}/review", data={"verdict": "wrong"}).status_code == 404
        assert "/login" not in client.get("/").text


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client):
    answer = sign_in(client)
    assert answer.status_code == 303
    told = answer.headers["set-cookie"].lower()
    assert "httponly" in told
    assert "samesite=strict" in told
    assert TOKEN not in told


def test_behind_https_the_cookie_stays_there(room):
    with TestClient(create_app(replace(room, address="https://lesesaal.example"))) as client:
        assert "secure" in sign_in(client).headers["set-cookie"].lower()


def test_a_wrong_token_opens_nothing_and_guessing_ends(client):
    for _ in range(sessions.ATTEMPTS):
        assert sign_in(client, token="geraten").status_code == 403
    assert sign_in(client).status_code == 429


@pytest.mark.parametrize("change", ["forged", "over", "other token"])
def test_a_cookie_that_proves_nothing_is_no_session(change):
    cookie = sessions.issue("Ada", TOKEN, NOW)
    told = {
        "forged": (cookie.replace(cookie[:4], "QWRh"[::-1]), TOKEN, NOW),
        "over": (cookie, TOKEN, NOW + sessions.LASTS),
        "other token": (cookie, "neu", NOW),
    }[change]
    assert sessions.session_of(cookie, TOKEN, NOW) is not None
    assert sessions.session_of(*told) is None


@pytest.mark.parametrize("cookie", ["", ".", "a.b.c.d", "ä.ö", "x" * 5000])
def test_any_cookie_can_be_read(cookie):
    assert sessions.session_of(cookie, TOKEN, NOW) is None


def test_of_an_event_that_two_houses_tell_alike_the_one_that_was_shown_is_reviewed(client, engine):
    sign_in(client)
    with reading(engine) as connection:
        first, copy = (
            next(
                one for one in queries.events(connection, EventFilter(article_id=number)) if one.event.type == "CONSULT"
            )
            for number in (1, 2)
        )
    assert first.uid == copy.uid
    linked = f"/events/{first.uid}?article=1"
    assert linked in client.get("/articles/1").text
    assert f"/events/{first.uid}?article=2" in client.get("/articles/2").text
    page = client.get(linked).text
    assert f'<a href="/articles/1#{first.uid}">' in page
    form = dict(re.findall(r'type="hidden" name="(csrf|article)" value="([^"]+)"', page))
    answer = client.post(f"/events/{first.uid}/review", data={**form, "verdict": "wrong"})
    assert (answer.status_code, str(answer.url.query.decode())) == (200, "article=1&done=1")
    with reading(engine) as connection:
        told = {each.article_id for each in queries.events(connection) if each.uid == first.uid}
    assert told == {2}
    assert client.get(f"/events/{first.uid}?article=3").status_code == 404
    assert (
        client.post(f"/events/{first.uid}/review", data={**form, "article": "x", "verdict": "wrong"}).status_code == 400
    )


def test_a_review_wins_in_the_archive_and_can_be_taken_back(client, engine):
    uid = request_uid(engine)
    sign_in(client)
    answer = client.post(f"/events/{uid}/review", data={"csrf": csrf(client, uid), "verdict": "wrong", "comment": EVIL})
    assert answer.status_code == 200
    with reading(engine) as connection:
        assert queries.event(connection, uid).known_to is not None
    page = client.get("/review").text
    assert "Ada Prüferin" in page
    number = re.search(r"/corrections/(\d+)/withdraw", page)
    token = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
    client.post(f"/corrections/{number[1]}/withdraw", data={"csrf": token[1]})
    with reading(engine) as connection:
        assert queries.event(connection, uid).known_to is None


def test_a_changed_event_is_what_all_pages_show(client, engine):
    uid = request_uid(engine)
    sign_in(client)
    form = {"verdict": "changed", "type": "ACCUSE", "status": "past", "actors": "DEU ukr", "recipients": "RUS"}
    answer = client.post(f"/events/{uid}/review", data={"csrf": csrf(client, uid), **form})
    assert answer.status_code == 200
    assert "Gespeichert." in answer.text
    with reading(engine) as connection:
        (stored,) = queries.events(connection, EventFilter(types=("ACCUSE",)))
    assert [actor.code for actor in stored.event.actors] == ["DEU", "UKR"]
    assert stored.event.actors[1].name == EVIL
    assert "Vorwurf" in client.get("/acts/act-REQUEST").text


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"verdict": "wrong"}, 403),
        ({"verdict": "wrong", "csrf": "0" * 64}, 403),
        ({"csrf": "right", "verdict": "vielleicht"}, 400),
        ({"csrf": "right", "verdict": "changed", "type": "KAFFEE", "status": "past", "actors": "RUS"}, 400),
        ({"csrf": "right", "verdict": "changed", "type": "ACCUSE", "status": "past", "actors": ""}, 400),
        ({"csrf": "right", "verdict": "changed", "type": "ACCUSE", "status": "past", "actors": "<b>"}, 400),
        ({"csrf": "right", "verdict": "right", "comment": "x" * 20_000}, 413),
        ({"csrf": "right", "verdict": "right", "comment": "gut\0"}, 400),
    ],
)
def test_forms_that_are_not_ours_or_make_no_sense_change_nothing(client, engine, form, status):
    uid = request_uid(engine)
    sign_in(client)
    right = csrf(client, uid)
    data = {name: right if value == "right" and name == "csrf" else value for name, value in form.items()}
    assert client.post(f"/events/{uid}/review", data=data).status_code == status
    with reading(engine) as connection:
        assert queries.event(connection, uid).correction_id is None


def test_a_form_sent_from_another_site_is_refused(client, engine):
    uid = request_uid(engine)
    sign_in(client)
    form = {"csrf": csrf(client, uid), "verdict": "wrong"}
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}):
        assert client.post(f"/events/{uid}/review", data=form, headers=headers).status_code == 403
        assert client.post("/login", data={"token": TOKEN, "author": "x"}, headers=headers).status_code == 403


def test_nobody_writes_without_a_session_or_by_get(client, engine):
    uid = request_uid(engine)
    assert client.post(f"/events/{uid}/review", data={"verdict": "wrong"}).status_code == 401
    assert client.post("/corrections/1/withdraw", data={}).status_code == 401
    assert client.get(f"/events/{uid}/review").status_code == 405
    assert client.post("/", data={}).status_code == 405


def test_a_name_pointed_here_from_elsewhere_is_refused(room):
    with TestClient(create_app(replace(room, hosts=("localhost",))), base_url="http://evil.example") as client:
        assert client.get("/").status_code == 400


# The static copy


def test_the_static_copy_holds_every_page_and_every_link_in_it_leads_to_a_file(room, tmp_path):
    told = printing.print_room(room, tmp_path / "copy")
    assert told.left == 0
    for file in (tmp_path / "copy").rglob("*.html"):
        text = file.read_text("utf-8")
        assert "<form" not in text
        for tag, attributes in Reader(text).found:
            target = attributes.get("href") or attributes.get("src") or "#"
            if target.startswith(("#", "https://")):
                continue
            assert (file.parent / target.partition("#")[0]).resolve().is_file(), (file.name, tag, target)
    assert (tmp_path / "copy" / "index.html").exists()
    assert (tmp_path / "copy" / "acts" / "act-CONSULT.html").exists()
    assert (tmp_path / "copy" / "calendar.ics").exists()


def test_a_party_s_calendar_in_a_copy_is_not_taken_for_everybody_s(room, engine, tmp_path):
    """Both are called calendar.ics in the room."""
    with opened(engine) as archive:
        day = date(2031, 3, 12)
        other = Meeting(uid="meeting_5", state="announced", parties=("UKR",), day_first=day, day_last=day)
        archive.tracking.save_meeting(other, [], NOW)
    printing.print_room(room, tmp_path, most=200)
    assert 'href="calendar-party-UKR.ics"' in (tmp_path / "calendar-party-UKR.html").read_text("utf-8")
    found = {
        name: len(icalendar.Calendar.from_ical((tmp_path / name).read_bytes()).walk("VEVENT"))
        for name in ("calendar.ics", "calendar-party-UKR.ics")
    }
    assert found == {"calendar.ics": 2, "calendar-party-UKR.ics": 1}


def test_a_copy_begins_with_what_is_sure_as_the_room_does(room, engine, tmp_path):
    """The overview that counts everything is another page, and has a file of its own."""
    of = article(1)
    doubted = event(of, REFUSED, EventType.ACCUSE, confidence=0.2)
    with opened(engine) as archive:
        rows = coding.insert_events(
            archive.connection, [doubted], article_id=1, version_id=1, reported=date(2031, 3, 10), now=NOW
        )
        archive.tracking.link([Link(event=doubted.id, act="act-ACCUSE")], rows, [doubted], NOW)
    told = printing.print_room(room, tmp_path)
    files = list(tmp_path.rglob("*.html"))
    assert len(files) == told.pages
    assert "Auch weniger sichere gezeigt" not in (tmp_path / "index.html").read_text("utf-8")
    assert "Auch weniger sichere gezeigt" in (tmp_path / "index-unsure-1.html").read_text("utf-8")


@pytest.mark.parametrize("target", ["/actors/../../etc/passwd", "/actors/%2e%2e%2f%2e%2e%2fetc", "/acts/..", "/a/%00"])
def test_no_address_leads_out_of_the_copy(tmp_path, target):
    assert (tmp_path / printing.file_of(target)).resolve().is_relative_to(tmp_path)


def test_a_copy_of_too_many_pages_says_what_is_left(room, tmp_path):
    assert "more pages" in printing.print_room(room, tmp_path / "copy", most=3).sentence(tmp_path)


# Pure pieces


def test_charts_have_no_script_no_style_and_say_what_they_mean():
    bars = (
        charts.Bar(value=2, told="<zwei>", href="/acts?a=1&b=2"),
        charts.Bar(value=None),
        charts.Bar(value=-1.5, told="x"),
    )
    series = [charts.Series(name="gut", tone="cooperation", bars=bars)]
    for drawn in (charts.bars("abc", series, title='"><script>', gaps=[1]), charts.lines("abc", series, title="T")):
        assert not re.search(r"<script|<style|style=|xlink:href|id=", drawn.replace("&lt;script", ""))
        assert "&lt;zwei&gt;" in drawn
        assert 'href="/acts?a=1&amp;b=2"' in drawn


def test_the_figures_beside_a_chart_are_whole_where_things_are_counted_and_have_the_languages_comma():
    def ticks(*values: float) -> set[str]:
        bars = tuple(charts.Bar(value=value) for value in values)
        drawn = charts.bars("abc", [charts.Series(name="x", tone="both", bars=bars)], title="T", point=",")
        return set(re.findall(r'<text x="-[^>]*>([^<]*)<', drawn))

    assert ticks(0, 1, 1) == {"", "0", "1"}
    assert {"0", "0,8", "2"} <= ticks(2.0, 0.5, 0.0)


def test_the_chart_says_one_act(client, engine):
    assert "(1 Vorgang)" in client.get("/actors/UKR").text


def test_what_is_less_than_half_sure_never_reads_as_half():
    w = Words("de", ZoneInfo("Europe/Berlin"))
    assert [w.percent(share) for share in (0.4, 0.496, 0.5, 0.996)] == ["40 %", "49 %", "50 %", "100 %"]


def test_a_day_that_no_report_tells_is_said_to_be_that_of_the_report(client, engine):
    """Who reads "Wann" would take it for the day of the act."""
    with reading(engine) as connection:
        (told,) = queries.events(connection, EventFilter(types=("REQUEST",)))
    for address in ("/acts/act-REQUEST", f"/events/{told.uid}"):
        assert re.search(r'Mo 10\.03\.2031 <span class="called">Tag der Meldung<', client.get(address).text)
    assert "Tag der Meldung" not in client.get("/acts/act-CONSULT").text


def test_a_version_that_there_is_not_is_not_shown_as_another(client):
    assert client.get("/articles/1?version=2").status_code == 200
    assert client.get("/articles/1?version=3").status_code == 404


def test_overlapping_evidence_is_cut_into_segments_that_make_up_the_text(engine):
    with reading(engine) as connection:
        told = queries.article(connection, 1)
        assert told is not None
        version = told.versions[-1]
        shown = paragraphs(version.article, version.events, version.quotes)
    for paragraph, part in zip(shown, version.article.parts, strict=True):
        assert "".join(each.text for each in paragraph.segments) == version.article.text[part.start : part.end]
    ends = [note.number for paragraph in shown for each in paragraph.segments for note in each.ends]
    assert sorted(ends) == list(range(1, len(version.events) + 1))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"status": Status.PLANNED}, ["weakened"]),
        ({"status": Status.NEGATED}, ["weakened"]),
        ({"recipients": (UKR,)}, ["actor"]),
        ({"type": EventType.ACCUSE}, ["added", "dropped"]),
    ],
)
def test_what_changed_between_versions_is_told_in_events(change, expected):
    old, new = article(1), article(1, refused=REWORDED)
    before, after = event(old, REFUSED, EventType.REJECT), event(new, REWORDED, EventType.REJECT, **change)
    revised = differences([before], [after], was=old.text, now=new.text)
    assert [str(each.difference) for each in revised.told] == expected
    assert revised.reread == 0


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize(
    "change", [{"recipients": (UKR,)}, {"actors": (UKR,)}, {"status": Status.PLANNED}, {"type": EventType.ACCUSE}]
)
def test_a_sentence_that_stayed_and_is_read_otherwise_is_no_change_of_the_version(change, kept):
    """Only what stands around it is another, or the coder is: "actor changed" was told of what nobody had changed."""
    of = article(1)
    texts = {"was": of.text, "now": of.text} if kept else {}
    before = event(of, REFUSED, EventType.REJECT)
    revised = differences([before], [replace(before, **change)], **texts)
    assert (revised.told, revised.reread) == ((), 1)


@pytest.mark.parametrize("turned", [False, True])
def test_an_event_that_is_missed_in_one_of_two_versions_is_neither_new_nor_dropped(turned):
    """Where the sentence stands in both; it was said to be new, or gone."""
    of = article(1)
    versions = [[event(of, REFUSED, EventType.REJECT)], []]
    before, after = reversed(versions) if turned else versions
    revised = differences(before, after, was=of.text, now=of.text)
    assert (revised.told, revised.reread) == ((), 1)


def test_a_copy_names_the_article_it_repeats_and_not_its_key(client, engine):
    from sqlalchemy import select, update

    from storage.tables import ArticleRow, EventRow

    with opened(engine) as archive:
        key = archive.connection.scalars(select(ArticleRow.key).where(ArticleRow.id == 1)).one().hex()
        reasons = f"type: CONSULT; copy: the text is that of {key}"
        archive.connection.execute(update(EventRow).where(EventRow.copied).values(act_reasons=reasons))
    text = client.get("/acts/act-CONSULT").text
    assert "Kopie: der Text ist der von haus, 10.03.2031 10:30" in text
    assert key not in text


def test_a_demand_says_how_sure_its_surest_sentence_is(client, engine):
    of = article(70)
    asked, answered = event(of, MET, EventType.REQUEST, confidence=0.31), event(of, REFUSED, EventType.REJECT)
    keep(engine, 70, of, asked, answered)
    with opened(engine) as archive:
        demand = Demand(uid="demand_2", state="open", demanders=("RUS",), addressees=("NATO",), content=MET)
        steps = [Change(at=NOW, state="open", event=asked.id, quote=MET)]
        archive.tracking.save_demand(demand, steps, NOW)
    assert "unsicher 31 %" in client.get("/demands").text
    with opened(engine) as archive:
        archive.tracking.save_demand(demand, [Change(at=NOW, state="refused", event=answered.id, quote=REFUSED)], NOW)
    assert "sicher 80 %" in client.get("/demands").text
    assert "sicher 80 %" in client.get("/actors/RUS").text


def test_a_page_says_of_how_many_sentences_that_stayed_something_else_was_read(client, engine):
    one = article(60)
    keep(engine, 60, one, event(one, REFUSED, EventType.REJECT))
    longer = replace(one, text=one.text + "\nNachtrag.", stand=NOW + timedelta(hours=1))
    number = keep(
        engine, 60, longer, event(longer, REFUSED, EventType.REJECT, actors=(UKR,)), at=NOW + timedelta(hours=2)
    )
    text = client.get(f"/articles/{number}").text
    assert "Akteur geändert" not in text
    assert "<del>" not in text
    assert "1 Satz blieb, wie er war, und wird anders gelesen" in text


def test_a_meeting_tells_its_outcome_in_one_word_where_the_sentence_stands_above():
    w = Words("de", ZoneInfo("Europe/Berlin"))
    assert w.outcome(f"REJECT: {REFUSED}", REFUSED) == "Ablehnung"
    assert w.outcome(f"REJECT: {REFUSED}", MET) == f"Ablehnung: {REFUSED}"


def test_the_houses_to_choose_from_are_those_of_the_articles(client):
    for address in ("/articles", "/search"):
        houses = re.findall(r'<option value="(haus|hafen|gift)"', client.get(address).text)
        assert houses == ["gift", "hafen", "haus"], address
    assert "/articles/2" in client.get("/articles?publisher=hafen").text


def test_going_back_from_soll_to_fact_is_firmed():
    old, new = article(1, refused=SOFTER), article(1)
    revised = differences([event(old, SOFTER, EventType.REJECT)], [event(new, REFUSED, EventType.REJECT)])
    assert [str(each.difference) for each in revised.told] == ["firmed"]


def test_periods_end_with_the_archive_where_nothing_came_in_for_a_fortnight():
    assert pages.today(date(2031, 3, 20), date(2031, 3, 10)) == date(2031, 3, 20)
    assert pages.today(date(2031, 3, 25), date(2031, 3, 10)) == date(2031, 3, 10)
    assert pages.today(date(2031, 3, 9), date(2031, 3, 10)) == date(2031, 3, 9)  # it is no later for a wrong date
    assert pages.today(date(2026, 1, 1), date(2031, 3, 10)) == date(2031, 3, 10)
    assert pages.today(date(2026, 1, 1), None) == date(2026, 1, 1)


def test_operations_of_an_archive_that_is_not_of_today_end_with_its_last_day(room):
    """Two months after its last article: what was read in its last month, and what was new on its last day."""
    then = NOW + timedelta(days=60)
    with TestClient(create_app(replace(room, now=lambda: then))) as client:
        text = client.get("/feeds").text
    rows = re.findall(
        r'<th scope="row">(\w+)</th><td class="num">\d+</td><td class="num">[^<]*</td><td[^>]*>(\d+/\d+)', text
    )
    assert rows == [("gift", "0/1"), ("hafen", "0/1"), ("haus", "0/1")]
    assert re.search(r'gespeichert <span class="num">3</span>', text)
    assert re.search(r'<td class="num days">0 0 0 0 0 0 0 3</td>', text)


def test_every_party_of_the_codebook_has_its_english(room):
    parties = [code for code in lexicon().names if "|" not in code and "-" not in code]
    assert set(parties) == set(english_names())
    with TestClient(create_app(replace(room, language="en"))) as client:
        assert "<h1>Ukraine</h1>" in client.get("/actors/UKR").text
        assert 'title="Russia"' in client.get("/acts").text
        assert 'title="Russland"' not in client.get("/acts").text


# In a real browser

CHROMIUM = Path("/usr/bin/chromium")
QUIET = "--no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync"


@pytest.fixture(scope="module")
def browser():
    """Debian's chromium, started once for the tests of this file."""
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright: install the dev dependencies")
    if not CHROMIUM.exists():
        pytest.skip("no /usr/bin/chromium: apt-get install chromium")
    with playwright.sync_playwright() as running:
        opened_browser = running.chromium.launch(executable_path=str(CHROMIUM), args=QUIET.split())
        yield opened_browser
        opened_browser.close()


@pytest.fixture
def served(room: Room) -> Iterator[str]:
    """The room on a port of its own."""
    from benchmarks.pictures import served as serving

    with serving(room) as address:
        yield address


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_page_scrolls_sideways_or_complains_in_a_browser(browser, served, engine, width):
    """Phone and desk: nothing wider than the window, nothing blocked by the policy, nothing asked of anybody else."""
    page = browser.new_page(viewport={"width": width, "height": 800})
    complaints, asked = [], []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    for address in addresses(engine):
        page.goto(served + address)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, (address, wide)
    page.close()
    assert complaints == []
    assert [url for url in asked if not url.startswith(served)] == []


@pytest.mark.browser
def test_a_name_that_does_not_end_is_broken_and_not_the_page(browser, served, engine):
    """German makes one word of many: of a title, an office, a place."""
    word = "Bundesverteidigungsministerinnenkonferenzvorbereitungsgruppenvorsitzende"
    of = article(95, headline=f"{word} tagt")
    who = Actor(code="NATO", name=word, office=word)
    keep(engine, 95, of, met(of, actors=(who, RUS), speaker=who, place=Place(name=word, country="CHE")))
    with opened(engine) as archive:
        meeting = Meeting(uid="meeting_9", state="announced", title=word, parties=(), day_first=NOW.date(), place=word)
        archive.tracking.save_meeting(meeting, [Change(at=NOW, state="announced", quote=word)], NOW)
        archive.tracking.save_story(Story(uid="story_9", title=word), NOW)
        archive.tracking.add_to_story("story_9", 4, "same words", NOW)
    page = browser.new_page(viewport={"width": 390, "height": 800})
    for address in (*addresses(engine), "/articles/4", "/stories/story_9"):
        page.goto(served + address)
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, address
    page.close()


@pytest.mark.browser
def test_the_room_works_without_javascript_by_keyboard(browser, served):
    """Tab reaches the skip link first; Enter jumps to the content; a search is a form."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(served)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/#main")
    page.goto(served)
    page.get_by_role("searchbox").fill("Verzicht")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=Verzicht")
    assert page.locator("mark", has_text="Verzicht").count() > 0
    context.close()


CONTRAST = """() => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const rgb = (colour, under) => {
    canvas.fillStyle = under; canvas.fillRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const bad = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    if (!own || element.closest(".skip, .hidden, svg, details:not([open])") || !element.getClientRects().length) continue;
    const chain = [];
    for (let at = element; at; at = at.parentElement) chain.unshift(getComputedStyle(at).backgroundColor);
    const back = chain.reduce((under, colour) => `rgb(${rgb(colour, under)})`, "white");
    const [a, b] = [light(rgb(getComputedStyle(element).color, back)), light(rgb(back, "white"))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) bad.push([element.tagName, element.className, ratio.toFixed(2)].join(" "));
  }
  return [...new Set(bad)];
}"""


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_the_contrast_that_wcag_aa_asks_for(browser, served, engine, scheme):
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    for address in [*addresses(engine), "/nichts"]:
        page.goto(served + address)
        assert page.evaluate(CONTRAST) == [], (scheme, address)
    context.close()


@pytest.mark.browser
def test_what_is_folded_on_the_screen_is_printed(browser, served):
    """The figures behind a chart, the steps of a meeting: paper cannot be unfolded. What only a click does is left out."""
    page = browser.new_page()
    page.goto(served)
    figures = page.locator("figure details table").first
    assert not figures.is_visible()
    page.emulate_media(media="print")
    assert figures.is_visible()
    assert page.locator("summary", has_text="Zahlen und Belege").first.is_visible()
    for gone in (".top nav", ".foot .sign-in", ".quick", ".more"):
        assert not page.locator(gone).first.is_visible(), gone
    page.close()


@pytest.mark.browser
def test_a_reviewer_signs_in_and_corrects_an_event_in_the_browser(browser, served, engine):
    uid = request_uid(engine)
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{served}/login")
    page.get_by_label("Ihr Name").fill("Ada Prüferin")
    page.get_by_label("Zugangswort").fill(TOKEN)
    page.get_by_role("button", name="Anmelden").click()
    page.goto(f"{served}/events/{uid}")
    page.get_by_label("Typ").select_option("ACCUSE")
    page.get_by_role("button", name="Änderung speichern").click()
    page.wait_for_url("**done=1")
    context.close()
    with reading(engine) as connection:
        assert [str(each.event.type) for each in queries.events(connection, EventFilter(actor="UKR"))] == ["ACCUSE"]


def test_a_meeting_whose_day_is_over_without_a_report_is_overdue_at_once(room, engine):
    """Not only after the nightly flow has noted it: in the room, its calendar and for who asks by state."""
    for days, state in ((3, "announced"), (8, "overdue")):
        then = NOW + timedelta(days=days)
        with TestClient(create_app(replace(room, now=lambda then=then: then))) as client:
            overdue = "Überfällig ohne Bericht" in client.get("/calendar").text
            assert overdue == (state == "overdue")
        with reading(engine) as connection:
            assert [each.state for each in queries.meetings(connection, now=then)] == [state]
            assert len(queries.meetings(connection, now=then, states=["overdue"])) == (state == "overdue")
            assert queries.meetings(connection, now=then, states=["announced"], limit=1) == (
                queries.meetings(connection, limit=1) if state == "announced" else ()
            )


# Stories


def story_of_three(engine: Engine) -> None:
    """A report, a copy of it from another house a day later, and one on the next day that tells a second act."""
    one, copy, new = (article(number, house=house) for number, house in ((31, "amt"), (32, "hafen"), (33, "amt")))
    days = [NOW + timedelta(days=days) for days in range(3)]
    one, copy, new = (replace(each, stand=at) for each, at in zip((one, copy, new), days, strict=True))
    first = keep(engine, 31, one, event(one, REFUSED, EventType.THREATEN))
    second = keep(engine, 32, copy, event(copy, REFUSED, EventType.THREATEN), copied=True)
    unsure = event(new, LASTED, EventType.AID, confidence=0.3)
    third = keep(engine, 33, new, event(new, REFUSED, EventType.THREATEN), event(new, MET, EventType.SANCTION), unsure)
    with opened(engine) as archive:
        archive.tracking.save_story(Story(uid="story_3", title="Drohungen"), NOW)
        for member in (first, second, third):
            archive.tracking.add_to_story("story_3", member, "same words", NOW)


def crowded(engine: Engine, count: int) -> None:
    """After a deed of the week before, so many of this week."""
    of = article(1)
    days = [date(2031, 3, 5), *([date(2031, 3, 11)] * count)]
    met_on = [When(first=day, last=day, precision=Precision.DAY) for day in days]
    spans = ((start, start + length) for length in range(1, 60) for start in range(60))
    said = [Evidence(start=a, end=b, quote=of.text[a:b], rule="met") for a, b in itertools.islice(spans, count + 1)]
    told = [
        met(of, when=when, evidence=evidence, actors=(NATO, UKR)) for when, evidence in zip(met_on, said, strict=True)
    ]
    with opened(engine) as archive:
        coding.insert_events(archive.connection, told, article_id=1, version_id=1, reported=date(2031, 3, 10), now=NOW)


def test_the_week_before_is_reckoned_with_however_much_this_one_brought(client, engine):
    """Events are asked for newest first: whatever is cut off belongs to the week that this one is compared with."""
    crowded(engine, 1600)
    page = " ".join(client.get("/lage?week=2031-03-10").text.split())
    assert "diese Woche: 1.600 Vorgänge, +2,5</span><span>vorige Woche: 1, +2,5" in page
    with reading(engine) as connection:
        assert "1600 Vorgänge, im Mittel +2,5; vorige Woche 1 Vorgang" in lage(connection, date(2031, 3, 17)).body


def test_the_barometer_hears_what_was_said_before_much_else_happened(client, engine):
    of = article(1, refused="Moskau dämpft die Erwartungen.")
    said = event(of, "Moskau dämpft die Erwartungen.", EventType.STATE, actors=(RUS,), recipients=(), confidence=0.6)
    unsure = replace(said, actors=(UKR,), confidence=0.4)
    with opened(engine) as archive:
        coding.insert_events(
            archive.connection, [said, unsure], article_id=1, version_id=1, reported=date(2031, 3, 9), now=NOW
        )
    crowded(engine, 1600)
    text = client.get("/barometer").text
    assert "Moskau dämpft die Erwartungen." in text
    assert 'title="Russland">RUS</a> <span class="mood down">' in text
    assert 'title="Ukraine">UKR</a> <span class="mood down">' not in text
    assert "1 weniger sichere Aussage (unter 50 %) nicht mitgezählt" in text
    assert 'title="Ukraine">UKR</a> <span class="mood down">' in client.get("/barometer?unsure=1").text


def statement(
    number: int, said: str, day: date, *, house: str, told: datetime, **more: object
) -> tuple[Article, Event]:
    """An article, told at this time, with a sentence on talks of this day."""
    of = article(number, refused=said, house=house)
    of = replace(of, published_at=told, stand=told)
    when = When(first=day, last=day, precision=Precision.DAY, words="dann", rule="day")
    values: dict[str, object] = {"actors": (RUS,), "when": when, "status": Status.PLANNED}
    return of, event(of, said, EventType.CONSULT, **{**values, **more})


def test_the_barometer_knows_when_a_thing_was_said(client, engine):
    """Who is hopeful on the 9th of talks on the 14th is so before them; what another house prints later was said then too."""
    said, talks = "Moskau erwartet für den 14. einen Durchbruch.", date(2031, 3, 14)
    for number, house, day in ((31, "amt", 9), (32, "vorher", 15)):
        told = NOW.replace(day=day)
        of, hope = statement(number, said, talks, house=house, told=told)
        back = replace(hope, type=EventType.STATE, status=Status.HISTORICAL, when=None)
        keep(engine, number, of, hope, back)
    page = client.get("/barometer").text
    rounds = page[page.index('id="rounds"') :]
    before, after = rounds[rounds.index("<h4>davor</h4>") :].split("<h4>danach</h4>")
    assert said in before
    assert said not in after
    assert "1 Aussage<" in page[page.index('id="lately"') : page.index('id="rounds"')]


def test_the_barometer_counts_a_sentence_that_it_leaves_out_once(client, engine):
    """However many events are read in it, and only if it would be counted: not if it is heard anyway, or has no side."""
    left_out, heard = "Moskau dämpft die Erwartungen an die Gespräche.", "Kiew ist zuversichtlich."
    for number, house, said, sure in ((31, "amt", left_out, 0.3), (32, "turm", left_out, 0.4), (33, "amt", heard, 0.9)):
        of, told = statement(number, said, NOW.date(), house=house, told=NOW, confidence=sure)
        other = replace(told, type=EventType.STATE, confidence=0.2)
        nobody = replace(told, actors=(UKR, NATO), recipients=(), confidence=0.2)
        keep(engine, number, of, told, other, nobody)
    assert "1 weniger sichere Aussage (unter 50 %) nicht mitgezählt" in client.get("/barometer").text


def test_the_lage_says_of_what_it_counts_how_much_it_leaves_out(client, engine):
    """A copy is not counted however sure it is, nor what one party does to nobody."""
    copy, alone, counted = (article(number, house="amt") for number in (31, 32, 33))
    keep(engine, 31, copy, event(copy, LASTED, EventType.AID, confidence=0.3), copied=True)
    keep(engine, 32, alone, event(alone, LASTED, EventType.MOBILIZE, recipients=(), confidence=0.3))
    keep(engine, 33, counted, event(counted, LASTED, EventType.PROTEST, confidence=0.3))
    page = client.get("/lage?week=2031-03-10").text
    assert "1 weniger sicherer Vorgang (unter 50 %) nicht mitgezählt" in page


def test_the_lage_says_that_it_shows_the_busiest_dyads(client, engine, monkeypatch):
    assert "nicht gezeigt" not in client.get("/lage?week=2031-03-10").text
    monkeypatch.setattr("flows.web.answers.ON_A_PAGE", 1)
    assert "2 weitere Dyaden, in denen weniger geschah, nicht gezeigt" in client.get("/lage?week=2031-03-10").text


def test_the_mode_meter_offers_no_more_than_there_is(client, engine):
    """An act that one unsure sentence tells has no second voice, and is not shown either way."""
    of = article(31, house="amt")
    keep(engine, 31, of, event(of, LASTED, EventType.ACCUSE, confidence=0.3))
    assert "weniger sicherer Vorgang" not in client.get("/voices").text
    twice = article(32, house="hafen")
    keep(engine, 32, twice, event(twice, LASTED, EventType.ACCUSE, speaker=UKR, confidence=0.9))
    assert "1 weniger sicherer Vorgang (unter 50 %) nicht gezeigt" in client.get("/voices").text


def test_a_dyad_leaves_out_as_uncounted_only_what_it_would_count(client, engine):
    """What happened in another time is in none of its figures."""
    of = article(31, house="amt")
    history = event(of, LASTED, EventType.ACCUSE, status=Status.HISTORICAL, confidence=0.3)
    keep(engine, 31, of, history, event(of, LASTED, EventType.PROTEST, confidence=0.3))
    assert "1 weniger sicherer Vorgang (unter 50 %) nicht mitgezählt" in client.get("/dyads/NATO/RUS").text


def test_a_page_that_reckons_with_less_than_there_is_says_so(client, engine, monkeypatch):
    for address in ("/lage?week=2031-03-10", "/voices"):
        assert "mehr Ereignisse, als eine Seite auswertet" not in client.get(address).text
    monkeypatch.setattr("flows.web.answers.MOST_EVENTS", 1)
    for address in ("/lage?week=2031-03-10", "/voices"):
        assert "mehr Ereignisse, als eine Seite auswertet" in client.get(address).text
    with reading(engine) as connection:
        assert "mehr gemeldet, als hier ausgewertet" in lage(connection, date(2031, 3, 17)).body


def test_a_list_of_stories_says_how_much_each_holds(client, engine):
    """Articles, the houses with a report of their own, acts that are sure enough, and what was told last."""
    story_of_three(engine)
    entry = next(part for part in client.get("/stories").text.split("<article") if "story_3" in part)
    assert "3 Artikel" in entry
    assert "1 Haus" in entry
    assert "2 Vorgänge" in entry
    assert "zuletzt 12.03.2031 10:30" in entry
    assert "2 Vorgänge + 1 weniger sicherer<" in entry
    for page, told in (("/stories", "nicht mitgezählt"), ("/stories/story_3", "nicht gezeigt")):
        shown = client.get(page).text
        assert f"1 weniger sicherer Vorgang (unter 50 %) {told}" in shown
        assert f'href="{page}?unsure=1"' in shown
        assert "weniger sicherer" not in client.get(f"{page}?unsure=1").text
    everything = client.get("/stories?unsure=1").text
    assert "3 Vorgänge" in next(part for part in everything.split("<article") if "story_3" in part)


def test_a_story_is_a_timeline_and_says_what_is_new_since_a_day(client, engine):
    story_of_three(engine)
    told = client.get("/stories/story_3").text
    assert [int(day) for day in re.findall(r'<h2 id="d\d">\w\w (\d\d)\.', told)] == [12, 11, 10]
    # an act stands where it was told first
    assert told.count("/acts/act-THREATEN") == 1
    assert told.index("/acts/act-SANCTION") < told.index('badge">Kopie') < told.index("/acts/act-THREATEN")
    new = client.get("/stories/story_3?since=2031-03-11").text
    assert "/acts/act-SANCTION" in new
    assert "/acts/act-THREATEN" not in new
    assert "1 Artikel ohne Neues nicht gezeigt" in new
    assert "Nichts Neues." in client.get("/stories/story_3?since=2031-03-13").text


@pytest.mark.parametrize(("page", "link"), [("/actors", "/actors/EU"), ("/dyads", "/dyads/EU/OSCE")])
def test_the_last_ninety_days_are_ninety(client, engine, page, link):
    """And today is one of them."""
    of = article(31, house="amt")
    for back, there in ((90, False), (89, True)):
        day = NOW.date() - timedelta(days=back)
        when = When(first=day, last=day, precision=Precision.DAY, words="dann", rule="day")
        parties = {"actors": (Actor(code="EU"),), "recipients": (Actor(code="OSCE"),)}
        told = event(of, MET, EventType.AID, when=when, **parties)
        with opened(engine) as archive:
            coding.insert_events(archive.connection, [told], article_id=1, version_id=1, reported=day, now=NOW)
        assert (link in client.get(page).text) == there, back


def test_a_long_story_counts_what_it_does_not_show(client, engine, monkeypatch):
    """As the list of stories does; and what an article before those shown told is not new in them."""
    story_of_three(engine)
    head = re.search(
        r'<p class="meta">(<span class="strong">.*?)<span>bekannt seit', client.get("/stories/story_3").text
    )
    monkeypatch.setattr("flows.web.answers.STORY_ARTICLES", 2)
    told = client.get("/stories/story_3").text
    assert head is not None
    assert head[1] in told
    assert "1 früherer Artikel nicht gezeigt" in told
    assert "/acts/act-THREATEN" not in told
    assert "früherer Artikel" not in client.get("/stories/story_3?since=2031-03-11").text


def test_an_article_leads_to_the_matter_it_belongs_to(client):
    assert 'href="/stories/story_1"' in client.get("/articles/1").text
    assert "/stories/" not in client.get("/articles/2").text


@pytest.mark.parametrize(("acts", "told"), [(6, "1 weiterer neuer Vorgang"), (7, "2 weitere neue Vorgänge")])
def test_an_article_of_a_story_counts_its_further_acts(client, engine, acts, told):
    of = article(7)
    kinds = [kind for kind in EventType if kind not in (EventType.CONSULT, EventType.REJECT)][:acts]
    number = keep(engine, 7, of, *(event(of, REFUSED, kind) for kind in kinds))
    with opened(engine) as archive:
        archive.tracking.save_story(Story(uid="story_7", title="Absagen"), NOW)
        archive.tracking.add_to_story("story_7", number, "the first article", NOW)
    assert f"<summary>{told}</summary>" in client.get("/stories/story_7").text


def test_a_merged_story_leads_to_where_it_went(client, engine):
    story_of_three(engine)
    with opened(engine) as archive:
        archive.tracking.merge_stories("story_3", "story_1", NOW)
    answer = client.get("/stories/story_3", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (301, "/stories/story_1")


# How sure


def test_an_act_is_shown_by_its_surest_report_and_not_by_the_first(client, engine):
    """The first report of it read other parties into the sentence, and was less sure of them."""
    for number, (who, confidence) in enumerate(((UKR, 0.24), (NATO, 0.64)), start=41):
        of = article(number, house=f"haus{number}")
        keep(engine, number, of, event(of, LASTED, EventType.SANCTION, actors=(who,), confidence=confidence))
    for address in ("/", "/acts"):
        (line,) = [part for part in client.get(address).text.split("<article") if "/acts/act-SANCTION" in part]
        assert "/actors/NATO" in line
        assert "/actors/UKR" not in line
        assert "sicher 64 %" in line
    title = re.search(r"<h1>.*?</h1>", client.get("/acts/act-SANCTION").text, re.DOTALL)
    assert title is not None
    assert "/actors/NATO" in title[0]


def test_partners_and_words_of_a_party_leave_out_what_its_acts_do(client, engine):
    of = article(50, refused="Kiew drohte mit einem Abbruch.")
    said = "Kiew drohte mit einem Abbruch."
    keep(engine, 50, of, event(of, said, EventType.THREATEN, actors=(UKR,), speaker=UKR, confidence=0.3))
    shown, everything = client.get("/actors/UKR").text, client.get("/actors/UKR?unsure=1").text
    partner = re.compile(r'href="/dyads/UKR/RUS">.*?<span class="num">(\d+)</span>')
    assert [found[1] for found in map(partner.search, (shown, everything)) if found] == ["1", "2"]
    assert said not in shown
    assert said in everything


def test_the_mode_meter_leaves_out_what_the_lists_do(client, engine):
    for number, house in ((51, "amt"), (52, "hafen")):
        of = article(number, house=house)
        keep(engine, number, of, event(of, LASTED, EventType.ACCUSE, speaker=UKR, confidence=0.3))
    shown = client.get("/voices").text
    assert "act-ACCUSE" not in shown
    assert "1 weniger sicherer Vorgang (unter 50 %) nicht gezeigt" in shown
    assert "act-ACCUSE" in client.get("/voices?unsure=1").text


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


def test_what_is_less_certain_is_left_out_counted_and_one_click_away(client, engine):
    unsure_ones(engine)
    overview = client.get("/").text
    assert "/acts/act-THREATEN" in overview
    assert "/acts/act-ACCUSE" not in overview
    # the other reading of a sentence that is shown stands beside it
    assert "1 weniger sichere Lesart dieses Satzes" in overview
    assert "/acts/act-AID" in overview
    assert "1 weniger sicherer Vorgang (unter 50 %) nicht gezeigt" in overview
    assert "2 weniger sichere Vorgänge (unter 50 %) nicht mitgezählt" in overview
    assert "sicher 70 %" in overview
    everything = client.get("/?unsure=1").text
    assert "/acts/act-ACCUSE" in everything
    assert "nur sichere zeigen" in everything
    for address, left_out in (
        ("/acts", "2 weniger sichere Vorgänge (unter 50 %) nicht gezeigt"),
        ("/acts?party=RUS&order=news", "2 weniger sichere Vorgänge (unter 50 %) nicht gezeigt"),
        ("/acts?type=ACCUSE", "1 weniger sicherer Vorgang (unter 50 %) nicht gezeigt"),
        ("/lage", "2 weniger sichere Vorgänge (unter 50 %) nicht mitgezählt"),
        ("/dyads", "2 weniger sichere Ereignisse (unter 50 %) zählen nicht mit"),
        ("/dyads/NATO/RUS", "1 weniger sicherer Vorgang (unter 50 %) nicht mitgezählt"),
        ("/actors/UKR", "1 weniger sicherer Vorgang (unter 50 %) nicht mitgezählt"),
    ):
        page = client.get(address).text
        assert left_out in page, address
        assert "act-ACCUSE" not in page
        assert client.get(address, params={"unsure": "2"}).status_code == 400
        more = "&" if "?" in address else "?"
        assert "weniger sichere Vorgänge (unter 50 %)" not in client.get(f"{address}{more}unsure=1").text


def test_what_a_reviewer_confirmed_is_sure(client, engine):
    unsure_ones(engine)
    with reading(engine) as connection:
        uid = queries.events(connection, EventFilter(types=("ACCUSE",)))[0].uid
    with opened(engine) as archive:
        archive.review.correct(uid, "right", "Ada", NOW + timedelta(hours=3))
    for address in ("/", "/acts", "/lage"):
        assert "/acts/act-ACCUSE" in client.get(address).text, address
    assert "2 weniger sichere" not in client.get("/acts").text


@pytest.mark.parametrize("by_day", [True, False])
def test_the_pages_of_a_list_together_leave_out_what_the_whole_list_does(engine, by_day):
    """Each act is either on one of them or counted by one of them, with and without a day."""
    for number in range(20, 40):
        of = article(number, house=f"haus{number}")
        day = date(2031, 3, 1) + timedelta(days=number % 5)
        when = When(first=day, last=day, precision=Precision.DAY, words="am Tag", rule="day")
        told = event(of, REFUSED, EventType.REJECT, confidence=(0.2, 0.9)[number % 3 == 0], when=when)
        keep(engine, number, of, at=NOW + timedelta(minutes=number // 2))
        with opened(engine) as archive:
            archive.connection.exec_driver_sql("UPDATE articles SET due_at = NULL")
            coded = archive.upkeep.replace_coding
            version = archive.connection.exec_driver_sql("SELECT max(id) FROM versions").scalar_one()
            link = Link(event=told.id, act=f"act-{number}")
            assert coded(version, "2", NOW + timedelta(minutes=number // 2), events=[told], links=[link])
            if number % 4 == 0:
                archive.connection.exec_driver_sql("UPDATE acts SET day_last = NULL WHERE uid = ?", (f"act-{number}",))
    wanted = ActFilter(types=("REJECT",), min_confidence=0.5, by_day=by_day)
    with reading(engine) as connection:
        every = {line.uid for line in room_queries.act_lines(connection, replace(wanted, min_confidence=0.0), limit=99)}
        sure = [line.uid for line in room_queries.act_lines(connection, wanted, limit=99)]
        for size in (1, 3, 99):
            shown, left_out = [], 0
            for offset in range(0, len(sure), size):
                part = room_queries.act_list(connection, wanted, limit=size, offset=offset)
                shown += [line.uid for line in part.lines]
                left_out += part.unsure
                assert part.more == (offset + size < len(sure))
            assert shown == sure
            assert left_out == len(every) - len(sure) > 10


def test_a_calendar_of_many_meetings_has_those_to_come(client, engine):
    """They are asked for in the order of their days: whatever is cut off is cut off at the end, where they stand."""
    with opened(engine) as archive:
        for number in range(600):
            day = date(2030, 12, 1) + timedelta(days=number % 60)
            past = Meeting(uid=f"past_{number}", state="held", parties=("RUS",), day_first=day, day_last=day)
            archive.tracking.save_meeting(past, [], NOW)
    assert 'id="meeting_1"' in client.get("/calendar").text
    assert "UID:meeting_1@depesche" in client.get("/calendar.ics").text


def test_the_calendar_leaves_out_meetings_that_nobody_is_sure_of(client, engine):
    unsure_ones(engine)
    with reading(engine) as connection:
        uid = queries.events(connection, EventFilter(types=("ACCUSE",)))[0].uid
    meeting = Meeting(uid="meeting_2", state="announced", parties=("UKR",), day_first=NOW.date(), day_last=NOW.date())
    with opened(engine) as archive:
        archive.tracking.save_meeting(meeting, [Change(at=NOW, state="announced", quote=MET, event=uid)], NOW)
    page = client.get("/calendar").text
    assert "meeting_2" not in page
    assert "1 weniger sicherer Termin (unter 50 %) nicht gezeigt" in page
    assert "meeting_2" in client.get("/calendar?unsure=1").text
    assert "meeting_2" in client.get("/calendar.ics").text
    with opened(engine) as archive:
        archive.review.correct(uid, "right", "Ada", NOW)
    assert "meeting_2" in client.get("/calendar").text


def test_the_lage_tells_of_meetings_what_its_page_tells(client, engine):
    """Not what nobody is sure of, and not as due what began weeks ago: "im März" is one meeting of the whole month."""
    unsure_ones(engine)
    with reading(engine) as connection:
        uid = queries.events(connection, EventFilter(types=("ACCUSE",)))[0].uid
    told = (
        ("unsure", date(2031, 3, 18), date(2031, 3, 18), uid),
        ("month", date(2031, 3, 1), date(2031, 3, 31), ""),
        ("due", date(2031, 3, 19), date(2031, 3, 20), ""),
    )
    with opened(engine) as archive:
        for name, first, last, event_uid in told:
            meeting = Meeting(uid=name, state="announced", title=f"Treffen {name}", day_first=first, day_last=last)
            archive.tracking.save_meeting(meeting, [Change(at=NOW, state="announced", quote=MET, event=event_uid)], NOW)
    with reading(engine) as connection:
        message = lage(connection, date(2031, 3, 17)).body
    page = client.get("/lage?week=2031-03-10").text
    for name, is_told in (("unsure", False), ("month", False), ("due", True)):
        assert (f"Treffen {name}" in message, f"Treffen {name}" in page) == (is_told, is_told), name


def test_the_list_of_actors_counts_what_is_sure_and_says_what_is_not(client, engine):
    unsure_ones(engine)
    with reading(engine) as connection:
        unsure = sum(each.event.confidence < 0.5 for each in queries.events(connection))
    page = client.get("/actors").text
    assert f"{unsure} weniger sichere Ereignisse (unter 50 %) zählen nicht mit" in page

    def figures(address: str, code: str) -> list[str]:
        _, row = client.get(address).text.split(f'href="/actors/{code}"')
        return re.findall(r'class="num">(\d+)', row.split("</tr>")[0])

    acting, acted_upon, speaking = figures("/actors", "NATO")
    assert figures("/actors?unsure=1", "NATO") == [acting, str(int(acted_upon) + 1), speaking]


def test_every_mode_has_its_german():
    told = {mode for kind in EventType for mode in modes(kind)}
    assert told == set(MODES)


def test_what_tells_of_a_sentence_leads_to_it_in_its_article(client, engine):
    with reading(engine) as connection:
        stored = queries.events(connection, EventFilter(types=("REQUEST",)))[0]
    place = f"/articles/{stored.article_id}#{stored.uid}"
    for address in ("/acts", "/acts/act-REQUEST", f"/events/{stored.uid}", "/search?type=REQUEST"):
        assert f'href="{place}"' in client.get(address).text, address
    text = client.get(f"/articles/{stored.article_id}").text
    mark = re.search(rf'<mark[^>]*>(?:<span id="\w+"></span>)*<span id="{stored.uid}"></span>', text)
    assert mark is not None
    assert f'<a href="#{stored.uid}">im Text</a>' in text
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))


def test_news_says_when_it_was_told_and_what_is_new_since_a_day(client, engine):
    """An act of weeks ago may be what is new today."""
    late = article(20, house="spaet")
    when = When(first=date(2031, 2, 3), last=date(2031, 2, 3), precision=Precision.DAY, words="am 3.", rule="day")
    with opened(engine) as archive:
        archive.connection.exec_driver_sql("UPDATE acts SET updated_at = updated_at - 3 * 86400 * 1000000")
    keep(engine, 20, late, event(late, REFUSED, EventType.REJECT, when=when), at=NOW)
    listed = client.get("/acts?order=news").text
    assert "gemeldet 10.03.2031 10:30" in listed
    assert 'href="/acts?order=news&amp;news=2031-03-09"' in listed
    fresh = client.get("/acts?order=news&news=2031-03-09").text
    assert "/acts/act-REJECT" in fresh
    assert "/acts/act-REQUEST" not in fresh
    assert "Neu seit 09.03.2031" in fresh


def test_the_lage_shows_the_sentences_that_it_counts(client, engine):
    """An act's surest report may announce what another one of the same act says has happened."""
    planned = "Moskau und die NATO wollen am Monatsende beraten."
    one = replace(article(21, house="vorher"), text="")
    one = Article.compose(
        url=one.url, publisher="vorher", headline="Vorher", body=((PartKind.PARAGRAPH, planned),), published_at=NOW
    )
    when = When(first=date(2031, 3, 31), last=date(2031, 3, 31), precision=Precision.DAY, words="am 31.", rule="day")
    plan = event(
        one,
        planned,
        EventType.CONSULT,
        actors=(NATO, RUS),
        recipients=(),
        status=Status.PLANNED,
        when=when,
        confidence=0.99,
    )
    keep(engine, 21, one, plan)
    page = client.get("/lage?week=2031-03-10").text
    moved = page[page.index('id="moves"') : page.index('id="due"')]
    assert MET in moved
    assert planned not in moved


def test_what_is_due_stands_first_and_the_latest_overdue_before_older_ones(client, engine):
    with opened(engine) as archive:
        for name, day in (("early", date(2031, 2, 3)), ("late", date(2031, 3, 3))):
            meeting = Meeting(uid=name, state="overdue", title=name, day_first=day, day_last=day)
            archive.tracking.save_meeting(meeting, [], NOW)
        for name, day in (("second", date(2031, 3, 6)), ("first", date(2031, 3, 4))):
            meeting = Meeting(uid=name, state="held", title=name, day_first=day, day_last=day)
            archive.tracking.save_meeting(meeting, [], NOW)
    page = client.get("/calendar").text
    places = [page.index(each) for each in ("Kommende Termine", "Überfällig ohne Bericht", 'id="late"', 'id="early"')]
    assert places == sorted(places)
    week = client.get("/lage?week=2031-02-24").text
    assert week.index('id="first"') < week.index('id="second"')


def test_an_event_of_an_earlier_version_leads_to_that_version(client, engine):
    """In what the publisher has now the sentence does not stand: there would be nothing to jump to."""
    earlier = event(article(1), REFUSED, EventType.REJECT, mode="yield").id
    link = re.search(rf'href="(/articles/1[^"]*#{earlier})"', client.get(f"/events/{earlier}?article=1").text)
    assert link is not None
    assert f'id="{earlier}"' in client.get(link[1]).text


def test_a_step_that_many_papers_print_in_the_same_words_stands_once(client, engine):
    demand = Demand(uid="demand_3", state="refused", demanders=("UKR",), addressees=("NATO",), content="Mehr davon.")
    steps = [Change(at=NOW, state="open", quote="Mehr davon.", article_id=1)]
    steps += [Change(at=NOW, state="refused", by="NATO", quote=REFUSED, article_id=n) for n in (1, 1, 2, 3)]
    with opened(engine) as archive:
        archive.tracking.save_demand(demand, steps, NOW)
    entry = client.get("/demands?party=UKR").text.split('id="demand_3"')[1].split("</article>")[0]
    assert entry.count(REFUSED) == 1
    assert re.findall(r'href="/articles/(\d)"', entry) == ["1", "2", "3", "1"]


def test_a_barometer_shows_every_statement_that_it_counts(client, engine):
    with opened(engine) as archive:
        for n in range(8):
            quote = f"Moskau sei nach Runde {n} zuversichtlich."
            told = Event(
                type=EventType.STATE,
                status=Status.PAST,
                actors=(RUS,),
                speaker=RUS,
                mode="optimistic",
                evidence=Evidence(start=n, end=n + len(quote), quote=quote, rule="adjective"),
                confidence=0.9,
                coder="1",
            )
            coding.insert_events(archive.connection, [told], article_id=1, version_id=1, reported=NOW.date(), now=NOW)
    text = client.get("/barometer").text.split('id="rounds"')[0]
    assert "8 Aussagen" in text
    assert "2 weitere Aussagen" in text
    assert text.count("Moskau sei nach Runde") == 8


def test_a_page_far_down_offers_the_newest_and_not_the_one_before(client, engine, monkeypatch):
    """These lists go on from a number, and know no way back but to the beginning."""
    monkeypatch.setattr("flows.web.answers.ON_A_PAGE", 1)
    third = client.get("/articles?before=2").text
    assert re.search(r'href="/articles" rel="prev">← neueste<', third)
    assert "neuere" not in third


def test_the_search_says_how_much_it_found_and_where_its_snippet_was_cut(client, engine, monkeypatch):
    long = article(90, refused=f"{'Vorher war viel. ' * 30}Der Quastenflosser {'schwamm davon. ' * 30}")
    keep(engine, 90, long, met(long))
    text = client.get("/search?q=Quastenflosser").text
    assert "Gefundene Artikel <small>1</small>" in text
    assert re.search(r"<p>… .*<mark>Quastenflosser</mark>.* …</p>", text)
    monkeypatch.setattr("flows.web.answers.ON_A_PAGE", 1)
    assert "Gefundene Artikel <small>mehr als 1</small>" in client.get("/search?q=Verzicht").text


def test_a_party_s_page_and_the_overview_lead_to_the_rest(client):
    assert 'href="/search?speaker=UKR"' in client.get("/actors/UKR").text
    text = client.get("/").text
    for page in ("/dyads", "/actors", "/calendar", "/acts"):
        assert f'class="more" href="{page}"' in text, page


def test_the_calendar_asks_for_a_party_in_a_form(client):
    text = client.get("/calendar?party=russland").text
    assert 'name="party" type="text" value="russland"' in text
    assert "meeting_1" in text
    assert "meeting_1" not in client.get("/calendar?party=UKR").text


def test_an_english_article_has_no_german_word_of_ours(room):
    with TestClient(create_app(replace(room, language="en"))) as client:
        text = client.get("/articles/1").text
    assert "As of 10 Mar 2031" in text
    assert "Stand " not in text


def test_one_event_of_a_run_is_not_events():
    german, english = (Words(language, ZoneInfo("Europe/Berlin")) for language in ("de", "en"))
    assert [german.counted(n, "events") for n in (0, 1, 2)] == ["0 Ereignisse", "1 Ereignis", "2 Ereignisse"]
    assert [english.counted(n, "alerts") for n in (1, 2)] == ["1 alert", "2 alerts"]
    assert german.counted(1, "stored") == "1 gespeichert"


def test_a_week_is_called_as_calendars_do():
    berlin = ZoneInfo("Europe/Berlin")
    assert Words("de", berlin).week("2031-W03") == "KW 3/2031"
    assert Words("en", berlin).week("2031-W03") == "2031-W03"


def test_arrows_are_read_aloud_and_german_sentences_as_german(room, client, engine):
    text = client.get("/acts").text
    assert 'role="img" aria-label="gegenüber">→<' in text
    assert 'aria-label="→"' not in text
    assert 'lang="de"' not in text.partition("<body>")[2]
    with TestClient(create_app(replace(room, language="en"))) as english:
        assert '<q class="evidence" lang="de">' in english.get("/acts").text
        assert '<p class="paragraph" lang="de">' in english.get("/articles/1").text


def test_a_list_that_has_no_order_of_time_does_not_promise_older_ones(client, engine, monkeypatch):
    from flows.web import answers

    monkeypatch.setattr(answers, "ON_A_PAGE", 1)
    page = client.get("/actors").text
    assert "weiter →" in page
    assert "ältere" not in page
    assert "die letzten 90 Tage" in page


def test_the_search_shows_the_events_for_which_it_found_an_article(client, engine):
    with reading(engine) as connection:
        uid = queries.events(connection, EventFilter(types=("CONSULT",)))[0].uid
    assert f"/events/{uid}?article=" in client.get("/search?q=Genf&type=CONSULT&party=RUS").text
    assert "/events/" not in client.get("/search?q=Genf").text


def test_a_part_of_the_events_is_taken_away_from_the_room(client):
    page = client.get("/exports").text
    for path, _, _, _ in DOWNLOADS[2:]:
        assert f'formaction="{path}"' in page
    every, some = (client.get(f"/events.csv{asked}").text.splitlines() for asked in ("", "?type=CONSULT&other=RUS"))
    assert 1 < len(some) < len(every)
    assert all("CONSULT" in line for line in some[1:])
    assert client.get("/events.csv?type=NICHTS").status_code == 400
    listed = client.get("/acts?order=news&type=CONSULT&party=RUS&unsure=1").text
    assert 'href="/events.csv?type=CONSULT&amp;party=RUS"' in listed


def test_a_download_says_itself_that_it_holds_only_the_newest(client, monkeypatch):
    whole = {path: client.get(path).text for path, _, _, _ in DOWNLOADS[2:]}
    monkeypatch.setattr(downloads, "MOST", 1)
    for path, before in whole.items():
        told = client.get(path).text
        assert "Nur die neuesten Ereignisse: 1. Alle: depesche export" in told
        assert "Nur die neuesten" not in before
        assert len(told) < len(before)


def test_the_period_of_a_dyad_is_chosen_and_kept_from_step_to_step(client):
    page = client.get("/dyads/NATO/RUS?since=2031-03-01&until=2031-03-10").text
    assert 'name="since" type="date" value="2031-03-01"' in page
    assert 'href="/dyads/NATO/RUS?since=2031-03-01&amp;until=2031-03-10&amp;step=week"' in page
    years = client.get("/dyads/NATO/RUS?since=2025-01-01&until=2031-03-10&step=month").text
    assert 'href="/dyads/NATO/RUS?step=day"' in years
    assert client.get("/dyads/NATO/RUS?step=day").status_code == 200


@pytest.mark.parametrize("address", ["/acts?party={}", "/search?party={}", "/demands?party={}", "/calendar?party={}"])
def test_a_party_is_asked_for_by_its_name_too(client, address):
    """Nobody knows three hundred codes by heart; a name that is taken for a code finds nothing and does not say why."""
    by_code, by_name = (client.get(address.format(called)).text for called in ("NATO", "Nato"))
    assert re.findall(r'class="evidence">([^<]+)', by_name) == re.findall(r'class="evidence">([^<]+)', by_code)
    by_code, by_name = (client.get(address.format(called)).text for called in ("RUS", "russland"))
    assert re.findall(r'class="evidence">([^<]+)', by_code) != []
    assert re.findall(r'class="evidence">([^<]+)', by_name) == re.findall(r'class="evidence">([^<]+)', by_code)


@pytest.mark.parametrize(
    ("called", "page"),
    [
        ("/actors/ukr", "/actors/UKR"),
        ("/actors/Russland", "/actors/RUS"),
        ("/dyads/nato/russland", "/dyads/NATO/RUS"),
    ],
)
def test_an_address_that_calls_a_party_by_its_name_leads_to_it(client, called, page):
    answer = client.get(called, follow_redirects=False)
    assert (answer.status_code, answer.headers.get("location")) == (301, page)
    assert client.get("/actors/Atlantis").status_code == 404
    assert client.get("/dyads/nato/NATO").status_code == 404


def test_a_filter_that_finds_nothing_does_not_say_that_there_is_nothing_yet(client):
    for address in ("/acts?party=TUV", "/articles?publisher=niemand", "/acts?order=news&news=2031-03-11"):
        page = client.get(address).text
        assert "Nichts gefunden." in page, address
        assert "Noch keine" not in page, address


def test_below_an_article_stand_the_surest_of_the_events_that_fit(client, engine):
    one = article(30, house="drei")
    told = [
        event(one, quote, EventType.REJECT, confidence=confidence, actors=(actor,))
        for quote, confidence, actor in ((MET, 0.6, NATO), (REFUSED, 0.9, NATO), (LASTED, 0.95, UKR))
    ]
    keep(engine, 30, one, *told)
    with reading(engine) as connection:
        version = queries.events(connection, EventFilter(publishers=("drei",)))[0].version_id

        def surest(**asked: str) -> list[str]:
            wanted = EventFilter(publishers=("drei",), before=1, **asked)  # type: ignore[arg-type]
            found = queries.surest_of_versions(connection, [version], wanted, most=1)
            return [each.event.evidence.quote for each in found.get(version, ())]

        assert (surest(actor="NATO"), surest(actor="UKR"), surest(actor="TUV")) == ([REFUSED], [LASTED], [])


def test_every_column_of_a_table_has_a_name(client, engine):
    for address in addresses(engine):
        assert re.findall(r"<th[^>]*></th>", client.get(address).text) == [], address


def test_the_readings_of_a_sentence_are_told_with_how_sure_each_is(client, engine):
    """Why one is unsure is seen by the others: which they are, by what rule, and how sure."""
    one = article(31, house="vier")
    told = (
        event(one, REFUSED, EventType.REJECT, confidence=0.31),
        event(one, REFUSED, EventType.ACCUSE, confidence=0.62),
    )
    keep(engine, 31, one, *told)
    with reading(engine) as connection:
        uid = queries.events(connection, EventFilter(publishers=("vier",), types=("REJECT",)))[0].uid
    _, readings = client.get(f"/events/{uid}").text.split('id="history"')
    assert "unsicher 31 %" in readings
    assert "sicher 62 %" in readings


def test_what_a_serving_process_has_loaded_is_not_walked_over_at_each_page():
    before = gc.get_threshold()
    try:
        settle()
        assert gc.get_freeze_count() > 100_000
        circles = gc.get_stats()[2]["collections"]
        made = [[n] for n in range(100_000)]
        assert gc.get_stats()[2]["collections"] == circles
        assert len(made) == 100_000
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
