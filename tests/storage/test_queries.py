"""Questions to the archive: filters, full text, acts, dyads with gaps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import archive_matter as matter
import pytest
from archive_matter import FEED, LEASE, MINUTE, NOW, RUS, UKR, keep, types
from sqlalchemy import Engine
from sqlalchemy.event import listens_for, remove

from extractors.ontology import EventType, Status
from extractors.stories.acts import ArticleRef
from storage import queries, recalling, room_queries, search
from storage.archive import Archive, Made, opened
from storage.engine import reading
from storage.polling import Poll
from storage.queries import EventFilter, selecting
from storage.tracking import Change, Demand, Link, Meeting, Story
from storage.upkeep import Retention

DAY = timedelta(days=1)


def test_an_event_comes_back_as_it_was_stored(engine: Engine) -> None:
    article = keep(engine)
    with reading(engine) as connection:
        found = queries.events(connection)
        stored = queries.event(connection, matter.meeting(article).id)
    assert {each.event for each in found} == {matter.meeting(article), matter.refusal(article)}
    assert stored is not None
    assert (stored.event.actors[0].name, stored.url, stored.publisher) == ("NATO", article.url, "haus")
    assert stored.day == date(2031, 3, 12)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (EventFilter(), ["CONSULT", "REJECT"]),
        (EventFilter(types=["CONSULT"]), ["CONSULT"]),
        (EventFilter(types=[EventType.REJECT]), ["REJECT"]),
        (EventFilter(statuses=["planned"]), ["CONSULT"]),
        (EventFilter(actor="RUS"), ["CONSULT", "REJECT"]),
        (EventFilter(actor="RUS", other="NATO"), ["CONSULT", "REJECT"]),
        (EventFilter(actors=["RUS"]), ["CONSULT"]),
        (EventFilter(recipients=["RUS"]), ["REJECT"]),
        (EventFilter(actor="UKR"), []),
        (EventFilter(speaker="NATO"), ["REJECT"]),
        (EventFilter(places=["Genf"]), ["CONSULT"]),
        (EventFilter(places=["Bern", "Genf"]), ["CONSULT"]),
        (EventFilter(places=["CHE"]), ["CONSULT"]),
        (EventFilter(publishers=["haus"]), ["CONSULT", "REJECT"]),
        (EventFilter(publishers=["blatt"]), []),
        (EventFilter(since=date(2031, 3, 5)), ["CONSULT"]),
        (EventFilter(until=date(2031, 3, 4)), ["REJECT"]),
        (EventFilter(text="Sicherheitsgarantie"), ["CONSULT", "REJECT"]),
        (EventFilter(text="Erdgas"), []),
        (EventFilter(min_confidence=0.85), ["CONSULT"]),
        (EventFilter(act="act-REJECT"), ["REJECT"]),
        (EventFilter(as_known_on=NOW - MINUTE), []),
        (EventFilter(as_known_on=NOW), ["CONSULT", "REJECT"]),
        (EventFilter(limit=1), ["REJECT"]),
    ],
)
def test_filters(engine: Engine, wanted: EventFilter, expected: list[str]) -> None:
    keep(engine)
    with reading(engine) as connection:
        assert types(queries.events(connection, wanted)) == expected


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("Genf", True),
        ("genf beraten", True),
        ("Berater", True),
        ("Garantie", True),
        ("Garantien Genf", True),
        ("Erdgas", False),
        ("Genf -Garantien", False),
        ('"Garantien"', False),
        ('"am 12. März in Genf"', True),
        ('"in Genf am 12. März"', False),
        ("„über Sicherheitsgarantien beraten“", True),
        ("", False),
        ("-Genf", False),
        ("' OR \\ (", False),
        ("NOT AND OR", False),
    ],
)
def test_full_text_finds_inflected_forms_and_compounds(engine: Engine, asked: str, found: bool) -> None:
    keep(engine)
    with reading(engine) as connection:
        assert bool(queries.search_articles(connection, asked)) is found


def test_hits_are_newest_first_and_show_where_the_words_stand(engine: Engine) -> None:
    for number in (1, 2, 3):
        keep(engine, number)
    with reading(engine) as connection:
        hits = queries.search_articles(connection, "Garantie", limit=2)
        none = queries.search_articles(connection, "Garantie", wanted=EventFilter(types=["AID"]))
        some = queries.search_articles(connection, "Garantie", wanted=EventFilter(actor="RUS", types=["REJECT"]))
    assert [hit.article.id for hit in hits] == [3, 2]
    assert [hits[0].snippet[a:b] for a, b in hits[0].spans] == ["Sicherheitsgarantien"]
    assert (len(none), len(some)) == (0, 3)


def test_only_the_newest_version_is_found(engine: Engine) -> None:
    keep(engine, recheck_at=NOW + MINUTE)
    revised = matter.article(said="Nun geht es um Getreide.")
    with opened(engine) as archive:
        (again,) = archive.claim_entries("w", 1, NOW + MINUTE, lease=LEASE)
        archive.keep_article(
            again, revised, Made(assessments=[matter.assessment()], events=[matter.refusal(revised)]), NOW + MINUTE
        )
    with reading(engine) as connection:
        assert queries.search_articles(connection, "Garantie") == ()
        assert len(queries.search_articles(connection, "Getreide")) == 1
        stored = queries.article(connection, 1)
    assert stored is not None
    assert [types(version.events) for version in stored.versions] == [["CONSULT", "REJECT"], ["REJECT"]]
    assert stored.versions[0].article == matter.article()
    assert stored.assessments == (matter.assessment(),)


def test_an_act_counts_reports_and_houses_but_no_copies(engine: Engine) -> None:
    keep(engine, 1)
    article = matter.article(2)
    event = matter.meeting(article)
    with opened(engine) as archive:
        claimed = matter.claim_one(archive, 2)
        link = Link(event=event.id, act="act-CONSULT", reasons=("same words", "names dpa"), copied=True)
        archive.keep_article(
            claimed, article, Made(assessments=[matter.assessment()], events=[event], links=[link]), NOW
        )
    with reading(engine) as connection:
        act = queries.act(connection, "act-CONSULT")
        reports = queries.reports(connection, "act-CONSULT")
    assert act is not None
    assert (act.reports, act.houses, act.parties) == (2, 1, ("NATO", "RUS"))
    assert [(each.copied, each.act_reasons) for each in reports] == [
        (False, "same day"),
        (True, "same words; names dpa"),
    ]


def test_a_merged_act_leads_to_where_it_went(engine: Engine) -> None:
    keep(engine)
    with opened(engine) as archive:
        archive.tracking.merge_acts("act-REJECT", "act-CONSULT", "one and the same", NOW)
        archive.tracking.merge_acts("act-REJECT", "act-CONSULT", "again", NOW)
        assert archive.tracking.act_of("act-REJECT") == "act-CONSULT"
        assert [act.uid for act in queries.acts(archive.connection)] == ["act-CONSULT"]
        assert len(queries.reports(archive.connection, "act-CONSULT")) == 2
    keep(engine, 2, events=[matter.refusal(matter.article(2))])  # links to the old name
    with reading(engine) as connection:
        assert len(queries.reports(connection, "act-CONSULT")) == 3


def test_a_calendar_learns_of_what_changed_and_of_nothing_else(engine: Engine) -> None:
    planned = Meeting(uid="m1", state="announced", parties=("RUS", "NATO"), day_first=date(2031, 3, 12), place="Genf")
    step = Change(at=NOW, state="announced", event="e1", quote=matter.SAID, day_first=date(2031, 3, 12))
    moved = replace(planned, state="moved", day_first=date(2031, 3, 14))
    with opened(engine) as archive:
        assert archive.tracking.save_meeting(planned, [step], NOW)
        assert not archive.tracking.save_meeting(planned, [step], NOW + MINUTE)
        assert archive.tracking.save_meeting(moved, [replace(step, state="moved", event="e2")], NOW + MINUTE)
        ((kept, changes),) = queries.with_changes(archive.connection, queries.meetings(archive.connection))
    assert (kept.sequence, kept.state, kept.parties) == (1, "moved", ("NATO", "RUS"))
    assert [change.state for change in changes] == ["announced", "moved"]


def test_demands_and_stories_keep_their_steps_and_articles(engine: Engine) -> None:
    keep(engine)
    demand = Demand(uid="d1", state="open", demanders=("RUS",), addressees=("NATO",), content="keine Übungen")
    asked = Change(at=NOW, state="open", by="RUS", event="e1", article_id=1, quote="…")
    with opened(engine) as archive:
        archive.tracking.save_demand(demand, [asked], NOW)
        archive.tracking.save_demand(replace(demand, state="refused"), [asked, replace(asked, state="refused")], NOW)
        for uid in ("s1", "s2"):
            archive.tracking.save_story(Story(uid=uid, title="Genf"), NOW)
            archive.tracking.add_to_story(uid, 1, "same words", NOW)
        archive.tracking.merge_stories("s2", "s1", NOW)
        ((kept, changes),) = queries.demands(archive.connection, party="NATO")
        story = room_queries.story(archive.connection, "s1")
        gone = room_queries.story(archive.connection, "s2")
        running = room_queries.story_lines(archive.connection)
    assert (kept.state, [change.state for change in changes]) == ("refused", ["open", "refused"])
    assert story is not None
    assert gone is not None
    assert ([member.article.id for member in story[1]], gone[2]) == ([1], "s1")
    assert [(each.story.uid, each.articles) for each in running] == [("s1", 1)]


def test_demands_are_found_by_who_asks_whom_and_by_the_words_of_their_sentences(engine: Engine) -> None:
    keep(engine)
    said = {"d1": "Moskau will einen Verzicht auf Übungen.", "d2": "Die NATO will Ruhe.", "d3": "Moskau will Ruhe."}
    sides = {"d1": ("RUS", "NATO"), "d2": ("NATO", "RUS"), "d3": ("RUS", "UKR")}
    with opened(engine) as archive:
        for n, (uid, content) in enumerate(said.items()):
            demand = Demand(uid=uid, state="open", demanders=sides[uid][:1], addressees=sides[uid][1:], content=content)
            answer = Change(at=NOW, state="refused", quote="Kiew nannte das eine Zumutung." if uid == "d3" else "Nein.")
            archive.tracking.save_demand(
                demand, [Change(at=NOW, state="open", quote=content), answer], NOW + n * MINUTE
            )

        def found(**asked: Any) -> list[str]:
            return [demand.uid for demand, _ in queries.demands(archive.connection, **asked)]

        assert found(party="RUS", other="NATO") == ["d2", "d1"]
        assert found(by="RUS") == ["d3", "d1"]
        assert found(by="RUS", to="NATO") == ["d1"]
        assert found(to="RUS") == ["d2"]
        assert found(words="Übung") == ["d1"]
        assert found(words="zumutungen") == ["d3"]
        assert found(words="Ruhe -Moskau") == ["d2"]
        assert found(words='"einen Verzicht"') == ["d1"]
        assert found(words="Ruhe", limit=1, offset=1) == ["d2"]
        assert found(words="Moskau", by="RUS", limit=1) == ["d3"]
        assert found(words="!?") == []


def test_many_meetings_and_demands_take_few_statements(engine: Engine) -> None:
    """A page of demands asked for those of all pages before it, and for the steps of each by itself."""
    with opened(engine) as archive:
        for n in range(20):
            at, step = NOW + n * MINUTE, Change(at=NOW, state="open", event=f"e{n}", quote=f"{n}", day_first=NOW.date())
            archive.tracking.save_demand(Demand(uid=f"d{n}", state="open"), [step, replace(step, state="refused")], at)
            held = replace(step, state="held", at=NOW + MINUTE)
            archive.tracking.save_meeting(Meeting(uid=f"m{n}", state="held", day_first=NOW.date()), [held, step], at)
    statements: list[str] = []

    @listens_for(engine, "before_cursor_execute")
    def note(_: object, __: object, statement: str, *___: object) -> None:
        statements.append(statement)

    with reading(engine) as connection:
        found = queries.demands(connection, limit=12, offset=3)
        met = queries.with_changes(connection, queries.meetings(connection))
    remove(engine, "before_cursor_execute", note)
    assert len([one for one in statements if one.startswith("SELECT")]) == (1 + 1) + (1 + 1)
    assert [demand.uid for demand, _ in found] == [f"d{n}" for n in range(16, 4, -1)]
    assert {(changes[0].quote, len(changes)) for _, changes in found} == {(str(n), 2) for n in range(5, 17)}
    assert [(meeting.uid, [each.state for each in told]) for meeting, told in met] == [
        (f"m{n}", ["open", "held"]) for n in range(20)
    ]


def plans(engine: Engine, asking: Callable[[Archive], object]) -> list[str]:
    """How SQLite finds the rows of every statement that something takes."""
    asked: list[tuple[str, object]] = []

    @listens_for(engine, "before_cursor_execute")
    def note(_: object, __: object, statement: str, values: object, *___: object) -> None:
        asked.append((statement, values))

    with opened(engine) as archive:
        asking(archive)
    remove(engine, "before_cursor_execute", note)
    found: list[str] = []
    with reading(engine) as connection:
        for statement, values in asked:
            if statement.startswith(("SELECT", "UPDATE", "DELETE")):
                found += [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
    return found


def test_no_question_about_one_event_walks_over_all_of_them(engine: Engine) -> None:
    """An archive holds millions: a page, a correction, its withdrawal and a recode each meet the events of one article."""
    if engine.dialect.name != "sqlite":
        pytest.skip("the plan is SQLite's; an archive this small PostgreSQL walks over in any case")
    article = keep(engine)
    was = matter.refusal(article)

    def everything(archive: Archive) -> None:
        number = archive.review.correct(was.id, "changed", "Ada", NOW, changed=replace(was, recipients=()))
        queries.history(archive.connection, 1, 0, 10**6)
        queries.events(archive.connection, EventFilter(article_id=1))
        archive.review.reattach(1, NOW)
        archive.review.withdraw(number, NOW)

    assert [plan for plan in plans(engine, everything) if plan.startswith("SCAN events")] == []


def test_no_article_walks_over_all_acts_that_were_ever_told(engine: Engine) -> None:
    """The acts near an article are found by their days: walked over by when they changed, each year made each article dearer."""
    if engine.dialect.name != "sqlite":
        pytest.skip("the plan is SQLite's; an archive this small PostgreSQL walks over in any case")
    article = keep(engine)
    told = (matter.refusal(article), matter.meeting(article))
    ref = ArticleRef(article="a", publisher="haus", told_at=NOW)

    def near(archive: Archive) -> None:
        recalling.known_acts(archive.connection, told, ref)
        recalling.standing_acts(archive.connection, told, ref)

    asked = [plan for plan in plans(engine, near) if "acts" in plan]
    assert asked
    assert [plan for plan in asked if plan.startswith("SCAN")] == []


def test_who_is_only_addressed_together_is_no_dyad(engine: Engine) -> None:
    """The list leads to the dyad's series, which counts no such event."""
    article = matter.article()
    both = replace(matter.refusal(article), recipients=(RUS, UKR))
    keep(engine, events=[both])
    since, until = date(2031, 3, 1), date(2031, 3, 31)
    with reading(engine) as connection:
        told = queries.top_dyads(connection, since=since, until=until)
        series = queries.dyad_series(connection, "RUS", "UKR", since=since, until=until)
    assert [(pair.one, pair.other) for pair in told] == [("NATO", "RUS"), ("NATO", "UKR")]
    assert sum(point.acts for point in series) == 0


