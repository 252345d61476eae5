"""What breaks off, breaks the coder or ends the process costs itself alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from tiny_site import idle, talks, told

from flows import steps
from flows.surviving import DEADLY
from storage.archive import opened
from storage.engine import SchemaError
from storage.tables import ArticleRow, VersionRow


@pytest.mark.parametrize(("fault", "long"), [("cut", False), ("cut", True), ("clipped", True), ("unsized", True)])
async def test_a_page_that_breaks_off_is_tried_again_and_never_an_article(world, fault, long):
    more = tuple(f"Im {n}. Absatz steht, was die Delegationen von Frage {n} halten." for n in range(40 * long))
    page = talks(1)
    world.site.publish(idle(1))
    await world.passes()
    world.site.publish(replace(page, body=(*page.body, *more)))
    world.room.fault("/m/1", fault)
    outcomes: Counter[str] = Counter()
    for _ in range(12):
        outcomes.update((await world.passes(hours=5)).outcomes)

    assert sum(count for outcome, count in outcomes.items() if outcome.startswith("postponed")) >= 3
    assert [outcome for outcome in outcomes if outcome.startswith("given up")]
    assert world.count(VersionRow) == 0


async def test_a_page_whose_server_never_sends_its_end_is_read_after_three_tries_and_marked(world):
    page = talks(1)
    said = "".join(f"<p>{text}</p>" for text in page.body)
    whole = f"<html><title>{page.headline}</title><article><h1>{page.headline}</h1>{said}</article>"
    world.site.publish(idle(1))
    await world.passes()
    world.site.publish(replace(page, markup=f"{whole}<!--{'x' * len(whole)}--></html>"[: 2 * len(whole)]))
    world.room.fault("/m/1", "unsized")
    outcomes: Counter[str] = Counter()
    for _ in range(4):
        outcomes.update((await world.passes(hours=5)).outcomes)

    assert outcomes["postponed: truncated"] == 3
    assert [row.extractor.endswith("+truncated") for row in world.rows(VersionRow.extractor)] == [True]


async def test_half_a_page_is_never_an_article(world):
    world.site.publish(idle(1))
    await world.passes()
    world.site.publish(talks(1))
    world.room.fault("/m/1", "cut", times=2)
    report = await world.passes()
    assert report.outcomes["postponed: truncated"] == 1
    assert world.count(VersionRow) == 0
    await world.passes(2, hours=2)

    [row] = world.rows(ArticleRow.outcome, where=(ArticleRow.grade == 2,))
    assert row.outcome == "stored"
    assert told(world.room)


async def test_an_article_that_breaks_the_coder_costs_only_itself(world, monkeypatch):
    world.site.publish(idle(1), idle(2))
    honest = steps.entries.beside

    def beside(article, dossiers):
        if "Nummer 1" in article.headline:
            raise IndexError("a rule of ours")
        return honest(article, dossiers)

    monkeypatch.setattr(steps.entries, "beside", beside)
    report = await world.passes()

    assert report.outcomes == {"broken: IndexError": 1, "stored": 1}
    assert "article broken" in world.kinds()


async def test_an_upgrade_under_a_running_pass_ends_it_and_costs_no_article(world, monkeypatch):
    """Of a newer schema we hear as of a mistake of ours: PostgreSQL calls a column that is gone one in the statement."""
    await world.passes()
    world.site.publish(*(talks(n) for n in range(3)))
    honest = steps.entries.code

    def upgraded(article, graded, holders):
        with opened(world.desk.engine) as archive:
            archive.connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
            archive.connection.exec_driver_sql(
                "CREATE TRIGGER IF NOT EXISTS newer BEFORE INSERT ON versions BEGIN SELECT RAISE(ABORT, 'a newer rule'); END"
            )
        return honest(article, graded, holders)

    monkeypatch.setattr(steps.entries, "code", upgraded)
    with pytest.raises(SchemaError, match="written by a newer version"):
        await world.passes()

    assert world.count(ArticleRow, ArticleRow.outcome == "pending") == 3
    assert world.kinds() == set()


class Killed(BaseException):
    """What no handler of ours catches."""


async def test_an_article_at_which_every_pass_ends_is_given_up_and_the_others_are_read(world, monkeypatch):
    """The longest take hundreds of megabytes: a small machine killed each pass at it, every ten minutes, for ever."""
    honest, tried = steps.entries.code, []

    def deadly(article, graded, holders):
        if len(article.text) < 40_000:
            return honest(article, graded)
        tried.append(article.url)
        raise Killed

    monkeypatch.setattr(steps.entries, "code", deadly)
    page = talks(1)
    world.site.publish(replace(page, body=(*page.body, *(f"{n}. {page.body[0]}" for n in range(500)))))
    for _ in range(DEADLY):
        with pytest.raises(Killed):
            await world.passes()
    world.site.publish(talks(2))
    await world.passes()

    assert len(tried) == DEADLY
    assert [row.outcome for row in world.rows(ArticleRow.outcome)] == ["failed", "stored"]
    assert told(world.room)
    [message] = [message for kind, message in world.incidents() if kind == "article broken"]
    assert "processes ended while they coded it" in message
