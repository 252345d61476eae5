"""Figures and lists against counting by hand: an archive by chance, read row by row, must come to what the queries say."""

from __future__ import annotations

import itertools
import random
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import archive_matter as matter
import pytest
from archive_matter import LEASE, NOW
from sqlalchemy import Connection, Engine, select

from extractors.model import Actor, Article, Event, Precision, When
from extractors.ontology import EventType, Status, modes
from storage import choosing, deeds, queries, room_queries
from storage.archive import Archive, Made, opened
from storage.engine import reading
from storage.queries import EventFilter
from storage.room_queries import ActFilter
from storage.tables import ActRow, ArticleRow, EventActorRow, EventRow
from storage.tracking import Link

CODES = ("RUS", "NATO", "UKR", "RUS-OPP")
DAY = timedelta(days=1)
FIRST = date(2027, 12, 27)
"""A Monday: its ISO week lies in two years, and a leap day is two months away."""
LAST = date(2028, 3, 5)
SURE = 0.5


# The archive


def fill(engine: Engine, chance: random.Random) -> None:
    """Articles in versions, copies, acts that many tell, some merged; reviewed, taken back, read anew."""
    for number in range(14):
        article = replace(matter.article(number), publisher=chance.choice(["haus", "hafen"]))
        with opened(engine) as archive:
            for version in range(chance.choice([1, 1, 2])):
                keep(archive, number, replace(article, stand=NOW + version * DAY), chance, version)
            review(archive, chance)
    with opened(engine) as archive:
        for stale in archive.recoding.stale_versions("2+bb", 99):
            if chance.random() < 0.3:
                told = [replace(any_event(chance, stale.article), coder="2+bb") for _ in range(3)]
                archive.recoding.replace_coding(stale.version_id, Made(events=told), "2+bb", NOW + 9 * DAY)
        archive.tracking.merge_acts("act-1", "act-2", "the same", NOW + 9 * DAY)


def keep(archive: Archive, number: int, article: Article, chance: random.Random, version: int) -> None:
    told = {event.id: event for event in (any_event(chance, article) for _ in range(6))}
    links = [
        Link(event=uid, act=f"act-{number % 3 if chance.random() < 0.5 else number}", copied=chance.random() < 0.2)
        for uid in told
        if chance.random() < 0.9
    ]
    at = NOW + version * DAY + number * timedelta(minutes=number % 4)  # several at one time
    archive.add_window(matter.FEED, [matter.sighting(number, fetch="changed" if version else "new")], at)
    (claimed,) = archive.claim_entries("w", 1, at, lease=LEASE)
    archive.keep_article(
        claimed, article, Made(assessments=[matter.assessment()], events=tuple(told.values()), links=links), at
    )


def review(archive: Archive, chance: random.Random) -> None:
    told = chance.choice(queries.events(archive.connection, EventFilter(limit=5)))
    verdict = chance.choice(["right", "wrong", "changed"])
    other = replace(told.event, type=EventType.PROTEST, mode="", actors=(Actor(code="UKR"),), confidence=0.1)
    number = archive.review.correct(
        told.uid, verdict, "ana", NOW, changed=other if verdict == "changed" else None, article_id=told.article_id
    )
    if chance.random() < 0.3:
        archive.review.withdraw(number, NOW)


def any_event(chance: random.Random, article: Article) -> Event:
    kind = chance.choice(list(EventType))
    parties = [Actor(code=code) for code in chance.sample(CODES, 3)]
    acting = chance.choice([1, 1, 2])
    return replace(
        matter.refusal(article),
        type=kind,
        mode=chance.choice(["", *modes(kind)]),
        status=chance.choice([Status.PAST, Status.PAST, Status.ONGOING, Status.PLANNED, Status.NEGATED]),
        actors=tuple(parties[:acting]),
        recipients=tuple(parties[acting : acting + chance.choice([0, 1, 1])]),
        speaker=chance.choice([None, None, parties[0]]),
        when=any_time(chance),
        confidence=chance.choice([0.2, 0.4999, 0.5, 0.9]),
    )


def any_time(chance: random.Random) -> When | None:
    day = chance.choice(
        [FIRST + timedelta(days=chance.randrange(70)), FIRST + timedelta(days=chance.randrange(70)), date(2028, 2, 29)]
    )
    last = chance.choice([day, day, day + 3 * DAY])
    when = When(first=day, last=last, precision=Precision.DAY, words="dann", rule="day")
    return chance.choice([None, when, when])


# By hand


