"""Articles that change, go, come back or give themselves a date: each is one article, read as often as there is something new."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from tiny_site import BEGIN, idle, talks, told

from extractors.model import FOLLOWED, Grade
from flows import steps
from storage.tables import ArticleRow, AssessmentRow, DeliveryRow, EventRow, MeetingRow, VersionRow
from storage.versions import MOST_TEXTS

ANNOUNCED = (
    "Die NATO und Russland kommen am 14. Januar in Brüssel zu Gesprächen über die Ukraine und Sicherheitsgarantien zusammen.",
    "Russland fordert von der NATO den Verzicht auf eine Aufnahme der Ukraine. Die NATO lehnte die Forderung ab.",
)
MOVED = (
    "Die Ölpreise sind um zwei Prozent gestiegen. Händler begründeten das mit der Kälte und mit leeren Lagern.",
    "Auch Erdgas aus Russland verteuerte sich. Analysten in der Ukraine erwarten weiter steigende Preise.",
    "Das für den 14. Januar geplante Treffen der NATO mit Russland in Brüssel ist auf den 21. Januar verschoben worden.",
)


async def test_an_article_alerts_once_at_its_first_version_that_matches(world):
    page = idle(9, published=BEGIN)
    world.site.publish(idle(1))
    await world.passes()
    world.site.publish(page)
    await world.passes(hours=1)
    assert told(world.room) == []
    match = talks(1, path=page.path)
    world.site.revise(match)
    await world.passes(hours=2)
    first = list(told(world.room))
    world.site.revise(replace(match, body=(*match.body, "Am Rande ging es auch um das Wetter in der Stadt.")))
    await world.passes(3, hours=2)

    assert first
    assert told(world.room) == first
    assert world.count(ArticleRow) == 2
    assert world.count(VersionRow) == 2


async def test_a_live_ticker_is_one_article_and_at_most_one_alert_an_act_and_few_texts(world):
    page = talks(1, path="/ticker")
    world.site.publish(idle(1))
    await world.passes()
    for n in range(1, 81):
        text = (*page.body, f"Meldung {n}: Die Gespräche dauern noch an.")
        world.site.feeds["alle"] = world.site.feeds["alle"][:1]
        world.site.publish(replace(page, body=text, updated=world.clock.now + timedelta(minutes=7)))
        await world.passes(minutes=7)

    assert world.count(ArticleRow) == 2
    assert [key for key, count in Counter(told(world.room)).items() if count > 1] == []
    assert len(told(world.room)) <= 2
    assert world.asked("/ticker") <= 80 / 2 + 1, "no more often than every ten minutes"
    # The other article's text is kept where its address, and so the port, makes it one of the sample.
    kept = VersionRow.text.is_not(None), VersionRow.article_id == select(func.max(ArticleRow.id)).scalar_subquery()
    numbers = [row.number for row in world.rows(VersionRow.number, where=kept)]
    newest = max(row.number for row in world.rows(VersionRow.number))
    assert newest > 30
    assert len(numbers) == MOST_TEXTS
    assert {1, newest} < set(numbers), "the first and the last stay"


async def test_a_version_that_tells_of_the_matter_in_passing_still_moves_the_meeting_that_was_announced(world):
    """Its events are not taken for withdrawn; of what is no longer the article's subject nobody hears but that."""
    world.site.publish(idle(1))
    await world.passes()
    page = talks(1, headline="NATO und Russland beraten in Brüssel über die Ukraine", body=ANNOUNCED)
    world.site.publish(page)
    await world.passes(hours=1)
    heard = list(told(world.room))
    moved = replace(page, headline="Öl wird teurer, die Börsen geben nach", body=MOVED)
    world.site.revise(moved)
    await world.passes(2, hours=2)

    assert heard
    change = {alert["key"]: alert["title"] for d in world.room.deliveries for alert in d.json()["data"]["alerts"]}
    assert told(world.room)[: len(heard)] == heard
    assert [change[key][:12] for key in told(world.room)[len(heard) :]] == ["Verschoben: "]
    [meeting] = world.rows(MeetingRow.day_first)
    assert str(meeting.day_first) == "2028-01-21"
    [event] = world.rows(EventRow.when_first, where=(EventRow.known_to.is_(None),))
    assert str(event.when_first) == "2028-01-21"
    [[grade, reasons]] = world.rows(AssessmentRow.grade, AssessmentRow.reasons)
    assert grade == Grade.CORE
    assert reasons[0][0] == FOLLOWED

    world.site.revise(replace(moved, body=(*MOVED, "Am Abend fiel in der Stadt der erste Schnee.")))
    await world.passes(2, hours=12)
    assert world.count(EventRow, EventRow.known_to.is_(None)) == 1, "and so does the version after"


async def test_a_version_that_names_nothing_of_the_matter_ends_what_was_told_and_how_it_was_judged(world):
    world.site.publish(idle(1))
    await world.passes()
    page = talks(1)
    world.site.publish(page)
    await world.passes(hours=1)
    assert world.count(AssessmentRow) == 1
    world.site.revise(replace(idle(2), path=page.path))
    await world.passes(2, hours=2)

    assert world.count(AssessmentRow) == 0
    assert world.count(EventRow, EventRow.known_to.is_(None)) == 0


