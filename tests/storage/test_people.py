"""Office holders whom no table has: kept once an article, known when articles agree, and as operators say."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import archive_matter as matter
import pytest
from archive_matter import FEED, LEASE, NOW
from sqlalchemy import Engine, func, select

from extractors.model import Article, FeedEntry, Holder, Introduction, PartKind
from flows.people import Unusable, confirm, refuse
from storage.archive import Made, Sighting, opened
from storage.backup import backup, restore
from storage.checking import check
from storage.engine import open_engine, reading
from storage.people import ARTICLES, FADES, Listed, People, State, house_of
from storage.tables import IntroductionRow, VersionRow
from storage.upkeep import Retention

NAME = "Ingmar Gausewitz"
TODAY = NOW.date()


def says(number: int, *, name: str = NAME, code: str = "EST", office: str = "Außenminister") -> Introduction:
    return Introduction(name=name, code=code, office=office, quote=f"Satz {number} nennt {name}.")


def keep(
    engine: Engine,
    number: int,
    house: str,
    introduced: Sequence[Introduction] | None = None,
    *,
    at: datetime = NOW,
    dated: datetime | None = None,
    text: str = "Ein Satz.",
    again: bool = False,
) -> int:
    """Keep an article of a house, or a new version of one that was to be looked at `again`; returns its number."""
    url = f"https://{house}/meldung-{number}.html"
    entry = FeedEntry(feed_url=FEED, guid=url, url=url, headline="Meldung", published_at=dated or at)
    body = ((PartKind.PARAGRAPH, text),)
    article = Article.compose(url=url, headline="Meldung", body=body, published_at=dated or at, stand=dated or at)
    with opened(engine) as archive:
        stem = f"{house}/meldung-{number}"
        archive.add_window(FEED, [Sighting(stem=stem, entry=entry, publisher=house, fetch="new", drop="")], at)
        (claimed,) = archive.claim_entries("w1", 1, at, lease=LEASE)
        told = [says(number)] if introduced is None else introduced
        assert claimed.url == url
        due = at + timedelta(minutes=1) if again else None
        kept = archive.keep_article(
            claimed, article, Made(assessments=[matter.assessment()], introduced=told), at, coder="1", recheck_at=due
        )
    assert kept.outcome == "stored"
    return kept.article_id


def known(engine: Engine) -> tuple[Holder, ...]:
    with reading(engine) as connection:
        return People(connection).holders()


def lines(engine: Engine, today: date = TODAY) -> list[Listed]:
    with reading(engine) as connection:
        return list(People(connection).listed(today))


def three(engine: Engine, **more: object) -> None:
    for number, house in ((1, "a.example"), (2, "b.example"), (3, "a.example")):
        keep(engine, number, house, **more)  # type: ignore[arg-type]


def test_three_articles_of_two_houses_make_somebody_known(engine: Engine) -> None:
    keep(engine, 1, "a.example")
    keep(engine, 2, "b.example", [says(2, office="Chefdiplomat")])
    assert known(engine) == ()
    assert [(line.state, line.articles, line.houses) for line in lines(engine)] == [(State.PROPOSED, 2, 2)]
    keep(engine, 3, "b.example")
    offices = ("Außenminister", "Chefdiplomat")
    assert known(engine) == (Holder(name=NAME, code="EST", offices=offices, since=TODAY, until=TODAY + FADES),)
    (line,) = lines(engine)
    assert (line.state, line.articles, line.houses, line.quote) == (State.KNOWN, 3, 2, says(3).quote)


def test_one_house_alone_makes_nobody_known(engine: Engine) -> None:
    for number in range(1, 6):
        keep(engine, number, "www.a.example" if number % 2 else "a.example")
    assert known(engine) == ()


def test_hosts_of_one_publisher_are_one_house() -> None:
    assert house_of("https://www.n-tv.de/a") == house_of("https://amp.n-tv.de/b") != house_of("https://www.zeit.de/a")
    assert house_of("https://WWW.haus.example:8080/a") == "haus.example:8080"


def test_houses_that_say_different_things_make_nobody_known(engine: Engine) -> None:
    three(engine)
    keep(engine, 4, "c.example", [says(4, code="LVA")])
    assert known(engine) == ()
    (line,) = lines(engine)
    assert (line.state, line.code, line.others) == (State.PROPOSED, "EST", {"LVA": 1})
    for number in range(5, 11):
        keep(engine, number, "b.example")
    assert [holder.code for holder in known(engine)] == ["EST"]  # nine in ten


def test_copies_of_one_report_count_once(engine: Engine) -> None:
    for number, house in enumerate(("a.example", "b.example", "c.example", "d.example"), start=1):
        keep(engine, number, house, [says(7)])
    assert known(engine) == ()
    assert [(line.articles, line.houses) for line in lines(engine)] == [(1, 1)]


def test_an_article_that_changes_counts_once_with_what_it_says_now(engine: Engine) -> None:
    keep(engine, 1, "a.example")
    keep(engine, 2, "b.example", again=True)
    for minutes in (5, 10):
        at = NOW + timedelta(minutes=minutes)
        keep(engine, 2, "b.example", [says(2 + minutes)], at=at, text=f"Ein Satz, Fassung {minutes}.", again=True)
    assert known(engine) == ()
    assert [line.articles for line in lines(engine)] == [2]
    keep(engine, 2, "b.example", [], at=NOW + timedelta(minutes=15), text="Nichts mehr davon.")
    assert [line.articles for line in lines(engine)] == [1]


def test_a_recode_counts_no_article_twice_and_takes_back_what_is_no_longer_read(engine: Engine) -> None:
    three(engine)
    with reading(engine) as connection:
        versions = connection.execute(select(VersionRow.id).order_by(VersionRow.id)).scalars().all()
        before = connection.execute(select(IntroductionRow.__table__).order_by(IntroductionRow.article_id)).all()

    def recode(coder: str, told: Sequence[Introduction]) -> None:
        with opened(engine) as archive:
            at = NOW + timedelta(days=9)
            assert archive.recoding.replace_coding(versions[0], Made(introduced=told), coder, at).stored

    recode("2", [says(1)])
    with reading(engine) as connection:
        asked = select(IntroductionRow.__table__).order_by(IntroductionRow.article_id)
        assert connection.execute(asked).all() == before
    recode("3", [])
    assert known(engine) == ()
    assert [line.articles for line in lines(engine)] == [2]


def test_who_is_no_longer_introduced_fades_by_the_day_of_the_article(engine: Engine) -> None:
    three(engine)
    (holder,) = known(engine)
    assert holder.holds(TODAY + FADES)
    assert not holder.holds(TODAY + FADES + timedelta(days=1))
    assert not holder.holds(TODAY - timedelta(days=1))
    assert [line.state for line in lines(engine, TODAY + FADES)] == [State.KNOWN]
    assert [line.state for line in lines(engine, TODAY + FADES + timedelta(days=1))] == [State.FADED]
    keep(engine, 4, "b.example", at=NOW + timedelta(days=300))
    (later,) = known(engine)
    assert (later.since, later.until) == (TODAY, TODAY + timedelta(days=300) + FADES)


def test_articles_of_the_year_before_the_last_one_count_and_no_older_ones(engine: Engine) -> None:
    three(engine)
    for number, house in ((4, "a.example"), (5, "b.example")):
        keep(engine, number, house, [says(number, code="EU")], at=NOW + timedelta(days=400))
    assert known(engine) == ()
    keep(engine, 6, "c.example", [says(6, code="EU")], at=NOW + timedelta(days=401))
    (holder,) = known(engine)
    assert (holder.code, holder.since) == ("EU", TODAY + timedelta(days=400))


def test_an_article_that_is_dated_ahead_keeps_nobody_in_office(engine: Engine) -> None:
    for number, house in ((1, "a.example"), (2, "b.example"), (3, "c.example")):
        keep(engine, number, house, dated=NOW + timedelta(days=9000) if number == 3 else NOW)
    (holder,) = known(engine)
    assert holder.until == TODAY + FADES


def test_an_operator_refuses_confirms_and_adds(engine: Engine) -> None:
    three(engine)
    with opened(engine) as archive:
        refuse(archive.people, NAME, "Ada", NOW)
    assert known(engine) == ()
    assert [(line.state, line.author, line.articles) for line in lines(engine)] == [(State.REFUSED, "Ada", 3)]
    with opened(engine) as archive:
        confirm(archive.people, f" {NAME.replace(' ', '  ')} ", "Bea", NOW)
        confirm(archive.people, "Annika Kirkelund", "Bea", NOW, code="nato", office="Sprecherin", since="2031-01-01")
    annika, ingmar = known(engine)
    assert (ingmar.code, ingmar.offices, ingmar.since, ingmar.until) == ("EST", ("Außenminister",), TODAY, None)
    assert annika == Holder(name="Annika Kirkelund", code="NATO", offices=("Sprecherin",), since=date(2031, 1, 1))
    assert [(line.name, line.state) for line in lines(engine)] == [
        (NAME, State.CONFIRMED),
        ("Annika Kirkelund", State.CONFIRMED),
    ]


def test_a_confirmed_name_holds_against_articles_and_does_not_fade(engine: Engine) -> None:
    keep(engine, 1, "a.example")
    with opened(engine) as archive:
        confirm(archive.people, NAME, "Ada", NOW)
    for number, house in ((2, "a.example"), (3, "b.example"), (4, "c.example")):
        keep(engine, number, house, [says(number, code="LVA")])
    (holder,) = known(engine)
    assert (holder.code, holder.until) == ("EST", None)
    (line,) = lines(engine)
    assert (line.state, line.others) == (State.CONFIRMED, {"LVA": 3})


def test_an_office_ends_and_another_begins_by_an_operators_word(engine: Engine) -> None:
    keep(engine, 1, "a.example")
    with opened(engine) as archive:
        confirm(archive.people, NAME, "Ada", NOW, office="Ministerpräsident")
        confirm(archive.people, NAME, "Ada", NOW, until="2031-05-01")
        confirm(archive.people, NAME, "Ada", NOW, code="EU", office="Kommissar", since="2031-05-02")
    first, second = known(engine)
    assert (first.code, first.offices[0], first.since, first.until) == (
        "EST",
        "Ministerpräsident",
        TODAY,
        date(2031, 5, 1),
    )
    assert (second.code, second.since, second.until) == ("EU", date(2031, 5, 2), None)
    with opened(engine) as archive:
        refuse(archive.people, NAME, "Ada", NOW)
    assert known(engine) == ()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"name": "Gausewitz"}, "no full name"),
        ({"name": "Sergej Lawrow"}, "tables"),
        ({"name": "Pavle Malenka"}, "--code"),
        ({"name": NAME, "code": "XYZ"}, "unknown code: XYZ"),
        ({"name": NAME, "code": "EST-WHO"}, "unknown code: EST-WHO"),
        ({"name": NAME, "office": "Kaffee"}, "unknown office: Kaffee"),
        ({"name": "Pavle Malenka", "code": "ARM"}, "--office"),
        ({"name": NAME, "since": "gestern"}, "no day"),
        ({"name": NAME, "since": "20280501"}, "no day"),
        ({"name": NAME, "since": "2031-05-02", "until": "2031-05-01"}, "before it begins"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_to_do(said: dict[str, str], told: str, engine: Engine) -> None:
    keep(engine, 1, "a.example")
    with pytest.raises(Unusable, match=told), opened(engine) as archive:
        confirm(archive.people, author="Ada", now=NOW, **said)
    assert known(engine) == ()


def test_nobody_is_known_without_articles_and_one_article_is_not_listed_among_many(engine: Engine) -> None:
    assert known(engine) == ()
    three(engine)
    keep(engine, 4, "a.example", [says(4, name="Pavle Malenka")])
    with reading(engine) as connection:
        people = People(connection)
        assert [line.name for line in people.listed(TODAY, least=2)] == [NAME]
        assert [line.name for line in people.listed(TODAY)] == [NAME, "Pavle Malenka"]
        assert [line.name for line in people.named("Pavle Malenka", TODAY)] == ["Pavle Malenka"]
        assert people.named("Niemand Sonst", TODAY) == ()
        every, first = people.listed(TODAY), people.foremost(TODAY, least=1, most=1)
        assert all(line.quote for line in every)
        assert first == (every[:1], 1)


def test_a_text_that_expires_and_a_backup_take_nobody_away(engine: Engine, tmp_path: Path) -> None:
    three(engine)
    with opened(engine) as archive:
        confirm(archive.people, "Annika Kirkelund", "Bea", NOW, code="NATO", office="Sprecherin")
        gone = archive.upkeep.expire(NOW + timedelta(days=90), Retention())
    assert gone.texts == ARTICLES
    before = known(engine)
    assert len(before) == 2
    made = backup(engine, tmp_path / "archive.jsonl.gz")
    assert (made.rows["introductions"], made.rows["holders"]) == (3, 1)
    restored = open_engine(f"sqlite:///{tmp_path / 'restored.sqlite'}", durable=False)
    restore(restored, tmp_path / "archive.jsonl.gz")
    assert known(restored) == before
    assert check(restored) == []
    restored.dispose()


def test_two_readings_of_one_archive_give_the_same_list(engine: Engine) -> None:
    names = ("Pavle Malenka", NAME, "Annika Kirkelund")
    for number, house in ((1, "a.example"), (2, "b.example"), (3, "c.example")):
        keep(engine, number, house, [says(number, name=name) for name in names])
    first, second = known(engine), known(engine)
    assert [holder.name for holder in first] == sorted(names)
    assert (first, hash(first)) == (second, hash(second))


def test_a_name_twice_in_what_is_kept_is_one_row(engine: Engine) -> None:
    keep(engine, 1, "a.example", [says(1), dataclasses.replace(says(2), office="Minister")])
    with reading(engine) as connection:
        assert connection.scalar(select(func.count()).select_from(IntroductionRow)) == 1