@dataclass(frozen=True, slots=True)
class Told:
    """A row of events that is believed, with its roles."""

    row: Any
    actors: frozenset[str]
    recipients: frozenset[str]
    speakers: frozenset[str]
    publisher: str

    @property
    def parties(self) -> frozenset[str]:
        return self.actors | self.recipients

    @property
    def key(self) -> int:
        return self.row.act_id if self.row.act_id is not None else -self.row.id

    @property
    def deed(self) -> bool:
        return not self.row.copied and self.row.status in ("past", "ongoing") and self.row.type != "STATE"

    @property
    def pairs(self) -> frozenset[tuple[str, str]]:
        both = ((one, other) for one in self.actors for other in self.parties if one != other)
        return frozenset((min(pair), max(pair)) for pair in both)

    def sure(self, least: float) -> bool:
        return self.row.confidence >= least or self.row.correction_id is not None

    def within(self, since: date, until: date) -> bool:
        return since <= self.row.day <= until


def told_in(connection: Connection) -> list[Told]:
    roles: dict[tuple[int, str], set[str]] = defaultdict(set)
    for role in connection.execute(select(EventActorRow.__table__)):
        roles[role.event_id, role.role].add(role.code)
    asked = select(EventRow.__table__, ArticleRow.publisher).join(ArticleRow, ArticleRow.id == EventRow.article_id)
    return [
        Told(row, *(frozenset(roles[row.id, role]) for role in ("actor", "recipient", "speaker")), row.publisher)
        for row in connection.execute(asked)
        if row.known_to is None
    ]


def surest(each: Told) -> tuple[bool, float, int]:
    return each.row.correction_id is None, -each.row.confidence, each.row.id


def days_of_deeds(told: Collection[Told]) -> dict[int, date]:
    """The day on which each act counts: that of the report which names its day best."""

    def worse(each: Told) -> tuple[Any, ...]:
        dated = each.row.when_first is not None
        return not (dated and each.row.when_precision == "day"), not dated, *surest(each)

    reports: dict[int, list[Told]] = defaultdict(list)
    for each in told:
        if each.deed:
            reports[each.key].append(each)
    return {key: min(some, key=worse).row.day for key, some in reports.items()}


def days(since: date, until: date) -> Iterator[date]:
    return (since + timedelta(days=n) for n in range((until - since).days + 1))


@pytest.fixture
def looked(engine: Engine, request: pytest.FixtureRequest) -> Iterator[tuple[Connection, list[Told], random.Random]]:
    chance = random.Random(request.param)
    fill(engine, chance)
    with reading(engine) as connection:
        told = told_in(connection)
        assert len(told) > 50
        assert len({each.row.day for each in told}) > 20
        yield connection, told, chance


by_chance = pytest.mark.parametrize("looked", [0], indirect=True)
LOOK = tuple[Connection, list[Told], random.Random]


