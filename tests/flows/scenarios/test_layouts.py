"""Houses that change how their pages look: said aloud, and read again when we can."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tiny_site import Page, idle, talks, told

from extractors.articles import NotAnArticle, Reason
from flows import health, steps
from flows.sandbox import Sandbox
from storage.tables import ArticleRow, DeliveryRow


async def test_a_changed_layout_is_said_aloud_its_pages_are_kept_and_its_alerts_wait(world):
    long = tuple(f"{text} Das ist der {n}. Absatz." for n in range(6) for text in idle(1).body)
    world.site.publish(*(idle(n, body=(*long, f"Nummer {n}.")) for n in range(1, 21)), window=60)
    await world.passes()
    world.site.publish(*(idle(n) for n in range(21, 31)), window=60)
    await world.passes()
    assert "extraction" in world.kinds()
    world.site.publish(talks(1), window=60)
    await world.passes(minutes=70)

    assert told(world.room) == []
    assert world.count(DeliveryRow, DeliveryRow.bundle == "digest", DeliveryRow.channel == "hook") >= 1
    world.site.publish(*(idle(n, body=(*long, f"Nummer {n}.")) for n in range(31, 45)), window=60)
    await world.passes()
    assert "extraction" not in world.kinds()


async def test_a_house_that_calls_itself_otherwise_than_our_list_is_watched_all_the_same(world):
    def named(page: Page, body: tuple[str, ...]) -> Page:
        said = "".join(f"<p>{text}</p>" for text in body)
        head = f"<title>{page.headline}</title><meta property='og:site_name' content='Nordpost'>"
        return replace(
            page, markup=f"<html><head>{head}</head><article><h1>{page.headline}</h1>{said}</article></html>"
        )

    world.site.publish(*(named(page, page.body) for page in map(idle, range(1, 21))), window=60)
    await world.passes()
    world.site.publish(*(named(idle(n), ()) for n in range(21, 27)), window=60)
    await world.passes()
    assert "extraction" in world.kinds()
    page = talks(1)
    world.site.publish(named(page, page.body), window=60)
    await world.passes(minutes=70)

    assert told(world.room) == []


def blinded(monkeypatch, reason: Reason = Reason.NO_TEXT) -> None:
    """The reader can read none of the pages of the matter."""
    honest = Sandbox.extract_article

    async def blind(self, page):
        if "/m/" in page.url:
            raise NotAnArticle(reason)
        return await honest(self, page)

    monkeypatch.setattr(Sandbox, "extract_article", blind)


@pytest.mark.parametrize("reason", [Reason.NO_TEXT, Reason.PAYWALL])
@pytest.mark.parametrize("listed", ["/m/1", "/kurz/1"])
async def test_what_the_old_reader_could_not_read_the_repaired_one_reads_from_what_was_kept(world, listed, reason):
    """Whatever it took the page for, and wherever a redirect had led."""
    world.site.publish(idle(1))
    await world.passes()
    await steps.tend(world.desk)
    page = talks(1)
    world.site.pages[page.path] = page
    if listed != page.path:
        world.room.fault(listed, "redirect", status=302, location=f"{world.room.url}{page.path}")
    world.site.publish(replace(page, path=listed))
    with pytest.MonkeyPatch.context() as blindly:
        blinded(blindly, reason)
        await world.passes()
        await steps.tend(world.desk)
        world.site.feeds["alle"] = []
        del world.site.pages["/m/1"]
        await world.passes(2, hours=13)
    assert world.count(ArticleRow, ArticleRow.outcome == "stored") == 1
    asked, seen = world.asked("/m/1"), world.rows(ArticleRow.first_seen)

    with pytest.MonkeyPatch.context() as repaired:
        repaired.setattr(steps.passes, "reader", lambda: "repaired")
        report = await steps.tend(world.desk)
        assert any("older reader" in note for note in report.notes)
        report = await world.passes()

        assert report.outcomes == {"stored": 1}
        assert world.asked("/m/1") == asked, "read from the kept bytes"
        assert world.count(ArticleRow, ArticleRow.outcome == "stored", ArticleRow.grade == 2) == 1
        assert world.rows(ArticleRow.first_seen) == seen
        assert told(world.room) == []
        await steps.digest(world.desk)
        assert told(world.room)
        assert "Nachgelesen: " in str(world.room.deliveries[-1].json())
        assert not any("older reader" in note for note in (await steps.tend(world.desk)).notes)


async def test_a_house_that_shuts_its_door_is_said_aloud_until_it_opens(world):
    """Each page behind a wall is dropped by reason, and nobody wakes for one; of all of them somebody must hear."""
    world.site.publish(*(idle(n) for n in range(1, 16)), window=60)
    await world.passes()
    honest = Sandbox.extract_article

    async def walled(self, page):
        await honest(self, page)
        raise NotAnArticle(Reason.CONSENT)

    with pytest.MonkeyPatch.context() as behind:
        behind.setattr(Sandbox, "extract_article", walled)
        world.site.publish(*(idle(n) for n in range(16, 24)), window=60)
        await world.passes()
        assert "nothing read" not in world.kinds()
        world.site.publish(*(idle(n) for n in range(24, 26)), window=60)
        await world.passes()
    assert ("nothing read", "none of the last 10 pages could be read: 10 consent wall") in world.incidents()
    world.site.publish(idle(26), window=60)
    await world.passes()

    assert "nothing read" not in world.kinds()
    assert (world.folder / "ops.txt").read_text("utf-8").count("none of the last 10 pages could be read") == 1


@pytest.mark.parametrize("status", ["403", "410"])
async def test_so_is_one_that_refuses_us_while_its_feed_goes_on(world, status):
    world.site.publish(*(idle(n) for n in range(1, 16)), window=60)
    await world.passes()
    world.room.fault("/a/*", status)
    world.site.publish(*(idle(n) for n in range(16, 27)), window=60)
    await world.passes(9, hours=6)

    assert "nothing read" in world.kinds()


def test_a_house_is_shut_only_if_it_was_open_and_every_page_says_so():
    open_, shut = [""] * 10, ["paywall teaser"] * 6 + ["given up: refused"] * 4
    [found] = health._shut_findings({"haus": shut + open_})
    assert found.message == "none of the last 10 pages could be read: 6 paywall teaser, 4 given up: refused"
    assert not list(health._shut_findings({"haus": ["", *shut[1:], *open_]}))
    assert not list(health._shut_findings({"haus": shut + open_[1:]})), "too little to compare with"
    assert not list(health._shut_findings({"haus": shut * 2 + open_[:5]})), "a house that mostly has such pages"


def test_a_layout_is_judged_against_the_month_before():
    usual = [3000] * 20
    assert list(health._layout_findings({"haus": [500] * 10 + usual}))
    assert list(health._layout_findings({"haus": [0, 0, 0] + [3000] * 7 + usual}))
    assert not list(health._layout_findings({"haus": [1500] * 10 + usual}))
    assert not list(health._layout_findings({"haus": [500] * 10 + [3000] * 5})), "too little to compare with"
    assert not list(health._layout_findings({"haus": ([0] * 4 + [3000] * 6) * 3})), "a house that always has such pages"
