"""Acts, stories and meetings that turn out to be one become one: old ids lead to it, nothing is told twice, nothing is lost."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import cast

import pytest
from sqlalchemy import Engine, insert, select, update
from visiting import TestClient

from extractors.model import (
    Actor,
    Alert,
    Article,
    Assessment,
    Event,
    Evidence,
    FeedEntry,
    Grade,
    PartKind,
    Place,
    Precision,
    When,
)
from extractors.ontology import EventType, Status
from extractors.stories import acts, demands, matters, meetings
from extractors.stories.acts import ArticleRef
from extractors.stories.outcomes import outcome
from flows import following, steps
from flows.alerts.routing import Route
from flows.alerts.watches import Watch
from flows.cli import main
from flows.desk import Desk
from flows.judging import Coded
from flows.steps import queueing
from flows.web import sessions
from flows.web.app import Room, create_app
from storage import queries, recalling, room_queries, tracking
from storage.archive import Archive, Sighting, opened
from storage.engine import open_engine, reading, upgrade
from storage.tables import (
    ActRow,
    AlertRow,
    DemandChangeRow,
    DemandRow,
    EventRow,
    MeetingChangeRow,
    MeetingRow,
    StoryRow,
)

NOW = datetime(2031, 3, 10, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
ONE = "Das Bündnis lehnte den Abzug der Raketen ab."
OTHER = "Die Allianz wies die Forderung nach schriftlichen Garantien zurück."
BOTH = "Das Bündnis lehnte den Abzug der Raketen ab und wies die Forderung nach schriftlichen Garantien zurück."


def event(quote: str, **more: object) -> Event:
    values: dict[str, object] = {
        "type": EventType.REJECT,
        "status": Status.PAST,
        "actors": (Actor(code="NATO"),),
        "recipients": (Actor(code="RUS"),),
        "evidence": Evidence(start=0, end=len(quote), quote=quote, rule="r"),
        "confidence": 0.8,
        "coder": "1",
    }
    return Event(**{**values, **more})  # type: ignore[arg-type]


def ref(article: str, hours: float = 0.0) -> ArticleRef:
    return ArticleRef(article=article, publisher=f"haus-{article}", told_at=NOW + hours * HOUR)


WATCHES = (Watch(name="Bündnis", dossier="d"), Watch(name="Raketen", dossier="other"))
ROUTES = (Route(channel="mail"),)


def tell(
    engine: Engine,
    number: int,
    *quotes: str,
    hours: float = 0.0,
    fetch: str = "new",
    core_of: tuple[str, ...] = ("d",),
    **more: object,
) -> following.Followed:
    """Keep an article that tells these sentences, as the pipeline does; with another `fetch` its next version."""
    url = f"https://haus-{number}.example/m{number}.html"
    lines = tuple((PartKind.PARAGRAPH, quote) for quote in quotes)
    now = NOW + hours * HOUR
    of = Article.compose(
        url=url, publisher=f"haus-{number}", headline=f"Meldung {number}", body=lines, published_at=now, stand=now
    )
    told = []
    for quote in quotes:
        start = of.text.index(quote)
        evidence = Evidence(start=start, end=start + len(quote), quote=quote, rule="r")
        told.append(replace(event(quote, **more), evidence=evidence))
    entry = FeedEntry(feed_url="https://f.example/rss", guid=url, url=url, headline=of.headline, published_at=now)
    judged = tuple(Assessment(dossier=name, score=0.9, grade=Grade.CORE, coder="1") for name in core_of)
    with opened(engine) as archive:
        archive.add_window(
            "https://f.example/rss", [Sighting(stem=url, entry=entry, publisher=of.publisher, fetch=fetch)], now
        )
        (claimed,) = archive.claim_entries("w", 1, now, lease=HOUR)
        coded = Coded(assessments=judged, events=tuple(told), coder="1")
        put = partial(archive.keep_article, claimed, of, now=now)
        came_to = following.follow(archive, of, coded, put, now, key=claimed.key, told_at=now)
        desk = cast(Desk, SimpleNamespace(now=lambda: now, watches=WATCHES, routes=ROUTES, language="de"))
        queueing.queue(desk, archive, claimed, of, coded, came_to)
    return came_to.followed


def test_what_was_told_of_an_act_before_it_was_merged_is_told_of_the_other(engine):
    one, middle, last = (
        tell(engine, n, quote).fresh for n, quote in enumerate((ONE, OTHER, "Die NATO lehnt Gespräche ab."))
    )
    (oldest,), (older,), (young,) = one, middle, last
    with opened(engine) as archive:
        archive.tracking.merge_acts(young, older, "", NOW)
        archive.tracking.merge_acts(older, oldest, "", NOW)
        assert archive.tracking.names_of(oldest) == (oldest, older, young)
        assert archive.tracking.names_of(young) == (young,)
        told = Alert(key=f"w:{young}", watch="w", title="t", body="b", act=young, status="planned")
        archive.outbox.queue([told], ["mail"], NOW)
        now = replace(told, key=f"w:{oldest}", act=oldest, status="past")
        assert queueing._for_the_others(archive, now, ["mail"]) == ([], ())
        assert queueing._for_the_others(archive, now, ["mail", "hook"]) == (
            [replace(now, key=f"w:{oldest}:past")],
            ["hook"],
        )


def test_an_article_without_a_time_is_told_on_the_day_on_which_it_was_met_in_berlin():
    """Half past midnight is the day before in UTC: what came of a meeting would have been told before it."""
    of = Article.compose(url="https://h.example/m", publisher="h", headline="h", body=((PartKind.PARAGRAPH, ONE),))
    met = datetime(2031, 3, 12, 23, 30, tzinfo=UTC)
    told = following.reference(of, "a", met)
    assert told.told_at == met
    assert told.told_at.date() == date(2031, 3, 13)
    when = When(first=date(2031, 3, 13), last=date(2031, 3, 13), precision=Precision.DAY)
    meeting = replace(
        meetings.announce(event(ONE, type=EventType.CONSULT), told, met), state=meetings.State.HELD, when=when
    )
    assert outcome(meeting, event(ONE), told, told.told_at).outcome


def test_a_version_that_comes_a_month_later_begins_nothing_anew(engine):
    """By then its act, its story and its meeting are no longer among those that an article may belong to."""
    asks = {"type": EventType.CONSULT, "status": Status.PLANNED, "recipients": ()}
    asks |= {"when": When(first=date(2031, 3, 12), last=date(2031, 3, 12), precision=Precision.DAY)}
    asks |= {"actors": (Actor(code="NATO"), Actor(code="RUS"))}
    (told,) = tell(engine, 1, ONE).fresh
    (announced,) = tell(engine, 2, "Moskau und Brüssel wollen am Mittwoch beraten.", **asks).fresh
    tell(engine, 3, ONE, hours=1)
    tell(engine, 4, "Moskau und Brüssel haben am Mittwoch beraten.", hours=72, **asks | {"status": Status.PAST})
    before = kept_of(engine)

    assert tell(engine, 1, ONE, hours=24 * 200, fetch="changed").fresh == frozenset()
    again = tell(engine, 2, "Moskau und Brüssel wollen am Mittwoch beraten.", hours=24 * 200, fetch="changed", **asks)
    assert again.fresh == frozenset()
    assert {link.act for link in again.links} == {announced}
    assert kept_of(engine) == before
    with reading(engine) as connection:
        assert len(queries.act(connection, told).detail["reports"]) == 2


MEET = {
    "type": EventType.CONSULT,
    "status": Status.PLANNED,
    "recipients": (),
    "actors": (Actor(code="NATO"), Actor(code="RUS")),
}
MEET |= {"when": When(first=date(2031, 3, 12), last=date(2031, 3, 12), precision=Precision.DAY)}
ASK = {"type": EventType.REQUEST, "actors": (Actor(code="RUS"),), "recipients": (Actor(code="NATO"),)}
ASKED = "Moskau verlangt vom Bündnis den Abzug der Raketen."


def since_then(engine: Engine) -> None:
    """More acts, meetings and demands than are asked for, a month later: what a recode of an old article has before it."""
    later, sides = NOW + timedelta(days=30), (Actor(code="NATO"), Actor(code="RUS"))
    day = When(first=later.date(), last=later.date(), precision=Precision.DAY)
    crowd = range(recalling.MOST_CANDIDATES + 10)
    made = {"created_at": later, "updated_at": later}
    with opened(engine) as archive:
        for n in crowd:
            meeting = announced(f"x{n}", 24 * 30, actors=sides, when=day)
            following.save_meeting(archive, meeting, (), None, later)
        told = [demands._new(event(f"Moskau will Punkt {n}.", **ASK), ref(f"y{n}", 24 * 30)) for n in crowd]
        rows = [{"uid": one.uid, "state": "open", "detail": recalling.dumped(one)} for one in told]
        archive.connection.execute(insert(DemandRow), [row | made | {"demanders": "RUS"} for row in rows])
        opening = [acts.open_act(event(f"Die Nato verwarf Punkt {n}."), ref(f"{n:032x}", 24 * 5)) for n in crowd]
        days = {"day_first": NOW.date() + timedelta(days=5), "day_last": NOW.date() + timedelta(days=5)}
        plain = {"type": "REJECT", "status": "past", "parties": "NATO RUS"} | made | days
        archive.connection.execute(
            insert(ActRow), [plain | {"uid": one.id, "detail": recalling.dumped(one)} for one in opening]
        )


def test_a_recode_finds_what_another_house_told_first_however_much_came_since(engine):
    announcing = "Moskau und Brüssel wollen am Mittwoch beraten."
    tell(engine, 1, announcing, **MEET)
    (refused,) = tell(engine, 3, ONE).fresh
    also, theirs = "Am Mittwoch treffen sich Nato und Russland.", ONE + " So hieß es."
    tell(engine, 2, also, hours=1, **MEET)
    assert {link.act for link in tell(engine, 4, theirs, hours=1).links} == {refused}
    since_then(engine)
    before = len(kept_of(engine)[1])

    tell(engine, 2, also, also + "..", hours=2, fetch="changed", **MEET)
    again = tell(engine, 4, theirs, theirs + "..", hours=2, fetch="changed")
    assert len(kept_of(engine)[1]) == before
    assert {link.act for link in again.links} == {refused}


@pytest.mark.parametrize("hours", [3, 24 * 200])
def test_a_demand_told_again_keeps_its_answers(engine, hours):
    """It began anew, as open: after so many others, or in a version that came long after."""
    tell(engine, 1, ASKED, **ASK)
    tell(engine, 2, ONE, hours=2)
    since_then(engine)
    tell(engine, 1, ASKED, hours=hours, fetch="changed", **ASK)
    with reading(engine) as connection:
        rows = connection.execute(select(DemandRow.state, DemandRow.detail).where(DemandRow.content == ASKED)).all()
    assert [(row.state, len(row.detail["entries"])) for row in rows] == [("refused", 2)]


def test_an_article_that_a_recode_takes_at_last_joins_the_story_of_its_days(engine):
    """Another dossier grades it higher a month later: there are more stories since then than are asked for."""
    tell(engine, 1, ONE)
    later = NOW + timedelta(days=30)
    with opened(engine) as archive:
        (story,) = recalling.open_stories(archive.connection, NOW)
        since = [replace(story, id=f"story_{n}") for n in range(recalling.MOST_CANDIDATES + 10)]
        moved = [replace(one, members=(replace(one.members[0], told_at=later),)) for one in since]
        made = {"title": "", "created_at": later, "updated_at": later}
        rows = [{"uid": one.id, "detail": recalling.dumped(one)} | made for one in moved]
        archive.connection.execute(insert(StoryRow), rows)
        assert [one.id for one in recalling.open_stories(archive.connection, NOW + HOUR)] == [story.id]


def test_a_story_that_runs_for_long_is_open_on_each_of_its_days(engine):
    """However many others began and ended meanwhile, and whatever was told of it last."""
    tell(engine, 1, ONE)
    with opened(engine) as archive:
        (story,) = recalling.open_stories(archive.connection, NOW)
        last, far = NOW + timedelta(days=60), NOW + timedelta(days=90)
        long = replace(story, members=(*story.members, replace(story.members[0], article="z", told_at=last)))
        values = {"detail": recalling.dumped(long), "updated_at": last}
        archive.connection.execute(update(StoryRow).where(StoryRow.uid == story.id).values(values))
        for at in (NOW + timedelta(days=30), far):
            crowd = [replace(story, id=f"story_{at:%j}_{n}") for n in range(recalling.MOST_CANDIDATES)]
            moved = [replace(one, members=(replace(one.members[0], told_at=at),)) for one in crowd]
            made = {"title": "", "created_at": at, "updated_at": at}
            archive.connection.execute(
                insert(StoryRow), [{"uid": one.id, "detail": recalling.dumped(one)} | made for one in moved]
            )
        found = {one.id for one in recalling.open_stories(archive.connection, NOW + timedelta(days=20))}
    assert found == {story.id}


def test_a_sentence_that_a_new_version_puts_further_down_is_told_once(engine):
    """An event's id has its place in it: with a new paragraph above, an article repeated its own demand and answered it twice."""
    meets = "Moskau und Brüssel wollen am Mittwoch beraten."
    told = ((1, ASKED, ASK), (2, ONE, {}), (3, meets, MEET))

    def steps() -> list[tuple[str, str]]:
        with reading(engine) as connection:
            rows = [connection.execute(select(row.quote, row.reason)) for row in (DemandChangeRow, MeetingChangeRow)]
            return sorted((row.quote, row.reason) for some in rows for row in some if row.quote in (ASKED, ONE, meets))

    for number, quote, more in told:
        tell(engine, number, quote, hours=number, **more)
    before = steps()
    assert [quote for quote, _ in before] == sorted((ASKED, ONE, meets))
    for number, quote, more in told:
        tell(engine, number, "Am Morgen schneite es.", quote, hours=10 + number, fetch="changed", **more)
    assert steps() == before


