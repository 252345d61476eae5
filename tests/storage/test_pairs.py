"""Rows of pairs are what the events say, whatever is done to them; an archive of the first schema comes along."""

from __future__ import annotations

import itertools
import random
import statistics
from dataclasses import replace
from datetime import date, datetime, timedelta

import archive_matter as matter
import pytest
from archive_matter import NATO, NOW, RUS, UKR
from sqlalchemy import Engine, select, text

from extractors.model import Actor, Article, Event, Precision, When
from extractors.ontology import SYMMETRIC, EventType, Status, goldstein, modes, plover_score
from extractors.stories import dyads
from storage import pairs, queries
from storage.archive import Made, opened
from storage.checking import check
from storage.engine import reading
from storage.queries import EventFilter
from storage.tables import PairRow
from storage.tracking import Link

DAY = timedelta(days=1)


def keep(engine: Engine, number: int = 1, *, said: str = matter.SAID, now: datetime = NOW, third: bool = False) -> int:
    article = matter.article(number, said=said)
    told = [matter.meeting(article, said=said), matter.refusal(article)]
    if third:
        told[1] = replace(told[1], recipients=(RUS, UKR))
    links = [Link(event=event.id, act=f"act-{event.type}") for event in told]
    with opened(engine) as archive:
        claimed = matter.claim_one(archive, number, now=now)
        return archive.keep_article(
            claimed,
            article,
            Made(assessments=[matter.assessment()], events=told, links=links),
            now,
            recheck_at=now + DAY / 2,
        ).article_id


def rows(engine: Engine) -> list[tuple[object, ...]]:
    with reading(engine) as connection:
        asked = select(PairRow.one, PairRow.other, PairRow.way).order_by(PairRow.one, PairRow.other, PairRow.way)
        return [tuple(row) for row in connection.execute(asked)]


def sound(engine: Engine) -> bool:
    with reading(engine) as connection:
        return pairs.differing(connection) == 0


def test_a_pair_says_who_acts_on_whom_and_who_acts_together(engine: Engine) -> None:
    keep(engine, third=True)
    assert rows(engine) == [
        ("NATO", "RUS", pairs.THERE),
        ("NATO", "RUS", pairs.TOGETHER),
        ("NATO", "UKR", pairs.THERE),
        ("RUS", "UKR", pairs.ADDRESSED),
    ]
    with reading(engine) as connection:
        assert [
            len(queries.events(connection, EventFilter(actor=a, other=b))) for a, b in (("RUS", "UKR"), ("UKR", "NATO"))
        ] == [1, 1]
        series = queries.dyad_series(
            connection, "RUS", "UKR", since=date(2031, 3, 1), until=date(2031, 3, 31), step="month"
        )
    assert [point.acts for point in series] == [0]


def test_pairs_follow_whatever_changes_what_is_believed(engine: Engine) -> None:
    """A new version, each verdict of a reviewer and its withdrawal, a recode, a merge of acts."""
    article_id = keep(engine)
    keep(engine, 2, third=True)
    assert sound(engine)
    keep(engine, said="Moskau und die NATO wollen doch nicht in Genf beraten.", now=NOW + DAY)
    assert sound(engine)
    with reading(engine) as connection:
        uid = next(e.uid for e in queries.events(connection, EventFilter(article_id=article_id, types=["REJECT"])))
        event = queries.event(connection, uid).event  # type: ignore[union-attr]
    for verdict, changed in (("wrong", None), ("changed", replace(event, actors=(UKR,))), ("right", None)):
        with opened(engine) as archive:
            number = archive.review.correct(uid, verdict, "anna", NOW + DAY, changed=changed, article_id=article_id)
        assert sound(engine), verdict
        with opened(engine) as archive:
            archive.review.withdraw(number, NOW + DAY)
        assert sound(engine), verdict
    with opened(engine) as archive:
        stale = archive.recoding.stale_versions("2+bb", 10)
        for one in stale:
            archive.recoding.replace_coding(
                one.version_id,
                Made(events=[replace(matter.refusal(one.article, coder="2+bb"), actors=(UKR,))]),
                "2+bb",
                NOW + 2 * DAY,
            )
        archive.tracking.merge_acts("act-REJECT", "act-CONSULT", "the same", NOW + 2 * DAY)
    assert sound(engine)
    assert check(engine) == []


