"""A recode reads each article once, however often it is killed and whoever else reads."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import archive_matter as matter
import pytest
from archive_matter import NATO, NOW, RUS
from sqlalchemy import Engine, func, select, update
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from extractors.events import coder
from extractors.model import FOLLOWED, Actor, Article, Event, Precision, Reason, When
from extractors.ontology import EventType, Status
from extractors.relevance import load_dossier
from flows import doctor, following, recoding, surviving
from flows.cli import main
from flows.judging import Coded
from flows.runs import RunReport
from flows.settings import load
from storage import queries
from storage.archive import Archive, Made, opened
from storage.engine import HEAD, SchemaError, reading
from storage.recoding import Recoding, Stale
from storage.tables import (
    ActRow,
    CoderRow,
    DemandChangeRow,
    DemandRow,
    EventRow,
    MeetingChangeRow,
    MeetingRow,
    RunRow,
    StoryRow,
    VersionRow,
)

DOSSIERS = (load_dossier("russland-nato-ukraine"),)
ARTICLES = 7


@pytest.fixture
def archive_of_another_coder(engine: Engine) -> Engine:
    for number in range(1, ARTICLES + 1):
        article = matter.article(number)
        with opened(engine) as archive:
            claimed = matter.claim_one(archive, number)
            archive.keep_article(
                claimed, article, Made(assessments=[matter.assessment()], events=[matter.meeting(article)]), NOW
            )
    return engine


def read_again(
    engine: Engine, *, batch: int = 2, limit: int = 100, stop_after: int = 99, now: datetime = NOW
) -> Counter[str]:
    """A recode in this process that is killed after so many stretches."""
    here = recoding.reading_here(engine, DOSSIERS, lambda: now)

    def killed(todo: Iterable[recoding.Stretch], name: str) -> Iterator[Mapping[str, int]]:
        for number, told in enumerate(here(todo, name)):
            if number == stop_after:
                raise KeyboardInterrupt
            yield told

    return Counter(recoding.recode(engine, killed, coder=coder(), batch=batch, limit=limit).outcomes)


def _interrupted(*_: object, **__: object) -> RunReport:
    raise KeyboardInterrupt


def test_a_recode_by_command_says_what_there_is_and_reads_it_once(
    archive_of_another_coder: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who has no Prefect had no way to read old articles with the rules of a new version."""
    address = archive_of_another_coder.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DEPESCHE_DATABASE", address)
    assert main(["recode", "--dry-run"]) == 0
    assert capsys.readouterr().out.startswith(f"{ARTICLES} articles to read again, 0 read by today's rules, 0 that")
    (told,) = doctor.CHECKS["rules"](load())
    assert told.found == f"{ARTICLES} of {ARTICLES} articles were read by others than today's"
    with monkeypatch.context() as wrong:
        wrong.setenv("DEPESCHE_DOSSIERS", '["nirgends"]')
        assert main(["recode"]) == 2
        assert "no such dossier" in capsys.readouterr().err
    with monkeypatch.context() as interrupted:
        interrupted.setattr(recoding, "recode", _interrupted)
        assert main(["recode"]) == 130
        assert "what was read stays read; 'depesche recode' goes on with the rest" in capsys.readouterr().err
    assert main(["recode", "--limit", "3", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["outcomes"] == {recoding.READ: 3}
    assert main(["recode"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith(f"{ARTICLES - 3} articles: {ARTICLES - 3} read again")
    assert f"{ARTICLES - 3} of {ARTICLES - 3} articles (100%)" in said.err
    assert main(["recode", "--dry-run", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"stale": 0, "done": ARTICLES, "expired": 0}
    assert tuple(doctor.CHECKS["rules"](load())) == ()


def test_a_recode_under_which_the_archive_is_upgraded_ends_and_calls_no_article_broken(
    archive_of_another_coder: Engine,
) -> None:
    """Each of the rest would have been tried, and told as one that our code cannot read."""
    here = recoding.reading_here(archive_of_another_coder, DOSSIERS, lambda: NOW)

    def upgraded(todo: Iterable[recoding.Stretch], name: str) -> Iterator[Mapping[str, int]]:
        for told in here(todo, name):
            yield told
            with archive_of_another_coder.begin() as connection:
                connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(SchemaError, match="written by a newer version"):
        recoding.recode(archive_of_another_coder, upgraded, coder=coder(), batch=2)
    with archive_of_another_coder.begin() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{HEAD}'")
    assert read_again(archive_of_another_coder) == {recoding.READ: ARTICLES - 2}


def test_a_recode_since_a_day_leaves_what_was_kept_before_to_another(
    archive_of_another_coder: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In German time: what was kept half an hour before midnight there is of the day before. Every other one is old."""
    monkeypatch.setenv("DEPESCHE_DATABASE", archive_of_another_coder.url.render_as_string(hide_password=False))
    new, old = (datetime(2028, 1, day, hour, minute, tzinfo=UTC) for day, hour, minute in ((9, 23, 0), (9, 22, 30)))
    with archive_of_another_coder.begin() as connection:
        for n, row in enumerate(connection.scalars(select(VersionRow.id).order_by(VersionRow.id)).all()):
            connection.execute(update(VersionRow).where(VersionRow.id == row).values(kept_at=old if n % 2 else new))
    young = (ARTICLES + 1) // 2
    since = ["recode", "--since", "2028-01-10"]

    assert main([*since, "--dry-run"]) == 0
    assert capsys.readouterr().out.startswith(f"{young} articles to read again, 0 read")
    assert main([*since, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["outcomes"] == {recoding.READ: young}
    with reading(archive_of_another_coder) as connection:
        left = connection.scalars(select(VersionRow.kept_at).join(CoderRow).where(CoderRow.name != coder())).all()
    assert set(left) == {old}
    assert main(["recode", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["outcomes"] == {recoding.READ: ARTICLES - young}


def test_a_recode_that_was_killed_goes_on_where_it_stopped(archive_of_another_coder: Engine) -> None:
    engine = archive_of_another_coder
    with pytest.raises(KeyboardInterrupt):
        read_again(engine, stop_after=2)
    with opened(engine) as archive:
        done = archive.recoding.coverage(coder()).done

    assert 0 < done < ARTICLES
    assert read_again(engine) == {recoding.READ: ARTICLES - done}
    assert read_again(engine) == {}
    with reading(engine) as connection:
        current = connection.execute(
            select(EventRow.version_id, EventRow.uid, func.count())
            .where(EventRow.known_to.is_(None))
            .group_by(EventRow.version_id, EventRow.uid)
        ).all()
        kinds = connection.execute(select(RunRow.kind, RunRow.state)).all()
    assert current
    assert [row for row in current if row[2] > 1] == []
    assert {tuple(kind) for kind in kinds} == {("recode", "completed")}


def test_what_is_read_again_is_no_news(archive_of_another_coder: Engine) -> None:
    """The feed of acts gave its readers all of the past anew, and a recode half done hid today's stories from articles."""
    engine = archive_of_another_coder
    news = [select(row.uid, row.updated_at).order_by(row.uid) for row in (ActRow, StoryRow)]

    def told() -> list[Sequence[Any]]:
        with reading(engine) as connection:
            return [connection.execute(asked).all() for asked in news]

    assert read_again(engine) == {recoding.READ: ARTICLES}
    before = told()
    assert all(before)
    with engine.begin() as connection:
        connection.execute(update(CoderRow).where(CoderRow.name == coder()).values(name="yesterday's"))
    assert read_again(engine, now=NOW + timedelta(days=9)) == {recoding.READ: ARTICLES}
    assert told() == before


def test_two_workers_with_one_stretch_read_each_article_once(archive_of_another_coder: Engine) -> None:
    engine = archive_of_another_coder
    (stretch,) = recoding.stretches(engine, coder(), batch=100, limit=100)

    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(recoding.read, engine, DOSSIERS, stretch, coder(), lambda: NOW) for _ in range(2)]
        told = sum((job.result() for job in jobs), Counter())

    assert told[recoding.READ] == ARTICLES
    assert told.total() == 2 * ARTICLES


def test_an_article_that_breaks_our_code_costs_only_itself(
    archive_of_another_coder: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else one such article would end each recode at its place, and nothing behind it were ever read again."""
    judge = recoding.judge

    def breaks_once(article: Article, *others: Any) -> Coded:
        if article.url == matter.article(3).url:
            raise IndexError("a rule of ours")
        return judge(article, *others)

    with monkeypatch.context() as broken:
        broken.setattr(recoding, "judge", breaks_once)
        assert read_again(archive_of_another_coder) == {recoding.READ: ARTICLES - 1, recoding.BROKEN: 1}
    assert read_again(archive_of_another_coder) == {recoding.READ: 1}


def test_an_article_at_which_every_recode_ends_is_given_up_and_the_others_are_read(
    archive_of_another_coder: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, judged, tried = archive_of_another_coder, recoding.judge, list[str]()

    def deadly(article: Article, *others: Any) -> Coded:
        if article.url != matter.article(3).url:
            return judged(article, *others)
        tried.append(article.url)
        raise KeyboardInterrupt

    monkeypatch.setattr(recoding, "judge", deadly)
    monkeypatch.setattr(surviving, "SHORT", 0)
    for _ in range(surviving.DEADLY):
        with pytest.raises(KeyboardInterrupt):
            read_again(engine)
    assert read_again(engine) == {recoding.BROKEN: 1, recoding.READ: ARTICLES - 3}
    assert len(tried) == surviving.DEADLY


@pytest.mark.parametrize(
    "fault",
    [
        IntegrityError("INSERT", {}, ValueError("a value that must not be")),
        DataError("INSERT", {}, ValueError("a character that cannot be")),
    ],
)
def test_an_article_that_the_database_cannot_hold_costs_only_itself(
    archive_of_another_coder: Engine, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    """As in a pass: it is the article's own fault, and the next recode would meet it again."""
    follow = recoding.following.follow

    def breaks_once(archive: Archive, article: Article, *rest: object, **more: object) -> object:
        if article.url == matter.article(3).url:
            raise fault
        return follow(archive, article, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(recoding.following, "follow", breaks_once)
    assert read_again(archive_of_another_coder) == {recoding.READ: ARTICLES - 1, recoding.BROKEN: 1}


def test_an_article_without_a_time_of_its_own_was_told_when_its_feed_says(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not when it is read again, a year later: what it tells would be new acts of another day."""
    bare = replace(matter.article(stand=None), published_at=None)
    with opened(engine) as archive:
        later = NOW + timedelta(days=3)
        archive.add_window(matter.FEED, [matter.sighting(1)], later)
        (claimed,) = archive.claim_entries("w", 1, later, lease=matter.LEASE)
        archive.keep_article(claimed, bare, Made(assessments=[matter.assessment()]), later)
    coded = Coded(assessments=(matter.assessment(),), events=(matter.refusal(bare),), coder=coder())
    monkeypatch.setattr(recoding, "judge", lambda *_: coded)
    (stretch,) = recoding.stretches(engine, coder(), batch=9, limit=9)
    told = recoding.read(engine, DOSSIERS, stretch, coder(), lambda: NOW + timedelta(days=400))
    with reading(engine) as connection:
        (event,) = queries.events(connection)
        (act,) = queries.acts(connection)
    assert told == {recoding.READ: 1}
    assert event.day == act.day_first == NOW.date()
    assert act.detail["reports"][0]["told_at"].startswith(NOW.date().isoformat())


def test_a_recode_ends_where_the_database_fails(
    archive_of_another_coder: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> object:
        raise OperationalError("BEGIN", {}, OSError("the server is gone"))

    monkeypatch.setattr(recoding.following, "follow", away)
    with pytest.raises(OperationalError):
        read_again(archive_of_another_coder)


def test_a_long_stretch_is_read_a_few_texts_at_a_time(
    archive_of_another_coder: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[int] = []
    whole = Recoding.stale_versions

    def counted(self: Recoding, coder: str, batch: int, **more: int | None) -> tuple[Stale, ...]:
        found = whole(self, coder, batch, **more)  # type: ignore[arg-type]
        held.append(len(found))
        return found

    monkeypatch.setattr(Recoding, "stale_versions", counted)
    monkeypatch.setattr(recoding, "BATCH", 3)
    assert read_again(archive_of_another_coder, batch=50_000) == {recoding.READ: ARTICLES}
    assert held == [3, 3, 1]


def test_stretches_take_every_article_once_and_no_more_than_asked(archive_of_another_coder: Engine) -> None:
    found = list(recoding.stretches(archive_of_another_coder, coder(), batch=3, limit=5))

    assert [stretch.articles for stretch in found] == [3, 2]
    assert [stretch.after for stretch in found] == [0, found[0].until]


def test_stretches_go_elsewhere_a_few_at_a_time_and_come_back_in_order(archive_of_another_coder: Engine) -> None:
    out: list[int] = []

    def submit(stretch: recoding.Stretch, name: str) -> recoding.Waiting:
        out.append(stretch.until)
        return lambda: {recoding.READ: stretch.articles}

    spread = recoding.reading_elsewhere(submit, ahead=2)
    ahead = []
    for told in spread(recoding.stretches(archive_of_another_coder, coder(), batch=1, limit=5), coder()):
        ahead.append(len(out))
        assert told == {recoding.READ: 1}

    assert ahead == [2, 3, 4, 5, 5]


def test_a_worker_with_other_rules_refuses(archive_of_another_coder: Engine) -> None:
    with pytest.raises(recoding.OtherRules, match="same version"):
        recoding.read_here(recoding.Stretch(after=0, until=9, articles=1), "0.0.1+other")


def test_progress_says_how_long_it_will_take() -> None:
    told = recoding.Progress(done=2_000, total=50_000, seconds=100)

    assert told.share == pytest.approx(0.04)
    assert str(told) == "2000 of 50000 articles (4%), 20.0/s, about 40 min left"
    assert recoding.Progress(done=0, total=0, seconds=0).share == 1.0


MATTERS = ("Abzug", "Raketen", "Garantien", "Manöver", "Gefangene", "Getreide", "Grenze", "Luftraum")
KINDS = (
    *((kind, Status.PAST) for kind in (EventType.REQUEST, EventType.REQUEST, EventType.REJECT, EventType.CONCEDE)),
    *((EventType.CONSULT, status) for status in (Status.PLANNED, Status.PLANNED, Status.PAST, Status.NEGATED)),
)


def told_by_chance(chance: random.Random, article: Article) -> Event:
    """A demand, an answer or a meeting, in a sentence that others are like."""
    kind, status = chance.choice(KINDS)
    one, other = (Actor(code=code) for code in chance.sample(["RUS", "NATO", "UKR"], 2))
    meets = kind is EventType.CONSULT
    day = NOW.date() + timedelta(days=chance.randrange(12))
    when = When(first=day, last=day, precision=Precision.DAY, words="dann", rule="day")
    return replace(
        matter.refusal(article),
        type=kind,
        mode="",
        status=status,
        actors=(one, other) if meets else (one,),
        recipients=() if meets else (other,),
        when=chance.choice([None, when]) if meets else None,
        coder=coder(),
    )


def keep_as_a_pass_does(engine: Engine, number: int, article: Article, event: Event) -> None:
    with opened(engine) as archive:
        claimed = matter.claim_one(archive, number)
        coded = Coded(assessments=(matter.assessment(),), events=(event,))
        put = partial(archive.keep_article, claimed, article, now=NOW, coder="1+aa")
        following.follow(archive, article, coded, put, NOW, key=claimed.key, told_at=NOW)


def histories(engine: Engine) -> list[Sequence[Any]]:
    """Meetings and demands as they stand, and the steps that led to it."""
    with reading(engine) as connection:
        return [
            connection.execute(select(table.__table__).order_by(table.id)).all()
            for table in (MeetingRow, MeetingChangeRow, DemandRow, DemandChangeRow)
        ]


@pytest.mark.parametrize("in_order", [True, False])
def test_what_reads_the_same_makes_no_step_of_a_meeting_or_demand_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, in_order: bool
) -> None:
    """A recode knows what came later, and gave answers demands, and agreements meetings, that were told of after them."""
    chance = random.Random(2)
    days = [chance.randrange(12) for _ in range(30)]
    told: dict[str, tuple[Article, Event]] = {}
    for number, day in enumerate(sorted(days) if in_order else days):
        said = f"{' und '.join(chance.sample(MATTERS, 3))} waren am Tag {number} das Thema."
        at = NOW + timedelta(days=day)
        article = replace(matter.article(number, said=said, stand=at), publisher=f"haus-{number % 3}")
        event = told_by_chance(chance, article)
        event = replace(event, evidence=matter.evidence(article, said, "r"))
        told[article.url] = article, event
        keep_as_a_pass_does(engine, number, article, event)
    before = histories(engine)
    assert all(len(rows) > 3 for rows in before), [len(rows) for rows in before]

    def read_alike(article: Article, *_: object) -> Coded:
        return Coded(assessments=(matter.assessment(),), events=(told[article.url][1],), coder=coder())

    monkeypatch.setattr(recoding, "judge", read_alike)
    assert read_again(engine) == {recoding.READ: len(told)}
    assert histories(engine) == before


def test_what_a_recode_reads_otherwise_makes_its_step(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    demanding, answering = matter.article(1), matter.article(2, stand=NOW + timedelta(hours=1))
    asked = replace(matter.refusal(demanding), type=EventType.REQUEST, actors=(RUS,), recipients=(NATO,))
    stated = replace(matter.refusal(answering), type=EventType.STATE, mode="", recipients=())
    for number, article, event in ((1, demanding, asked), (2, answering, stated)):
        keep_as_a_pass_does(engine, number, article, event)
    read_today = {demanding.url: asked, answering.url: matter.refusal(answering)}
    monkeypatch.setattr(
        recoding,
        "judge",
        lambda article, *_: Coded(assessments=(matter.assessment(),), events=(read_today[article.url],), coder=coder()),
    )
    assert read_again(engine) == {recoding.READ: 2}
    with reading(engine) as connection:
        ((demand, steps),) = queries.demands(connection)
    assert demand.state == "refused"
    assert [step.state for step in steps] == ["open", "refused"]


@pytest.mark.parametrize("is_followed", [True, False])
def test_what_only_an_earlier_version_made_core_stays_so(engine: Engine, is_followed: bool) -> None:
    """And what was core by its own text, and by today's rules is related alone, tells no events any more."""
    text = (
        "Die Ölpreise sind gestiegen, sagten Händler. Auch Erdgas aus Russland verteuerte sich.\n\n"
        "Das für den 14. Januar geplante Treffen der NATO mit Russland in Brüssel ist auf den 21. Januar verschoben worden."
    )
    article = replace(matter.article(1), headline="Öl wird teurer", text=text, parts=())
    before = replace(matter.assessment(), dossier=DOSSIERS[0].name)
    before = replace(before, reasons=(Reason(rule=FOLLOWED),)) if is_followed else before
    with opened(engine) as archive:
        claimed = matter.claim_one(archive, 1)
        archive.keep_article(claimed, article, Made(assessments=[before]), NOW, coder="1+aa")
    assert read_again(engine) == {recoding.READ: 1}
    with reading(engine) as connection:
        (told,) = queries.assessments(connection, 1)
        events = connection.scalar(select(func.count()).select_from(EventRow))
    assert (told.followed, told.relevant, events > 0) == (is_followed,) * 3