async def test_a_new_headline_in_the_feed_is_read_once_and_a_cache_that_flaps_between_two_is_not(world):
    page = idle(1)
    world.site.publish(page)
    await world.passes()
    await world.passes(hours=300)  # the last rung of the ladder
    again = replace(page, listed="Stadtrat verwirft den Plan")
    asked = []
    for shown in (again, page, again, page):
        world.site.feeds["alle"] = [shown]
        await world.passes(hours=2)
        asked.append(world.asked(page.path))

    assert asked == [3, 3, 3, 3]
    assert world.count(ArticleRow) == 1


async def test_a_feed_that_heads_an_article_otherwise_than_its_page_is_not_read_again_for_it(world):
    world.site.publish(idle(1, listed="Thema des Tages: der Stadtrat"))
    await world.passes()
    await world.passes(2, hours=300)

    assert world.asked("/a/1") == 2, "the ladder's last rung only"


async def test_an_article_that_is_gone_is_not_asked_for_as_long_as_its_feed_lists_it(world):
    world.site.publish(idle(1))
    await world.passes()
    world.room.fault("/a/1", "410")
    await world.passes(6, minutes=20)

    assert world.asked("/a/1") == 2
    [row] = world.rows(ArticleRow.outcome, ArticleRow.reason)
    assert tuple(row) == ("stored", "re-check dropped: gone")


async def test_an_article_that_was_given_up_is_read_when_its_feed_says_that_it_changed(world):
    world.site.publish(idle(99))
    await world.passes()
    world.room.fault("/a/1", "500")
    world.site.publish(idle(1))
    await world.passes(14, hours=6)
    asked = world.asked("/a/1")
    [row] = world.rows(ArticleRow.reason, where=(ArticleRow.outcome == "failed",))
    assert row.reason == "given up: server error"
    world.room.heal()
    await world.passes(2)
    assert world.asked("/a/1") == asked
    world.site.feeds["alle"] = []
    world.site.publish(idle(1, updated=world.clock.now + timedelta(hours=1)))
    await world.passes()

    assert world.asked("/a/1") == asked + 1
    assert world.count(ArticleRow, ArticleRow.outcome == "stored") == 2


@pytest.mark.parametrize("matter", [True, False])
async def test_an_article_that_moved_is_one_article_whichever_address_comes_first(world, matter):
    old = talks(1) if matter else idle(1)
    new = replace(old, path="/neu/1")
    world.site.pages[new.path] = new
    world.site.publish(old)
    world.room.fault(old.path, "redirect", status=301, location=f"{world.room.url}{new.path}")
    await world.passes()
    world.site.publish(new)
    await world.passes()
    assert world.count(ArticleRow) == 1, "the address it led to is known"

    short = replace(new, path="/kurz/1")
    world.room.fault(short.path, "redirect", status=302, location=f"{world.room.url}{new.path}")
    world.site.publish(short)
    report = await world.passes()
    assert report.outcomes[steps.entries.ELSEWHERE] == 1
    assert world.count(ArticleRow, ArticleRow.outcome.in_(("stored", "unchanged"))) == 1


async def test_one_text_under_five_addresses_is_quarantined(world):
    world.site.publish(idle(99))
    await world.passes()
    page = talks(1)
    world.site.publish(*(replace(page, path=f"/w/{n}") for n in range(7)))
    report = await world.passes()

    assert report.outcomes["quarantined: the text of other pages"] == 3
    assert "same text" in world.kinds()
    assert told(world.room) == [], "what the first four seemed to say waits for someone to look at it"
    assert world.count(DeliveryRow, DeliveryRow.bundle == "digest", DeliveryRow.channel == "hook") >= 1


async def test_a_date_in_the_future_delays_nothing(world):
    world.site.publish(idle(1))
    await world.passes()
    world.site.publish(talks(1, published=datetime(2099, 1, 1, tzinfo=BEGIN.tzinfo)))
    await world.passes()

    assert told(world.room)
    [row] = world.rows(ArticleRow.published_at, where=(ArticleRow.grade == 2,))
    assert row.published_at is None, row
    assert "feed gap" not in world.kinds(open_only=False)


@pytest.mark.parametrize("stated", ["", "2099-01-01T00:00:00+00:00"])
async def test_a_page_that_states_no_time_that_can_be_has_the_feeds(world, stated):
    page = talks(1)
    said = "".join(f"<p>{text}</p>" for text in page.body)
    meta = f"<meta property='article:published_time' content='{stated}'>" if stated else ""
    head = f"<title>{page.headline}</title>{meta}"
    world.site.publish(idle(1))
    await world.passes()
    world.site.publish(
        replace(page, markup=f"<html><head>{head}</head><article><h1>{page.headline}</h1>{said}</article></html>")
    )
    await world.passes()

    [row] = world.rows(VersionRow.published_at, VersionRow.stand)
    assert (row.published_at, row.stand) == (page.published, None)
    days = {row.when_first for row in world.rows(EventRow.when_first)}
    assert page.published.date() in days, "'am Montag' is counted from then"