def test_check_sees_pairs_that_are_not_what_the_events_say(engine: Engine) -> None:
    keep(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE events SET known_to = known_from WHERE type = 'REJECT'"))
    assert check(engine) == ["1 rows of pairs are not what the events say"]


@pytest.mark.parametrize(
    "wanted",
    [
        EventFilter(actor="NATO", other="RUS"),
        EventFilter(actor="RUS", other="NATO", types=["REJECT"]),
        EventFilter(actor="RUS", other="NATO", statuses=["planned"], since=date(2031, 3, 12)),
        EventFilter(actor="RUS", other="NATO", until=date(2031, 3, 11)),
        EventFilter(actor="UKR", other="RUS", limit=1),
        EventFilter(actor="RUS", publishers=["haus"], types=["CONSULT"]),
        EventFilter(actors=["NATO"], recipients=["UKR"]),
        EventFilter(places=["CHE"], actor="NATO"),
        EventFilter(since=date(2031, 3, 12), until=date(2031, 3, 12), actor="RUS"),
        EventFilter(speaker="NATO", other="RUS"),
        EventFilter(text="Verzicht", actor="UKR", other="RUS"),
        EventFilter(act="act-REJECT", actor="RUS"),
    ],
)
def test_every_way_of_looking_finds_the_same(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, wanted: EventFilter
) -> None:
    """Whether the narrowest way is taken whole or walked newest first: what is found is what fits."""
    for number in range(1, 5):
        keep(engine, number, third=number % 2 == 0)
    found = []
    for few in (queries.selecting.FEW, 1):
        monkeypatch.setattr(queries.selecting, "FEW", few)
        with reading(engine) as connection:
            found.append([each.row for each in queries.events(connection, wanted)])
            everything = queries.events(connection, EventFilter(limit=99))
    assert found[0] == found[1] == sorted(found[0], reverse=True)
    assert found[0] or wanted.until == date(2031, 3, 11)
    fitting = [each.row for each in everything if _fits(each, wanted)]
    assert found[0] == fitting[: wanted.limit]


def _fits(each: queries.StoredEvent, wanted: EventFilter) -> bool:
    event = each.event
    speaker = event.speaker.code if event.speaker else ""
    return all(
        (
            not wanted.actor or wanted.actor in event.parties,
            not wanted.other or wanted.other in event.parties,
            not wanted.actors or any(actor.code in wanted.actors for actor in event.actors),
            not wanted.recipients or any(actor.code in wanted.recipients for actor in event.recipients),
            not wanted.speaker or wanted.speaker == speaker,
            not wanted.types or event.type in wanted.types,
            not wanted.statuses or event.status in wanted.statuses,
            not wanted.places
            or (event.place is not None and {event.place.name, event.place.country} & set(wanted.places)),
            not wanted.act or each.act == wanted.act,
            wanted.since is None or (each.day is not None and each.day >= wanted.since),
            wanted.until is None or (each.day is not None and each.day <= wanted.until),
        )
    )


@pytest.mark.parametrize("recoded", [(), (1, 2), (2, 5), (1, 2, 3, 4, 5)])
def test_search_with_a_filter_finds_the_same_from_either_side(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, recoded: tuple[int, ...]
) -> None:
    """From the words, from few events or from the newest of many; also when old articles were read anew."""
    for number in range(1, 6):
        keep(engine, number, third=number % 2 == 0)
    recode(engine, recoded)
    wanted = EventFilter(actor="RUS", other="UKR", types=["REJECT"])
    for near, many, far in ((50, 300, 20_000), (1, 300, 20_000), (1, 1, 20_000), (2, 2, 1), (1, 1, 1)):
        for name, value in (("NEAR", (near, near + 1)), ("MANY", many), ("FAR", far)):
            monkeypatch.setattr(queries.searching, name, value)
        with reading(engine) as connection:
            hits = queries.search_articles(connection, "Verzicht", wanted=wanted)
            assert [hit.article.id for hit in hits] == [4, 2], (near, many, far)
            assert queries.search_articles(connection, "Verzicht", wanted=replace(wanted, types=["AID"])) == ()
            (first,) = queries.search_articles(connection, "Verzicht", wanted=wanted, limit=1)
            older = queries.search_articles(connection, "Verzicht", wanted=wanted, before=first.version_id)
            assert [first.article.id, *(hit.article.id for hit in older)] == [4, 2], (near, many, far)


def test_words_are_sought_in_more_of_the_newest_events_before_all_articles_are(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the two newest events that fit both hold the word, of the newest alone one does: the words' side is not asked."""
    for number in range(1, 7):
        keep(engine, number, third=number % 2 == 0)
    monkeypatch.setattr(queries.searching, "NEAR", (1, 2))
    sought, newest = [], queries.searching.search.newest

    def noted(*asked: object, among: list[int] | None = None, **more: object) -> list[int]:
        sought.append(among)
        return newest(*asked, among=among, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(queries.searching.search, "newest", noted)
    wanted = EventFilter(actor="RUS", other="UKR", types=["REJECT"])
    with reading(engine) as connection:
        hits = queries.search_articles(connection, "Verzicht", wanted=wanted, limit=2)
    assert [hit.article.id for hit in hits] == [6, 4]
    assert [len(among or ()) for among in sought] == [1, 2]


def recode(engine: Engine, articles: tuple[int, ...]) -> None:
    """Read some articles anew: they tell the same, in events with new numbers."""
    with opened(engine) as archive:
        for stale in archive.recoding.stale_versions("2+bb", 10):
            if stale.article_id in articles:
                refused = matter.refusal(stale.article, coder="2+bb")
                told = replace(refused, mode="", recipients=(RUS, UKR) if stale.article_id % 2 == 0 else (RUS,))
                archive.recoding.replace_coding(stale.version_id, Made(events=[told]), "2+bb", NOW + DAY)


@pytest.mark.parametrize("seed", range(4))
def test_a_series_adds_up_what_the_events_say(engine: Engine, seed: int) -> None:
    """Against counting by hand: acts told of several times, on several days, in several statuses and ways."""
    chance = random.Random(seed)
    for number in range(1, 6):
        article = matter.article(number)
        events = {one.id: one for one in (_any_event(chance, article) for _ in range(8))}
        links = [Link(event=uid, act=f"act-{chance.randrange(6)}") for uid in events if chance.random() < 0.8]
        with opened(engine) as archive:
            claimed = matter.claim_one(archive, number)
            archive.keep_article(
                claimed,
                article,
                Made(assessments=[matter.assessment()], events=tuple(events.values()), links=links),
                NOW,
            )
    with opened(engine) as archive:
        unsure = [
            one for one in queries.events(archive.connection, EventFilter(limit=99)) if one.event.confidence < 0.5
        ]
        for one in unsure[:3]:
            archive.review.correct(one.uid, "right", "anna", NOW, article_id=one.article_id)
    assert sound(engine)
    with reading(engine) as connection:
        everything = sorted(queries.events(connection, EventFilter(limit=99)), key=lambda each: each.row)
        for step, statuses, directed, least in itertools.product(
            ("day", "week", "month"), ((Status.PAST, Status.ONGOING), (Status.PLANNED,)), (True, False), (0.0, 0.5)
        ):
            asked = {"statuses": statuses, "directed": directed, "min_confidence": least, "step": step} | {
                "since": date(2031, 2, 20),
                "until": date(2031, 4, 10),
            }
            series = queries.dyad_series(connection, "RUS", "NATO", **asked)  # type: ignore[arg-type]
            fitting = [
                each
                for each in everything
                if each.event.status in statuses
                and (each.event.confidence >= least or each.reviewed)
                and (_ways(each.event) & ({"there"} if directed else {"there", "back", "together"}))
            ]
            assert sum(point.reports for point in series) == len(fitting)
            for point in series:
                inside = [each for each in fitting if each.day is not None and point.first <= each.day <= point.last]
                inside.sort(key=lambda each: (each.reviewed, int(each.event.confidence * 100 + 1e-6), -each.row))
                acts = {each.act or each.row: each.event for each in inside}
                scores = [event.plover_score for event in acts.values() if _scores(event)]
                mean = statistics.fmean(scores) if scores else None
                assert (point.acts, point.plover) == (
                    len(acts),
                    mean if mean is None else pytest.approx(mean, abs=1e-3),
                )


@pytest.mark.parametrize("seed", range(6))
def test_a_week_of_a_series_scores_as_the_lage_has_it(engine: Engine, seed: int) -> None:
    """What one side alone says in its own cause scored on the dyad's own page: a withdrawal that nobody else saw."""
    chance = random.Random(seed)
    article = matter.article()
    sides = ((RUS,), (UKR,), (NATO,), (NATO, UKR))
    told = {}
    for _ in range(60):
        actors, recipients = chance.sample(sides, k=2)
        one = replace(_any_event(chance, article), actors=actors, recipients=recipients, confidence=0.9)
        kinds = [kind for kind in EventType if kind not in SYMMETRIC]  # these the Lage has in both directions
        kind = chance.choice([*kinds, EventType.RETREAT, EventType.ASSAULT, EventType.ASSAULT])
        speaker = chance.choice((None, RUS, UKR, NATO))
        told[one.id] = replace(one, type=kind, status=Status.PAST, speaker=speaker)
    with opened(engine) as archive:
        made = Made(assessments=[matter.assessment()], events=tuple({one.id: one for one in told.values()}.values()))
        archive.keep_article(matter.claim_one(archive), article, made, NOW)
    since, until = date(2031, 3, 3), date(2031, 4, 6)
    claimed = 0
    with reading(engine) as connection:
        found = queries.events(connection, EventFilter(limit=99))
        acts = [dyads.Told(act=each.uid, event=each.event, day=each.day) for each in found if each.day is not None]
        for one, other in itertools.permutations(("RUS", "UKR", "NATO"), 2):
            asked = {"since": since, "until": until, "step": "week"}
            claims = queries.dyad_claims(connection, one, other, **asked)  # type: ignore[arg-type]
            series = queries.dyad_series(connection, one, other, directed=True, claims=claims, **asked)  # type: ignore[arg-type]
            for point in series:
                rows = {row.dyad: row.week for row in dyads.situation(acts, point.first)}
                week = rows.get(dyads.Dyad(actor=one, recipient=other), dyads.Point(count=0))
                assert (point.acts, point.plover) == (
                    week.count,
                    None if week.plover is None else pytest.approx(week.plover, abs=1e-3),
                )
                claimed += week.claims
    assert claimed > 3


def test_what_is_suffered_scores_by_day_where_somebody_else_told_of_the_like_within_two_weeks(engine: Engine) -> None:
    """In a war most attacks are told by those who bear them; and what another report tells is no claim."""
    last = date(2031, 3, 29)

    def told(days: int, kind: EventType, speaker: Actor | None, act: str) -> None:
        number = next(numbers)
        article, day = matter.article(number), last - days * DAY
        when = When(first=day, last=day, precision=Precision.DAY, words="dann", rule="day")
        one = replace(matter.refusal(article), type=kind, mode="", actors=(RUS,), recipients=(UKR,), speaker=speaker)
        made = Made(
            assessments=[matter.assessment()], events=[replace(one, when=when)], links=[Link(event=one.id, act=act)]
        )
        with opened(engine) as archive:
            archive.keep_article(matter.claim_one(archive, number), article, made, NOW)

    numbers = itertools.count(1)
    told(0, EventType.ASSAULT, UKR, "struck")
    told(13, EventType.ASSAULT, None, "struck before")
    told(20, EventType.SANCTION, UKR, "sanctioned")
    told(20, EventType.REJECT, None, "refused")  # it has Goldstein's value of a sanction, and is none
    told(27, EventType.RETREAT, None, "withdrawn")
    told(27, EventType.RETREAT, RUS, "withdrawn")
    told(26, EventType.RETREAT, RUS, "withdrawn further")
    with reading(engine) as connection:
        means = {last: -9.0, last - 13 * DAY: -9.0, last - 20 * DAY: -2.0, last - 26 * DAY: None, last - 27 * DAY: 6.5}
        for since in (last, last - 27 * DAY):
            claims = queries.dyad_claims(connection, "UKR", "RUS", since=since, until=last)
            series = queries.dyad_series(connection, "UKR", "RUS", since=since, until=last, claims=claims)
            told_on = {point.first: point.plover for point in series if point.acts}
            assert told_on == {day: mean for day, mean in means.items() if day >= since}


def test_a_mean_is_of_what_two_parties_do_with_each_other(engine: Engine) -> None:
    """Joint sanctions say nothing bad of those who impose them, and a statement nothing at all: as in the Lage."""
    article = matter.article()
    refused = replace(matter.refusal(article), speaker=None)
    told = [
        replace(refused, type=EventType.AGREE, mode="", actors=(NATO, UKR), recipients=()),
        replace(refused, type=EventType.SANCTION, mode="", actors=(NATO, UKR), recipients=(RUS,)),
        replace(refused, type=EventType.STATE, mode="", actors=(NATO,), recipients=(UKR,)),
        replace(refused, type=EventType.STATE, mode="", actors=(UKR,), recipients=(RUS,)),
    ]
    with opened(engine) as archive:
        archive.keep_article(
            matter.claim_one(archive), article, Made(assessments=[matter.assessment()], events=told, links=[]), NOW
        )
    day = NOW.date()
    with reading(engine) as connection:
        both, against, said = (
            queries.dyad_series(connection, one, other, since=day, until=day)[0]
            for one, other in (("NATO", "UKR"), ("NATO", "RUS"), ("RUS", "UKR"))
        )
        (silent,) = queries.dyad_series(connection, "NATO", "UKR", since=day, until=day, directed=True)
    assert (both.acts, both.plover, both.goldstein) == (3, 2.5, 4.0)
    assert (against.acts, against.plover, against.goldstein) == (1, -6.0, -4.0)
    assert (said.acts, said.plover) == (2, -6.0)
    assert (silent.acts, silent.plover) == (1, None)


@pytest.mark.parametrize("step", ["week", "month"])
def test_a_series_ends_with_the_days_that_were_asked_for(engine: Engine, step: str) -> None:
    """What a part of a week holds does not pass for the whole of it, and leads to no day beside it."""
    with reading(engine) as connection:
        series = queries.dyad_series(
            connection, "NATO", "RUS", since=date(2028, 12, 27), until=date(2029, 2, 7), step=step
        )
    days = [(point.first, point.last) for point in series]
    assert (days[0][0], days[-1][1]) == (date(2028, 12, 27), date(2029, 2, 7))
    assert all(first == before + DAY for (_, before), (first, _) in itertools.pairwise(days))
    assert (
        days[1]
        == {
            "week": (date(2029, 1, 1), date(2029, 1, 7)),
            "month": (date(2029, 1, 1), date(2029, 1, 31)),
        }[step]
    )


def _any_event(chance: random.Random, article: Article) -> Event:
    day = date(2031, 3, 1) + timedelta(days=chance.randrange(30))
    sides = chance.sample([(RUS,), (UKR,), (NATO,), (NATO, RUS), ()], k=2)
    return replace(
        matter.refusal(article),
        type=chance.choice(list(EventType)),
        mode="",
        status=chance.choice([Status.PAST, Status.ONGOING, Status.PLANNED]),
        actors=sides[0] or (RUS,),
        recipients=sides[1],
        speaker=None,
        when=When(first=day, last=day, precision=Precision.DAY, words="dann", rule="day"),
        confidence=chance.choice([0.2, 0.29, 0.4999, 0.5, 0.57, 0.9]),
    )


def _scores(event: Event) -> bool:
    """A statement does not, nor what both do to a third party: what they do with each other does."""
    mutual = event.type in SYMMETRIC or _ways(event) & {"there", "back"}
    return event.type is not EventType.STATE and bool(mutual)


def _ways(event: Event) -> set[str]:
    actors, recipients = ({party.code for party in side} for side in (event.actors, event.recipients))
    ways = {
        "there": "RUS" in actors and "NATO" in recipients,
        "back": "NATO" in actors and "RUS" in recipients,
        "together": {"RUS", "NATO"} <= actors,
    }
    return {way for way, found in ways.items() if found}


def test_scores_are_whole_tenths() -> None:
    """As which rows of pairs keep them."""
    scores = {plover_score(kind, mode) for kind in EventType for mode in ("", *modes(kind))}
    scores |= {goldstein(kind) for kind in EventType}
    assert all(round(score * 10) == pytest.approx(score * 10) and abs(score) <= 10 for score in scores)


def test_the_numbers_in_the_database_mean_what_they_meant() -> None:
    """Types and statuses are kept as numbers: the lists may grow, and never change."""
    assert pairs.TYPES[:3] == ("AGREE", "CONSULT", "SUPPORT")
    assert pairs.STATUSES == ("past", "ongoing", "planned", "hypothetical", "negated", "historical")
    assert {str(kind) for kind in EventType} == set(pairs.TYPES)