def test_a_meeting_becomes_overdue_however_many_are_announced_since(engine):
    with opened(engine) as archive:
        following.save_meeting(archive, announced("a", 0), (), None, NOW)
    since_then(engine)
    with opened(engine) as archive:
        assert following.overdue(archive, NOW + timedelta(days=20)) == 1
        assert following.overdue(archive, NOW + timedelta(days=20)) == 0


def test_what_one_dossier_knows_is_news_to_the_watch_of_another_once(engine):
    """An act that an article of one matter told first was old to the other, whose watch never heard of it."""

    def alerts() -> list[str]:
        with reading(engine) as connection:
            return sorted(key.partition(":")[0] for key in connection.scalars(select(AlertRow.key)))

    tell(engine, 1, ONE)
    assert alerts() == ["Bündnis"]
    tell(engine, 2, ONE + " So hieß es.", hours=1, core_of=("d", "other"))
    assert alerts() == ["Bündnis", "Raketen"]
    tell(engine, 3, ONE + " So war zu hören.", hours=2, core_of=("other",))
    tell(engine, 2, ONE + " So hieß es.", hours=3, fetch="changed", core_of=("d", "other"))
    assert alerts() == ["Bündnis", "Raketen"]


def kept_of(engine: Engine) -> tuple[list[tuple[str, int]], list[tuple[str, str]]]:
    """Stories with their members, meetings with their state."""
    with reading(engine) as connection:
        stories = connection.execute(select(StoryRow.uid, StoryRow.detail).order_by(StoryRow.uid)).all()
        found = connection.execute(select(MeetingRow.uid, MeetingRow.state).order_by(MeetingRow.uid)).all()
    return [(row.uid, len(row.detail["members"])) for row in stories], [(row.uid, row.state) for row in found]