@by_chance
def test_what_a_page_chooses_from_is_all_that_it_may_show(looked: LOOK) -> None:
    """The sentences that the barometer reads, the acts of several reports that the mode meter does, what the Lage counts."""
    connection, told, chance = looked
    rows = [each.row.id for each in chance.sample(told, len(told) * 2 // 3)]
    some = [each for each in told if each.row.id in rows]
    acts = {each.row.id: each.row.act_id or each.row.uid for each in some}
    times = Counter(acts.values())
    retold = {row for row in rows if times[acts[row]] > 1}
    assert [each.row for each in choosing.retold(connection, rows)] == sorted(retold, reverse=True)
    dealt = [each.row.id for each in some if len(each.parties) > 1 and not each.row.copied]
    dealings = choosing.dealings(connection, rows)
    whole = queries.numbered(connection, sorted(dealt))
    assert [each.event for each in dealings] == [replace(each.event, when=None, place=None, coder="") for each in whole]
    names = ("row", "uid", "act", "day", "article_id", "copied", "reviewed")
    for found, more in ((dealings, ()), (choosing.gists(connection, dealt), ("published_at", "stand"))):
        for name in (*names, *more):
            assert [getattr(each, name) for each in found] == [getattr(each, name) for each in whole]
    said = {each.row: each for each in choosing.sentences(connection, FIRST, LAST, min_confidence=SURE)}
    lately = [each for each in told if each.within(FIRST, LAST) and each.row.status != "historical"]
    assert said == {each.row.id: (each.row.id, each.row.quote, each.row.mode or "", each.sure(SURE)) for each in lately}


def test_two_houses_with_one_sentence_retell_it_though_no_act_ties_them(engine: Engine) -> None:
    with opened(engine) as archive:
        for number in (1, 2):
            claimed, of = matter.claim_one(archive, number), matter.article(number)
            archive.keep_article(claimed, of, Made(events=(matter.refusal(matter.article(1)),)), NOW)
    with reading(engine) as connection:
        rows = queries.numbers(connection, EventFilter())
        assert len(rows) == 2
        assert [each.row for each in choosing.retold(connection, rows)] == rows
        assert choosing.retold(connection, rows[:1]) == ()


@by_chance
def test_the_tension_adds_up_the_deeds_of_each_day(looked: LOOK) -> None:
    connection, told, _ = looked
    of_days = days_of_deeds(told)
    for party, least in itertools.product(("", "RUS", "RUS-OPP"), (0.0, SURE)):
        found = deeds.tension(connection, FIRST, LAST, party=party, min_confidence=least)
        assert [each.day for each in found] == list(days(FIRST, LAST))
        for each in found:
            acts: dict[int, list[Told]] = defaultdict(list)
            for one in told:
                if one.deed and of_days[one.key] == each.day and (not party or party in one.parties):
                    acts[one.key].append(one)
            every = [min(reports, key=surest) for reports in acts.values()]
            scores = [one.row.score for one in every if one.sure(least)]
            assert (each.acts, each.unsure) == (len(scores), len(every) - len(scores))
            assert each.cooperation == pytest.approx(sum(score for score in scores if score > 0))
            assert each.conflict == pytest.approx(sum(score for score in scores if score < 0))


@by_chance
def test_no_deed_counts_on_two_days(looked: LOOK) -> None:
    """One that a second article dated otherwise did; and so the deeds of a month were more than its acts."""
    connection, told, _ = looked
    deeds_of = defaultdict(set)
    for each in told:
        if each.deed:
            deeds_of[each.key].add(each.row.day)
    assert any(len(several) > 1 for several in deeds_of.values())
    found = deeds.tension(connection, date(2027, 1, 1), date(2032, 1, 1))
    assert sum(each.acts for each in found) == len(deeds_of)


@by_chance
def test_counts_of_parties_and_pairs_are_of_their_events(looked: LOOK) -> None:
    connection, told, _ = looked
    for (since, until), least in itertools.product(((FIRST, LAST), (date(2028, 2, 29), date(2028, 3, 1))), (0.0, SURE)):
        inside = [each for each in told if each.within(since, until)]
        sure = [each for each in inside if each.sure(least)]
        casts = room_queries.casts(connection, since, until, min_confidence=least)
        pairs = queries.top_dyads(connection, since=since, until=until, limit=99, min_confidence=least)
        every, certain = (Counter(pair for each in those for pair in each.pairs) for those in (inside, sure))
        assert {(it.one, it.other): (it.events, it.events + it.unsure) for it in pairs} == {
            pair: (certain[pair], every[pair]) for pair in every
        }
        assert list(pairs) == sorted(pairs, key=lambda it: (-it.events, -it.unsure, it.one, it.other))
        dealings = queries.unsure_dealings(connection, since=since, until=until, min_confidence=least)
        assert dealings == sum(bool(each.pairs) for each in inside) - sum(bool(each.pairs) for each in sure)
        for code in CODES:
            partners = room_queries.partners(connection, code, since, until, min_confidence=least)
            with_whom = Counter(
                one if other == code else other for one, other in certain.elements() if code in (one, other)
            )
            assert dict(partners) == with_whom
        for party in room_queries.parties(casts):
            roles = ([getattr(each, role) for each in sure] for role in ("actors", "recipients", "speakers"))
            assert (party.acting, party.acted_upon, party.speaking) == tuple(
                sum(party.code in codes for codes in role) for role in roles
            )
        unsure = room_queries.unsure_events(connection, since, until, min_confidence=least)
        assert unsure == len(inside) - len(sure)
        latest = sorted(sure, key=lambda each: (each.row.day, each.row.id))[-5:]
        acting = Counter(code for each in latest for code in each.actors)
        few = room_queries.casts(connection, since, until, min_confidence=least, most=5)
        assert {party.code: party.acting for party in room_queries.parties(few) if party.acting} == acting


@by_chance
def test_the_pages_of_a_list_of_acts_hold_each_act_once(looked: LOOK, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the filter and the order, and however many events a party has; with what is left out."""
    connection, told, chance = looked
    acts = {act.id: act for act in connection.execute(select(ActRow.__table__)) if act.merged_into is None}
    of_days = days_of_deeds(told)
    for _ in range(60):
        monkeypatch.setattr(room_queries.acts, "FEW", chance.choice([3000, 1, 7, 20]))
        wanted = any_filter(chance)
        fitting, every = (
            {each.row.act_id for each in told if each.row.act_id in acts and fits(each, some, of_days)}
            for some in (wanted, replace(wanted, min_confidence=0.0))
        )
        found, unsure, size = [], 0, chance.choice([1, 3, 5])
        for offset in itertools.count(0, size):
            page = room_queries.act_list(connection, wanted, limit=size, offset=offset)
            found += [line.uid for line in page.lines]
            assert all(shown_as_asked(line, wanted, told, of_days) for line in page.lines)
            unsure += page.unsure
            if not page.more:
                break
        assert found == [act.uid for act in in_order([acts[act] for act in fitting], by_day=wanted.by_day)]
        assert unsure == len(every - fitting)


def shown_as_asked(
    line: room_queries.ActLine, wanted: ActFilter, told: Collection[Told], of_days: Mapping[int, date]
) -> bool:
    """The report that a line shows is one for which its act is in the list, and a deed has the day on which it counts."""
    leads = [each for each in told if each.row.uid == line.event and each.row.article_id == line.article_id]
    counted = not wanted.deeds or line.day == of_days[leads[0].key]
    return counted and any(fits(each, wanted, of_days) for each in leads)


@by_chance
def test_what_dates_a_deed_is_the_same_by_its_reports_as_by_the_figures(looked: LOOK) -> None:
    """A page that asks the reports, and a figure that asks the rows, tell one day."""
    connection, told, _ = looked
    of_days = days_of_deeds([each for each in told if each.deed])
    acts = {act.id: act.uid for act in connection.execute(select(ActRow.__table__))}
    dating = {act: deeds.dating(queries.reports(connection, uid)) for act, uid in acts.items()}
    counted = {act: day for act, day in of_days.items() if act in acts}
    assert {act: stored.day for act, stored in dating.items() if stored is not None} == counted
    assert {act: first for act, (first, _) in deeds.days_of(connection, [*acts]).items()} == counted


def any_filter(chance: random.Random) -> ActFilter:
    def maybe(value: Any, nothing: Any) -> Any:
        return value if chance.random() < 0.4 else nothing

    since = FIRST + timedelta(days=chance.randrange(70))
    return ActFilter(
        types=maybe(tuple(str(kind) for kind in chance.sample(list(EventType), 4)), ()),
        statuses=maybe(("past",), ()),
        party=maybe(chance.choice(CODES), ""),
        other=maybe(chance.choice(CODES), ""),
        since=maybe(since, None),
        until=maybe(since + chance.choice([0, 6, 40]) * DAY, None),
        min_confidence=maybe(SURE, 0.0),
        deeds=maybe(True, False),
        by_day=maybe(True, False),
    )


def fits(each: Told, wanted: ActFilter, of_days: Mapping[int, date]) -> bool:
    if wanted.deeds and not each.deed:
        return False
    day = of_days[each.key] if wanted.deeds else each.row.day
    return (
        (not wanted.types or each.row.type in wanted.types)
        and (not wanted.statuses or each.row.status in wanted.statuses)
        and {*filter(None, (wanted.party, wanted.other))} <= each.parties
        and (wanted.since or date.min) <= day <= (wanted.until or date.max)
        and each.sure(wanted.min_confidence)
    )


def in_order(acts: Collection[Any], *, by_day: bool) -> list[Any]:
    def late(act: Any) -> tuple[date | datetime, int]:
        return (act.day_last or date.min) if by_day else act.updated_at, act.id

    return sorted(acts, key=late, reverse=True)


@by_chance
def test_a_line_says_of_an_act_what_its_reports_say(looked: LOOK) -> None:
    connection, told, _ = looked
    reports: dict[int, list[Told]] = defaultdict(list)
    for each in told:
        if each.row.act_id is not None:
            reports[each.row.act_id].append(each)
    ids = {act.uid: act.id for act in connection.execute(select(ActRow.__table__))}
    lines = room_queries.act_lines(connection, limit=99)
    assert {ids[line.uid] for line in lines} == set(reports)
    for line in lines:
        ours = reports[ids[line.uid]]
        lead = max(ours, key=lambda one: (one.row.correction_id is not None, one.row.confidence, -one.row.id))
        assert (line.event, line.score, line.day) == (lead.row.uid, lead.row.score, lead.row.day)
        assert line.reports == len({one.row.article_id for one in ours})
        assert line.copies == len({one.row.article_id for one in ours if one.row.copied})
        assert line.houses == len({one.publisher for one in ours if not one.row.copied})
        assert line.reviewed == any(one.row.correction_id is not None for one in ours)
        act = queries.act(connection, line.uid)
        assert act is not None
        assert (act.reports, act.houses) == (line.reports, line.houses)