def test_the_acts_of_a_party_that_is_often_told_of_are_all_there(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A party that says itself what it does stands in one event twice: its first events are not all of them."""
    kinds = ["REJECT", "ACCUSE", "THREATEN", "PROTEST"]
    for number, kind in enumerate(kinds, 1):
        keep(engine, number, events=[replace(matter.refusal(matter.article(number)), type=EventType(kind), mode="")])
    for few in range(1, 10):
        monkeypatch.setattr(room_queries.acts, "FEW", few)
        with reading(engine) as connection:
            found = room_queries.act_lines(connection, room_queries.ActFilter(party="NATO"))
        assert [line.type for line in found] == kinds[::-1], few


def test_a_gap_lies_on_the_days_that_its_readers_have(engine: Engine) -> None:
    """Half past ten in the evening, by UTC, is the next day in a Berlin summer."""
    half_past_ten = datetime(2031, 7, 9, 22, 30, tzinfo=UTC)
    with opened(engine) as archive:
        archive.feeds.add_gap(FEED, half_past_ten, half_past_ten + timedelta(hours=7), "the feed did not answer")
    first, last = date(2031, 7, 8), date(2031, 7, 11)
    with reading(engine) as connection:
        points = queries.dyad_series(connection, "NATO", "RUS", since=first, until=last)
        days = queries.gap_days(queries.gaps(connection, first, last), first, last)
    assert [point.first for point in points if point.gap] == [date(2031, 7, 10)]
    assert days == {date(2031, 7, 10)}


def test_the_gaps_of_some_days_are_found_by_these_days(engine: Engine) -> None:
    """A machine that is off at night has one for each feed a day: after years every page read tens of thousands."""
    with opened(engine) as archive:
        for day in range(10, 20):
            begin = datetime(2031, 7, day, 22, 30, tzinfo=UTC)  # the next day in Berlin
            archive.feeds.add_gap(FEED, begin, begin + timedelta(hours=7), str(day))
        archive.feeds.add_gap(FEED, datetime(2031, 7, 1, tzinfo=UTC), datetime(2031, 7, 30, tzinfo=UTC), "all of them")
        found = queries.gaps(archive.connection, date(2031, 7, 13), date(2031, 7, 15))
        latest = queries.latest_gaps(archive.connection, 2)
    assert [gap.reason for gap in found] == ["all of them", "12", "13", "14"]
    assert [gap.reason for gap in latest] == ["all of them", "19"]
    if engine.dialect.name == "sqlite":
        days = plans(engine, lambda archive: queries.gaps(archive.connection, date(2031, 7, 13), date(2031, 7, 15)))
        assert [plan for plan in days if plan.startswith("SCAN gaps")] == []


def test_the_archive_begins_and_ends_on_days_that_its_readers_have(engine: Engine) -> None:
    late = replace(matter.article(), published_at=datetime(2031, 3, 4, 23, 15, tzinfo=UTC))
    with opened(engine) as archive:
        archive.keep_article(matter.claim_one(archive), late, Made(assessments=[matter.assessment()]), NOW)
        ends = room_queries.first_day(archive.connection), room_queries.latest_day(archive.connection)
    assert ends == (date(2031, 3, 5), date(2031, 3, 5))


@pytest.mark.parametrize(("days", "last"), [((1,) * 10 + (2,), 2), ((1,) * 10 + (20,), 1), ((1, 9), 9)])
def test_a_quiet_last_day_ends_the_archive_and_a_wrong_date_does_not(
    engine: Engine, days: tuple[int, ...], last: int
) -> None:
    with opened(engine) as archive:
        for number, day in enumerate(days):
            dated = replace(matter.article(number), published_at=NOW.replace(day=day))
            claimed = matter.claim_one(archive, number)
            archive.keep_article(claimed, dated, Made(assessments=[matter.assessment()]), NOW)
        ends = room_queries.latest_day(archive.connection)
    assert ends == date(2031, 3, last)


def test_a_dyad_counts_acts_once_and_shows_gaps_as_gaps(engine: Engine) -> None:
    keep(engine, 1)
    keep(engine, 2)
    with opened(engine) as archive:
        archive.feeds.add_gap(FEED, NOW + 2 * DAY, NOW + 3 * DAY, "the feed did not answer")
    with reading(engine) as connection:
        days = queries.dyad_series(
            connection, "NATO", "RUS", since=date(2031, 3, 3), until=date(2031, 3, 7), directed=True
        )
        weeks = queries.dyad_series(
            connection,
            "RUS",
            "NATO",
            since=date(2031, 3, 3),
            until=date(2031, 3, 16),
            step="week",
            statuses=[Status.PAST, Status.PLANNED],
        )
        top = queries.top_dyads(connection, since=date(2031, 3, 1), until=date(2031, 3, 31))
    assert [(point.acts, point.reports, point.plover, point.gap) for point in days] == [
        (0, 0, None, False),
        (1, 2, -2.0, False),
        (0, 0, None, False),
        (0, 0, None, True),
        (0, 0, None, True),
    ]
    assert [(point.first, point.acts) for point in weeks] == [(date(2031, 3, 3), 1), (date(2031, 3, 10), 1)]
    assert [(pair.one, pair.other, pair.events, pair.unsure) for pair in top] == [("NATO", "RUS", 4, 0)]


def test_text_expires_and_what_it_told_stays(engine: Engine) -> None:
    article = keep(engine, page=matter.page())
    policy = Retention(text=timedelta(days=30), core_text=timedelta(days=60))
    with opened(engine) as archive:
        assert archive.upkeep.expire(NOW + 40 * DAY, policy).texts == 0
        gone = archive.upkeep.expire(NOW + 61 * DAY, policy)
        assert (gone.texts, gone.pages) == (1, 0)
        assert archive.recoding.coverage("2+bb").expired == 1
    with reading(engine) as connection:
        assert queries.search_articles(connection, "Genf") == ()
        found = queries.events(connection)
        stored = queries.article(connection, 1)
    assert {each.event.evidence.quote for each in found} == {matter.SAID, matter.REFUSED}
    assert stored is not None
    assert stored.versions[0].article is None
    assert stored.headline == article.headline


def test_what_a_feed_had_new_is_counted_by_the_days_of_events(engine: Engine) -> None:
    """Counted by UTC, what came at half past midnight in Berlin stood under the day before, beside gaps of the right one."""
    night = datetime(2031, 7, 2, 22, 30, tzinfo=UTC)  # half past midnight, on the third
    with opened(engine) as archive:
        feed = archive.feeds.id_of(FEED)
        for at, new in ((night - MINUTE * 60, 1), (night, 2), (night + MINUTE * 60 * 3, 4)):
            archive.feeds.remember(feed, None, at, new=new)
        for at, daily in ((night - MINUTE * 60, (0, 1)), (night, (1, 6))):
            (health,) = queries.feed_health(archive.connection, at)
            assert health.daily[-2:] == daily


def test_feed_health_tells_what_was_new_and_when_it_was_silent(engine: Engine) -> None:
    keep(engine)
    with opened(engine) as archive:
        archive.feeds.polled(FEED, Poll(outcome="new", next_due=NOW), NOW)
        archive.feeds.polled(FEED, Poll(outcome="failed", next_due=NOW, error="timeout"), NOW + MINUTE)
        archive.feeds.polled(FEED, Poll(outcome="unchanged", next_due=NOW), NOW + DAY)
        (health,) = queries.feed_health(archive.connection, NOW + DAY)
        (gap,) = queries.latest_gaps(archive.connection, 20)
        (house,) = queries.publisher_health(archive.connection, NOW)
        assert queries.outcomes(archive.connection) == {"stored": 1}
    assert health.daily == (0, 0, 0, 0, 0, 0, 1, 0)
    assert (gap.since, gap.until, gap.reason) == (NOW, NOW + DAY, "the feed did not answer")
    assert (house.publisher, house.articles, house.unread_of_last_ten) == ("haus", 1, 0)


def test_a_hit_shows_whole_words() -> None:
    read = "Anfang " + "Silbenrätsel " * 40 + "Verzicht " + "Silbenrätsel " * 40
    at = read.index("Verzicht")
    snippet, spans = queries.searching._snippet(read, [(at, at + 8)])
    assert set(snippet.split()) == {"Silbenrätsel", "Verzicht"}
    assert [snippet[a:b] for a, b in spans] == ["Verzicht"]


@pytest.mark.parametrize("word", ["Maßnahmen", "MASSNAHME", "Öl", "Straße", "Sicherheitsgarantien"])
def test_the_words_of_a_hit_are_marked_however_they_are_written(word: str) -> None:
    query = search.Query(groups=((search.stem(word),),))
    read = f"Es ging um {word}, um Masse und Sicht."
    assert [read[a:b] for a, b in search.spans(read, query)] == [word]


def test_the_pages_of_what_has_the_words_hold_each_event_once_after_a_recode_too(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An old version's event that a recode made has a later number than what stands on the page before, and was on none."""
    monkeypatch.setattr(selecting, "_CHUNKS", (1, 2))
    for number in range(1, 6):
        keep(engine, number)
    with opened(engine) as archive:
        for version in (4, 1):
            again = [
                replace(matter.refusal(matter.article(version)), type=EventType.ACCUSE),
                matter.meeting(matter.article(version)),
            ]
            archive.recoding.replace_coding(version, Made(events=again), "2+bb", NOW)
    with reading(engine) as connection:
        wanted = EventFilter(text="Genf", limit=3)
        pages = [queries.events(connection, wanted)]
        while pages[-1]:
            pages.append(queries.events(connection, replace(wanted, before=pages[-1][-1].row)))
        found = [told for page in pages for told in page]
        assert sorted(told.row for told in found) == sorted(queries.all_with_words(connection, wanted))
    assert len(found) == 10
    assert [told.version_id for told in found] == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]