def acts_in(engine: Engine) -> dict[str, str | None]:
    with reading(engine) as connection:
        return {row.uid: row.merged_into for row in connection.execute(select(ActRow.uid, ActRow.merged_into))}


def test_one_report_that_tells_of_two_known_acts_makes_them_one(engine):
    first = tell(engine, 1, ONE)
    second = tell(engine, 2, OTHER, hours=1)
    assert first.fresh != second.fresh
    both = tell(engine, 3, BOTH, hours=2)
    (old,), (young,) = first.fresh, second.fresh
    assert acts_in(engine) == {old: None, young: old}
    assert both.fresh == frozenset()  # nothing new is told
    with reading(engine) as connection:
        assert queries.act(connection, young).merged_into == old
        told = queries.reports(connection, old)
        assert {each.publisher for each in told} == {"haus-1", "haus-2", "haus-3"}
        assert set(queries.act(connection, old).detail["words"]) >= {"raket", "garanti"}
    again = tell(engine, 4, OTHER, hours=3)
    assert again.fresh == frozenset()
    assert {link.act for link in again.links} == {old}


def test_an_act_that_a_reviewer_merged_has_the_day_and_the_place_of_the_other(engine):
    day = date(2031, 3, 20)
    (old,) = tell(engine, 1, ONE, recipients=()).fresh
    when = When(first=day, last=day, precision=Precision.DAY)
    (young,) = tell(engine, 2, OTHER, hours=1, when=when, place=Place(name="Genf", country="CHE")).fresh
    with opened(engine) as archive:
        assert following.merge_acts(archive, young, old, "Ada", NOW + 2 * HOUR) == old
        act = queries.act(archive.connection, old)
    assert (act.day_first, act.day_last, act.place) == (day, day, "Genf")
    assert act.parties == ("NATO", "RUS")


