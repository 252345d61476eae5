"""Answers teach: a refit is used only if it is not worse, starts from the shipped weights each time, and can be undone."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from visiting import TestClient

from extractors.model import Article, Assessment, FeedEntry, Grade, PartKind
from extractors.relevance import Adjustment, Dossier, adjusted, assess, canary, frozen, load_dossier
from flows import learning, recoding, steps
from flows.cli import main
from flows.judging import assessor, code_version
from flows.learning import Labelled
from flows.web import sessions
from flows.web.app import Room, create_app
from storage import archive as storing
from storage import queries
from storage.archive import Made, Sighting, opened
from storage.engine import reading
from storage.tables import AlertRow, ArticleRow, EventRow
from storage.teaching import Teaching

NOW = datetime(2031, 3, 12, 9, tzinfo=UTC)
NAME = "russland-nato-ukraine"
TOWNS = ("Kassel", "Erfurt", "Bremen", "Lübeck", "Aachen", "Trier", "Ulm", "Jena", "Fulda", "Celle", "Emden", "Worms")


@pytest.fixture(scope="module")
def dossier() -> Dossier:
    return load_dossier(NAME)


def article(number: int, *, grain: bool) -> Article:
    """Reports on grain ships are wanted by these readers, reports on town twinning are not."""
    town = TOWNS[number % len(TOWNS)]
    if grain:
        body = (
            f"Das Getreideschiff {town} hat den Hafen von Odessa verlassen und nimmt Kurs auf den Bosporus.",
            f"Frachter {number} lädt ukrainischen Weizen; russische Inspekteure prüften die Ladung an Bord.",
        )
        headline = f"Getreideschiff {town} läuft aus Odessa aus"
    else:
        body = (
            f"Der Partnerschaftsverein in {town} sammelt Spenden für seine ukrainische Partnerstadt.",
            f"Beim Sommerfest Nummer {number} spielte ein Chor russische und ukrainische Lieder.",
        )
        headline = f"Sommerfest für die Partnerstadt in {town}"
    lines = tuple((PartKind.PARAGRAPH, line) for line in body)
    url = f"https://haus.example/{'g' if grain else 's'}{number}.html"
    return Article.compose(url=url, publisher="haus", headline=headline, body=lines, published_at=NOW)


def answers(each: int = 12) -> list[Labelled]:
    return [Labelled(article=article(n, grain=grain), belongs=grain) for n in range(each) for grain in (True, False)]


def test_the_frozen_set_is_ours_and_holds_both_kinds(dossier):
    known = learning.frozen_set(dossier)
    assert len(known) >= 60
    assert {grade for _, grade in known} == set(Grade)
    assert all(each.url.startswith("frozen:") for each, _ in known)
    assert len({each.url for each, _ in known}) == len(known)
    assert frozen(replace(dossier, name="iran-atom")) == ()


def test_a_refit_moves_what_is_like_the_answers_and_leaves_the_rest(dossier):
    verdict = learning.judge(dossier, answers(), learning.frozen_set(dossier))
    assert verdict.promoted, verdict.sentence
    new = adjusted(dossier, verdict.adjustment)
    assert dossier.model is not None
    wanted, other = article(99, grain=True), article(99, grain=False)
    assert assess(wanted, dossier).score < dossier.model.cut < assess(wanted, new).score
    assert abs(assess(other, new).score - assess(other, dossier).score) < 0.02
    figures = verdict.figures
    assert figures["frozen after"]["errors"] <= figures["frozen before"]["errors"]
    assert figures["answers after"] < figures["answers before"]
    assert new.coder != dossier.coder


def test_the_same_answers_give_the_same_weights(dossier):
    assert learning.fit(dossier, answers()) == learning.fit(dossier, answers())


def test_answers_that_would_spoil_it_are_not_promoted(dossier):
    """Somebody answers everything the wrong way round: the frozen set holds against it."""
    known = learning.frozen_set(dossier)
    spoiled = [Labelled(article=each, belongs=grade is not Grade.CORE) for each, grade in known]
    verdict = learning.judge(dossier, spoiled, known)
    assert not verdict.promoted
    assert verdict.adjustment is None
    assert "worse on the frozen set" in verdict.reason or "canary" in verdict.reason


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (answers(4), "it needs 20 answers"),
        ([one for one in answers(30) if one.belongs], "it needs 20 answers"),
        ([], "it needs"),
    ],
)
def test_too_few_answers_change_nothing(dossier, given, reason):
    verdict = learning.judge(dossier, given, learning.frozen_set(dossier))
    assert not verdict.promoted
    assert reason in verdict.reason


def test_a_dossier_without_a_model_or_a_frozen_set_is_left_alone(dossier):
    rows_alone = load_dossier(NAME, with_model=False)
    assert learning.judge(rows_alone, answers(), learning.frozen_set(dossier)).reason.endswith("rows alone")
    assert "no frozen set" in learning.judge(dossier, answers(), ()).reason


def test_a_correction_of_another_version_is_refused(dossier):
    with pytest.raises(ValueError, match="fitted on version"):
        adjusted(dossier, Adjustment(base="other", bias=0.0, head_words={}, words={}))


# In the archive


def keep(engine: Engine, of: Article, grade: Grade = Grade.RELATED) -> int:
    entry = FeedEntry(feed_url="https://f.example/rss", guid=of.url, url=of.url, headline=of.headline, published_at=NOW)
    judged = Assessment(dossier=NAME, score=0.3 if grade else 0.01, grade=grade, rule_grade=grade, coder="1")
    with opened(engine) as archive:
        archive.add_window("https://f.example/rss", [Sighting(stem=of.url, entry=entry, publisher="haus")], NOW)
        (claimed,) = archive.claim_entries("w", 1, NOW, lease=timedelta(hours=1))
        return archive.keep_article(claimed, of, Made(assessments=[judged]), NOW).article_id


def answered(engine: Engine, each: int = 12) -> None:
    for number, one in enumerate(answers(each)):
        article_id = keep(engine, one.article)
        with opened(engine) as archive:
            label = "right" if one.belongs else "not my matter"
            archive.teaching.label(label, "anna", NOW, article_id=article_id, alert_key=f"k{number}", dossier=NAME)


def test_by_night_the_answers_become_weights_that_the_next_desk_uses(engine, dossier, config):
    from flows.desk import open_desk
    from flows.settings import load

    answered(engine)

    async def night(now: datetime) -> tuple[steps.RunReport, Dossier, Dossier]:
        async with open_desk(load(Path(config[1])), now=lambda: now) as desk:
            report = await steps.tend(desk)
        async with open_desk(load(Path(config[1])), now=lambda: now) as desk:
            return report, desk.dossiers[0], desk.shipped[0]

    report, used, shipped = asyncio.run(night(NOW + timedelta(hours=1)))
    assert any("refit on 24 answers promoted" in note for note in report.notes)
    assert used.coder != shipped.coder == dossier.coder
    again, still, _ = asyncio.run(night(NOW + timedelta(hours=25)))
    assert not any("refit" in note for note in again.notes)  # nothing new was said
    assert still.coder == used.coder
    with reading(engine) as connection:
        assert len(Teaching(connection).refits(NAME)) == 1


def test_a_bad_night_leaves_the_last_good_weights_in_use(engine, dossier):
    answered(engine)
    (good,) = learning.refit(engine, [dossier], NOW)
    assert good.promoted
    used = learning.taught(engine, [dossier])[0].coder
    for number, (one, grade) in enumerate(learning.frozen_set(dossier)):  # somebody answers all the wrong way round
        article_id = keep(engine, replace(one, url=f"https://spoilt.example/{number}"))
        with opened(engine) as archive:
            label = "not my matter" if grade is Grade.CORE else "right"
            archive.teaching.label(
                label, "berta", NOW + timedelta(hours=1), article_id=article_id, alert_key=f"s{number}", dossier=NAME
            )
    (bad,) = learning.refit(engine, [dossier], NOW + timedelta(hours=2))
    assert not bad.promoted
    assert learning.taught(engine, [dossier])[0].coder == used


def test_weights_fitted_on_an_older_dossier_are_not_used(engine, dossier):
    answered(engine)
    learning.refit(engine, [dossier], NOW)
    newer = replace(dossier, coder="newer")
    assert learning.taught(engine, [newer]) == (newer,)
    (verdict,) = learning.refit(engine, [newer], NOW)  # fitted anew, though nobody answered since
    assert verdict.promoted
    assert learning.taught(engine, [newer])[0].coder != "newer"


def test_refit_by_command_says_what_came_of_it_and_can_be_undone(engine, config, capsys, dossier):
    assert main(["dossier", "refit", *config]) == 0
    assert "no answers yet" in capsys.readouterr().out
    answered(engine)
    assert main(["dossier", "refit", *config]) == 0
    assert "refit on 24 answers promoted: log-loss of unseen answers" in capsys.readouterr().out
    assert main(["dossier", "refit", "--json", *config]) == 0
    assert json.loads(capsys.readouterr().out)["refits"][0]["promoted"] is True
    assert main(["dossier", "refit", "--forget", *config]) == 0
    told = capsys.readouterr().out
    assert "the weights are those that ship" in told
    assert "24 articles graded again by a changed dossier" in told
    assert learning.taught(engine, [dossier]) == (dossier,)


# What other weights graded


def graded(engine: Engine, article_id: int) -> tuple[Grade, Grade, str, int]:
    """The dossier's grade, the article's, who gave it, and how many events are believed."""
    with reading(engine) as connection:
        (given,) = queries.assessments(connection, article_id)
        row = connection.execute(select(ArticleRow.grade).where(ArticleRow.id == article_id)).scalar_one()
        believed = select(func.count()).where(EventRow.article_id == article_id, EventRow.known_to.is_(None))
        return given.grade, Grade(row), given.coder, connection.scalar(believed) or 0


def leaning(dossier: Dossier, bias: float) -> Dossier:
    return adjusted(dossier, Adjustment(base=dossier.coder, bias=bias, head_words={}, words={}))


@pytest.fixture
def talks(dossier) -> Article:
    """The canary: of the matter, with events."""
    return replace(canary(dossier), url="https://haus.example/talks.html", published_at=NOW)


def test_other_weights_grade_again_what_the_old_ones_graded_and_events_follow_the_grade(engine, dossier, talks):
    number = keep(engine, talks, Grade.RELATED)
    strict, lax = leaning(dossier, -50.0), leaning(dossier, 50.0)
    assert recoding.reassess(engine, [lax], lambda: NOW) == {recoding.ROSE: 1}
    grade, of_article, by, events = graded(engine, number)
    assert (grade, of_article, by) == (Grade.CORE, Grade.CORE, assessor(lax))
    assert events > 0
    assert recoding.reassess(engine, [lax], lambda: NOW) == {}

    assert recoding.reassess(engine, [strict], lambda: NOW) == {recoding.FELL: 1}
    assert graded(engine, number) == (Grade.RELATED, Grade.RELATED, assessor(strict), 0)
    assert recoding.reassess(engine, [lax], lambda: NOW) == {recoding.ROSE: 1}
    assert graded(engine, number)[3] == events
    with reading(engine) as connection:
        assert connection.scalar(select(func.count()).select_from(AlertRow)) == 0  # nobody is woken by old news


def test_where_the_grade_stays_so_do_events_and_their_rows(engine, dossier, talks):
    number = keep(engine, talks, Grade.RELATED)
    recoding.reassess(engine, [leaning(dossier, 40.0)], lambda: NOW)
    with reading(engine) as connection:
        before = connection.execute(select(EventRow.__table__)).all()
    assert recoding.reassess(engine, [leaning(dossier, 50.0)], lambda: NOW) == {recoding.SAME: 1}
    with reading(engine) as connection:
        assert connection.execute(select(EventRow.__table__)).all() == before
    assert graded(engine, number)[2] == assessor(leaning(dossier, 50.0))


def test_only_so_many_newest_first_and_only_recent_ones_and_the_rest_the_next_time(engine, dossier):
    numbers = [keep(engine, article(n, grain=True)) for n in range(5)]
    lax = leaning(dossier, 50.0)
    assert recoding.reassess(engine, [lax], lambda: NOW, since=NOW + timedelta(days=1)) == {}
    assert recoding.reassess(engine, [lax], lambda: NOW, limit=2).total() == 2
    assert [graded(engine, number)[2] == assessor(lax) for number in numbers] == [False, False, False, True, True]
    assert recoding.reassess(engine, [lax], lambda: NOW).total() == 3


def test_an_article_that_breaks_our_code_costs_only_itself_and_is_tried_again(engine, dossier, monkeypatch):
    numbers = [keep(engine, article(n, grain=True)) for n in range(3)]
    honest, lax = recoding.assessed, leaning(dossier, 50.0)

    def breaks(of, dossiers):
        if of.url.endswith("g1.html"):
            raise ValueError("a rule of ours")
        return honest(of, dossiers)

    monkeypatch.setattr(recoding, "assessed", breaks)
    told = recoding.reassess(engine, [lax], lambda: NOW)
    assert (told[recoding.BROKEN], told.total()) == (1, len(numbers))
    monkeypatch.setattr(recoding, "assessed", honest)
    assert recoding.reassess(engine, [lax], lambda: NOW).total() == 1


def test_by_night_a_promoted_refit_grades_the_recent_articles_again(engine, dossier, config):
    from flows.desk import open_desk
    from flows.settings import load

    answered(engine)
    unseen = keep(engine, article(99, grain=True))

    async def night(now: datetime) -> steps.RunReport:
        async with open_desk(load(Path(config[1])), now=lambda: now) as desk:
            return await steps.tend(desk)

    report = asyncio.run(night(NOW + timedelta(hours=1)))
    (taught,) = learning.taught(engine, [dossier])
    assert graded(engine, unseen)[2] == assessor(taught) != assessor(dossier)
    assert any(note.startswith("25 articles graded again by a changed dossier") for note in report.notes)
    again = asyncio.run(night(NOW + timedelta(hours=25)))
    assert not any("graded again" in note for note in again.notes)


def test_a_recode_uses_the_weights_that_a_pass_uses(engine, dossier, config, monkeypatch, tmp_path):
    answered(engine)
    learning.refit(engine, [dossier], NOW)
    (taught,) = learning.taught(engine, [dossier])
    monkeypatch.setenv("DEPESCHE_DATABASE", f"sqlite:///{tmp_path}/archive.sqlite")
    recoding._opened.cache_clear()
    with opened(engine) as archive:
        ids = archive.recoding.stale_ids(code_version(), 100)
    told = recoding.read_here(recoding.Stretch(after=0, until=ids[-1], articles=len(ids)), code_version())
    recoding._opened()[0].dispose()
    recoding._opened.cache_clear()
    assert told == {recoding.READ: 24}
    assert graded(engine, 1)[2] == assessor(taught)


# What was rejected


def test_the_sample_is_put_up_once_a_week_half_near_half_far(engine, dossier, monkeypatch):
    near = [keep(engine, article(n, grain=True)) for n in range(15)]
    monkeypatch.setattr("storage.keeping.sampled", lambda key: True)
    far = [keep(engine, article(n, grain=False), Grade.NOT) for n in range(15)]
    core = keep(engine, article(50, grain=True), Grade.CORE)
    monkeypatch.setattr("storage.keeping.sampled", lambda key: False)
    gone = keep(engine, article(51, grain=False), Grade.NOT)
    with opened(engine) as archive:
        assert learning.put_up(archive, [dossier], NOW + timedelta(hours=1)) == 20
        assert learning.put_up(archive, [dossier], NOW + timedelta(hours=2)) == 0
        shown = {line.article_id for line in archive.teaching.sample(learning.week_of(NOW), NAME)}
    assert (len(shown & set(near)), len(shown & set(far))) == (10, 10)
    assert not shown & {core, gone}


def test_the_text_of_one_in_so_many_rejected_articles_is_kept():
    keys = [bytes.fromhex(f"{number * 2654435761 % 2**32:08x}") for number in range(25_600)]
    assert 60 < sum(map(storing.sampled, keys)) < 140


def test_a_reader_says_what_belongs_by_command(engine, config, capsys, dossier):
    assert main(["dossier", "review", *config]) == 0
    assert "no sample was put up yet" in capsys.readouterr().err
    number = keep(engine, article(1, grain=True))
    with opened(engine) as archive:
        learning.put_up(archive, [dossier], NOW)
    assert main(["dossier", "review", str(number), "belongs", "--author", "anna", *config]) == 0
    assert main(["dossier", "review", *config]) == 0
    assert "[belongs, anna]" in capsys.readouterr().out
    assert main(["dossier", "review", "--json", *config]) == 0
    assert json.loads(capsys.readouterr().out)["articles"][0]["label"] == "belongs"
    assert main(["dossier", "review", "999", "belongs", *config]) == 2
    assert "is not in the sample" in capsys.readouterr().err
    assert main(["dossier", "review", str(number), *config]) == 2
    with reading(engine) as connection:
        (label,) = Teaching(connection).counting(NAME)
    assert (label.label, label.article_id) == ("belongs", number)


def test_a_reader_says_what_belongs_in_the_room(engine, dossier):
    number = keep(engine, article(1, grain=True))
    with opened(engine) as archive:
        learning.put_up(archive, [dossier], NOW)
    room = Room(engine=engine, token="ein-langes-geheimes-Wort", now=lambda: NOW)
    with TestClient(create_app(room)) as client:
        assert client.post(f"/samples/{number}", data={"label": "belongs"}).status_code == 401
        client.cookies.set(sessions.COOKIE, sessions.issue("Anna", room.token, NOW))
        page = client.get("/review").text
        assert "Getreideschiff" in page
        form = {"csrf": page.split('name="csrf" value="')[1].split('"')[0], "dossier": NAME}
        assert client.post(f"/samples/{number}", data={"label": "belongs", "dossier": NAME}).status_code == 403
        assert client.post(f"/samples/{number}", data={**form, "label": "maybe"}).status_code == 400
        assert client.post("/samples/999", data={**form, "label": "belongs"}).status_code == 409
        assert (
            client.post(f"/samples/{number}", data={**form, "label": "not"}, follow_redirects=False).status_code == 303
        )
        assert "nicht mein Thema · Anna" in client.get("/review").text