def test_the_same_articles_in_another_process_give_the_same_ids(engine, tmp_path):
    other = open_engine(f"sqlite:///{tmp_path / 'other.sqlite'}", durable=False)
    upgrade(other)
    for each in (engine, other):
        tell(each, 1, ONE)
        tell(each, 2, OTHER, hours=1)
        tell(each, 3, BOTH, hours=2)
    assert acts_in(engine) == acts_in(other)
    other.dispose()


@pytest.mark.parametrize(
    "more",
    [
        {"place": Place(name="Genf")},
        {"actors": (Actor(code="NATO"), Actor(code="USA"))},
        {"status": Status.NEGATED},
        {"when": When(first=date(2031, 3, 8), last=date(2031, 3, 8), precision=Precision.DAY)},
    ],
)
def test_what_speaks_against_it_keeps_two_acts_apart(more):
    """Another place, other sides, a denial, another day: however alike the words are."""
    today = When(first=date(2031, 3, 10), last=date(2031, 3, 10), precision=Precision.DAY)
    one = acts.open_act(event(ONE, place=Place(name="Wien"), when=today), ref("a"))
    other = acts.open_act(event(OTHER, **{"when": today, **more}), ref("b", 1))
    assert not acts.agreeing(one, other)
    assert acts.twins(event(BOTH, when=today), ref("c", 2), [one, other]) == ()


def test_acts_that_are_only_somewhat_like_it_stay_two():
    one, other = acts.open_act(event(ONE), ref("a")), acts.open_act(event(OTHER), ref("b", 1))
    assert acts.twins(event("Das Bündnis lehnte das ab."), ref("c", 2), [one, other]) == ()
    assert acts.twins(event(BOTH), ref("c", 2), [one]) == ()
    assert [act.id for act in acts.twins(event(BOTH), ref("c", 2), [other, one])] == [one.id, other.id]


# A reviewer


@pytest.fixture
def client(engine: Engine) -> Iterator[TestClient]:
    room = Room(engine=engine, token="ein-langes-geheimes-Wort", now=lambda: NOW + 5 * HOUR)
    with TestClient(create_app(room)) as client:
        client.cookies.set(sessions.COOKIE, sessions.issue("Anna", room.token, room.now()))
        yield client


def csrf(client: TestClient, page: str) -> str:
    text = client.get(page).text
    return text.split('name="csrf" value="')[1].split('"')[0]


def test_a_reviewer_merges_two_acts_in_the_room_and_the_old_address_leads_on(client, engine):
    (old,), (young,) = tell(engine, 1, ONE).fresh, tell(engine, 2, OTHER, hours=1).fresh
    form = {
        "csrf": csrf(client, f"/acts/{young}"),
        "other": f"http://room/acts/{old}?done=1",
        "comment": "dieselbe Absage",
    }
    answer = client.post(f"/acts/{young}/merge", data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/acts/{old}?done=1")
    assert client.get(f"/acts/{young}", follow_redirects=False).headers["location"] == f"/acts/{old}"
    page = client.get(f"/acts/{old}").text
    assert "zusammengelegt von Anna; dieselbe Absage" in page
    assert young in page
    assert tell(engine, 3, OTHER, hours=2).fresh == frozenset()
    with reading(engine) as connection:
        assert len(set(connection.scalars(select(EventRow.act_id)))) == 1


def test_a_merge_that_makes_no_sense_is_refused(client, engine):
    (old,) = tell(engine, 1, ONE).fresh
    token = csrf(client, f"/acts/{old}")
    for other, status in ((old, 400), ("act_nobody", 409), ("", 409)):
        assert client.post(f"/acts/{old}/merge", data={"csrf": token, "other": other}).status_code == status
    assert client.post(f"/acts/{old}/merge", data={"other": "x"}).status_code == 403
    client.cookies.clear()
    assert client.post(f"/acts/{old}/merge", data={"csrf": token, "other": "x"}).status_code == 401
    assert acts_in(engine) == {old: None}


def test_two_acts_are_merged_by_command(engine, tmp_path, capsys, monkeypatch):
    (old,), (young,) = tell(engine, 1, ONE).fresh, tell(engine, 2, OTHER, hours=1).fresh
    (tmp_path / "depesche.toml").write_text(f'database = "sqlite:///{tmp_path}/archive.sqlite"\n', "utf-8")
    config = ["--config", str(tmp_path / "depesche.toml")]
    assert main(["review", "--merge", old, "--into", young, "--author", "anna", *config]) == 0
    assert capsys.readouterr().out == f"both are {old} now\n"
    for words, told in (
        (["--merge", old], "with which act"),
        (["--merge", old, "--into", "x"], "no act x"),
        (["--merge", old, "--into", young], "one act already"),
    ):
        assert main(["review", *words, *config]) == 2
        assert told in capsys.readouterr().err


def test_a_correction_by_command_takes_no_code_that_no_actor_has(engine, tmp_path, capsys):
    tell(engine, 1, ONE)
    (tmp_path / "depesche.toml").write_text(f'database = "sqlite:///{tmp_path}/archive.sqlite"\n', "utf-8")
    with reading(engine) as connection:
        (stored,) = queries.events(connection)
    changed = ["review", stored.uid, "changed", "--config", str(tmp_path / "depesche.toml"), "--actors"]
    assert main([*changed, "ZZZ"]) == 2
    assert "unknown code: ZZZ" in capsys.readouterr().err
    assert main([*changed, "DEU,deu-opp"]) == 0


# Stories and meetings, by night


def merge_grown(archive: Archive, now: datetime) -> tuple[int, int]:
    """As each night: how many stories, and how many meetings, were merged into others."""
    return following.merge_stories(archive, now), following.merge_meetings(archive, now)


def test_stories_that_grew_into_one_are_merged_by_night(engine):
    def story(key: str, hours: float) -> matters.Story:
        of = Article.compose(url=key, headline="Raketen an der Grenze", body=((PartKind.PARAGRAPH, ONE),))
        return matters.begin(matters.features(of, key=key, told_at=NOW + hours * HOUR))

    with opened(engine) as archive:
        for one in (story("a", 0), story("b", 1)):
            archive.tracking.save_story(tracking.Story(uid=one.id, title=one.title, detail=recalling.dumped(one)), NOW)
    with opened(engine) as archive:
        assert merge_grown(archive, NOW + 2 * HOUR) == (1, 0)
        assert merge_grown(archive, NOW + 2 * HOUR) == (0, 0)
        rows = archive.connection.execute(select(StoryRow.uid, StoryRow.merged_into).order_by(StoryRow.id)).all()
    assert [tuple(row) for row in rows] == [(story("a", 0).id, None), (story("b", 1).id, story("a", 0).id)]
    with reading(engine) as connection:
        (kept,) = room_queries.story_lines(connection)
    assert [member["article"] for member in kept.story.detail["members"]] == ["a", "b"]


def announced(article: str, hours: float, **more: object) -> meetings.Meeting:
    day = When(first=date(2031, 3, 14), last=date(2031, 3, 14), precision=Precision.DAY)
    parties = (Actor(code="NATO"), Actor(code="RUS"))
    told = {"type": EventType.CONSULT, "status": Status.PLANNED, "actors": parties, "recipients": (), "when": day}
    return meetings.announce(
        event(f"Man trifft sich, sagt {article}.", **{**told, **more}), ref(article, hours), NOW + hours * HOUR
    )


def test_meetings_of_the_same_sides_on_one_day_are_merged_by_night(engine):
    one, other = announced("a", 0), announced("b", 1, place=Place(name="Genf"))
    later = announced("c", 2, when=When(first=date(2031, 3, 20), last=date(2031, 3, 20), precision=Precision.DAY))
    with opened(engine) as archive:
        for meeting in (one, other, later):
            following.save_meeting(archive, meeting, (), None, NOW)
    with opened(engine) as archive:
        assert merge_grown(archive, NOW) == (0, 1)
        assert merge_grown(archive, NOW) == (0, 0)
        rows = dict(archive.connection.execute(select(MeetingRow.uid, MeetingRow.merged_into)).all())
    assert rows == {one.uid: None, other.uid: one.uid, later.uid: None}
    with reading(engine) as connection:
        ((kept, steps_told),) = queries.with_changes(
            connection, [each for each in queries.meetings(connection) if each.uid == one.uid]
        )
    assert (kept.place, kept.sequence, len(steps_told)) == ("Genf", 1, 2)


@pytest.mark.parametrize(
    "pair",
    [
        (announced("a", 0, place=Place(name="Wien")), announced("b", 1, place=Place(name="Genf"))),
        (announced("a", 0), announced("b", 1, actors=(Actor(code="NATO"), Actor(code="UKR")))),
        (announced("a", 0, actors=(Actor(code="RUS"),)), announced("b", 1, actors=(Actor(code="RUS"),))),
        (announced("a", 0, when=None), announced("b", 1, when=None)),
    ],
)
def test_meetings_that_may_be_two_stay_two(pair):
    assert meetings.twins(pair) == ()


def test_tend_says_what_it_merged(engine, tmp_path):
    from flows.desk import open_desk
    from flows.settings import Settings

    with opened(engine) as archive:
        for meeting in (announced("a", 0), announced("b", 1)):
            following.save_meeting(archive, meeting, (), None, NOW)

    async def tended() -> steps.RunReport:
        settings = Settings(contact="a@b.example", database=f"sqlite:///{tmp_path}/archive.sqlite")
        async with open_desk(settings, now=lambda: NOW) as desk:
            return await steps.tend(desk)

    assert "1 meetings merged into others" in asyncio.run(tended()).notes


def meeting(engine: Engine, number: int, quote: str, status: Status, day: date, place: str = "") -> None:
    tell(
        engine,
        number,
        quote,
        hours=5.0 * number,
        type=EventType.CONSULT,
        status=status,
        actors=(Actor(code="NATO"), Actor(code="RUS")),
        recipients=(),
        when=When(first=day, last=day, precision=Precision.DAY, words=f"am {day:%d.%m.}", rule="day"),
        place=Place(name=place) if place else None,
    )


@pytest.mark.parametrize("seed", range(12))
def test_who_was_told_of_a_meeting_knows_how_it_stands_whatever_befalls_it(engine, seed):
    """Whichever house tells it, and however often: each change once, and the last one told is how the calendar has it."""
    chance = random.Random(seed)
    day, is_on, befell = NOW.date() + timedelta(days=10), True, ["angekündigt"]
    meeting(engine, 0, f"Das Bündnis und Moskau treffen sich am {day:%d.%m.} in Oslo.", Status.PLANNED, day, "Oslo")
    for number in range(1, 9):
        match chance.choice(["again", "move", "off", "other"]):
            case "again":
                said = f"Das Bündnis und Moskau treffen sich am {day:%d.%m.} in Oslo."
                meeting(engine, number, said, Status.PLANNED, day, "Oslo")
                befell += [] if is_on else ["Doch angesetzt"]
                is_on = True
            case "move":
                day += timedelta(days=chance.choice([1, 4, 7]))
                said = f"Das Treffen des Bündnisses mit Moskau wird auf den {day:%d.%m.} verschoben."
                meeting(engine, number, said, Status.PLANNED, day)
                befell.append("Verschoben")
                is_on = True
            case "off":
                said = f"Das Treffen des Bündnisses mit Moskau am {day:%d.%m.} fällt aus."
                meeting(engine, number, said, Status.NEGATED, day)
                befell += ["Abgesagt"] if is_on else []
                is_on = False
            case _:
                tell(engine, number, ONE, hours=5.0 * number)
    with reading(engine) as connection:
        [[state, first]] = connection.execute(select(MeetingRow.state, MeetingRow.day_first)).all()
        told = [alert["title"] for alert in connection.scalars(select(AlertRow.alert)) if alert["type"] == "CONSULT"]
    assert (state != "cancelled", first) == (is_on, day)
    assert [title.partition(":")[0] for title in told[1:]] == befell[1:]
    assert f"{day:%d.%m.%Y}" in told[-1]


# What stands for weeks


def alerts_told(engine: Engine) -> list[tuple[str, bool]]:
    with reading(engine) as connection:
        told = connection.scalars(select(AlertRow.alert).order_by(AlertRow.id))
        return [(alert["title"], alert.get("digest", False)) for alert in told]


def test_a_demand_that_stands_is_alerted_once_and_then_waits_as_confirmed_for_the_digest(engine, client):
    (first,) = tell(engine, 1, ASKED, **ASK).fresh
    (again,) = tell(engine, 2, "Rückzug der Raketen: Darauf beharrt Moskau.", hours=24 * 20, **ASK).fresh
    tell(
        engine,
        3,
        "Auch von Oslo fordert Moskau den Abzug.",
        hours=24 * 30,
        **ASK | {"recipients": (Actor(code="NOR"),)},
    )
    told = alerts_told(engine)
    assert told == [
        ("RUS → NATO: Forderung", False),
        ("Bekräftigt: RUS → NATO: Forderung", True),
        ("RUS → NOR: Forderung", False),
    ]
    with reading(engine) as connection:
        repeat = connection.scalars(select(AlertRow.alert).order_by(AlertRow.id)).all()[1]
    assert ["Zuerst", "10.03.2031: RUS → NATO: Forderung"] in [list(row) for row in repeat["facts"]]
    assert "Zuerst: 10.03.2031: RUS → NATO: Forderung" in repeat["body"]
    page = client.get(f"/acts/{again}").text
    assert f'<a href="/acts/{first}">was zuerst gemeldet war am' in page
    assert "bekräftigt, was gilt: troops away" in page
    assert "Bekräftigt" not in client.get(f"/acts/{first}").text


def test_what_nobody_was_sent_a_message_of_comes_as_one_though_it_is_said_again(engine):
    """The first was so unsure that it waited for the digest."""
    tell(engine, 1, ASKED, confidence=0.4, **ASK)
    tell(engine, 2, "Rückzug der Raketen: Darauf beharrt Moskau.", hours=24 * 9, **ASK)
    tell(engine, 3, "Moskau besteht auf dem Rückzug der Raketen.", hours=24 * 20, **ASK)
    assert [digest for _, digest in alerts_told(engine)] == [True, False, True]


def test_of_two_sentences_of_an_article_that_tell_an_act_one_that_is_news_makes_it_news(engine):
    tell(engine, 1, ASKED, **ASK)
    more = "Moskau verlangt den Abzug der Raketen binnen einer Woche."
    told = tell(engine, 2, "Auf dem Abzug der Raketen beharrt Moskau.", more, hours=24 * 20, **ASK)
    assert len(told.fresh) == 1
    assert alerts_told(engine)[1] == ("RUS → NATO: Forderung", False)


def test_what_was_taken_back_does_not_stand(engine):
    tell(engine, 1, ASKED, **ASK)
    tell(engine, 1, "Am Morgen schneite es in Moskau.", hours=3, fetch="changed", **ASK | {"type": EventType.STATE})
    assert alerts_told(engine)[1][0] == "Zurückgenommen: RUS → NATO: Forderung"
    tell(engine, 2, "Rückzug der Raketen: Darauf beharrt Moskau.", hours=24 * 20, **ASK)
    assert alerts_told(engine)[-1] == ("RUS → NATO: Forderung", False)
