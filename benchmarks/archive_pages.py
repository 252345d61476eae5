"""Every page of the reading room, as `archive.py --pages` asks for it."""

from __future__ import annotations

import statistics
import time
import warnings
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from benchmarks.archive_rows import ALERT
from flows.alerts import links
from flows.web import sessions
from flows.web.app import Room, create_app, settle
from storage.engine import reading
from storage.tables import ActRow, EventRow, StoryArticleRow, StoryRow

NOON = datetime(2028, 3, 18, 9, tzinfo=UTC)
"""The last day of the rows."""
SECRET = "what-signs-links-here"

PAGES = (
    *("/", "/?unsure=1", "/acts", "/acts?order=news", "/acts?type=AID&party=USA", "/acts?party=RUS&other=NATO"),
    *("/acts?party=BLR&other=TUR", "/acts?party=RUS&other=NATO&between=1&since=2028-01-01"),
    *("/acts?deeds=1&since=2028-03-01&until=2028-03-07", "/acts?news=2028-03-11", "/acts?offset=3000", "/acts/{act}"),
    *("/articles", "/articles?publisher=haus3&grade=2", "/articles/777", "/events/{event}"),
    *("/actors", "/actors?days=365", "/actors/RUS", "/actors/RUS?unsure=1", "/actors/BLR", "/dyads", "/dyads?unsure=1"),
    *("/dyads/matrix", "/dyads/matrix?since=2027-03-18", "/dyads/matrix?type=THREATEN&since=2027-03-18"),
    *("/dyads/RUS/NATO", "/dyads/RUS/NATO?step=week", "/dyads/RUS/NATO?step=month", "/dyads/BLR/TUR?step=month"),
    *("/calendar", "/calendar?party=RUS", "/demands", "/demands?party=BLR&state=refused", "/demands?offset=3000"),
    *("/acts?party=RUS&other=NATO&directed=1", "/demands?party=RUS&other=NATO&directed=1"),
    *("/demands?q=garantie", "/demands?q=nirgends"),
    *("/stories", "/stories/{story}", "/stories/{longest}", "/search?q=garantie", "/search?party=RUS"),
    *("/search?type=AID&party=USA", "/search?party=RUS&other=NATO&type=AID", "/search?party=BLR&other=TUR&type=AID"),
    *("/search?q=die&party=RUS&other=NATO&type=AID", "/search?speaker=RUS&place=Genf", "/search?known=2031-03-05"),
    *("/lage", "/lage?week=2028-03-06", "/lage?unsure=1", "/voices", "/voices?contested=1", "/voices?offset=30"),
    *("/barometer", "/barometer?unsure=1", "/feeds", "/exports", "/events.csv", "/events.csv?party=RUS"),
    *("/events.jsonl", "/events.tsv", "/actors.gexf", "/acts.atom", "/acts.atom?party=RUS", "/calendar.ics", "/health"),
    *("/login", "/review", "/people", "/answers/{ticket}"),
)
"""Addresses that are asked for. What stands in braces is the newest of its kind in the archive."""


def page_times(engine: Engine, tries: int = 5) -> dict[str, float]:
    """The reading room's pages, whole: the median of so many tries in milliseconds, of CPU time in SQLite, else of wall time.

    The first call of each stands beside it where it took more than twice as long, as "(first) …".
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it would rather have another HTTP client than the one that is here
        from starlette.testclient import TestClient

    clock = time.process_time if engine.dialect.name == "sqlite" else time.perf_counter
    room = Room(engine=engine, token="a-token-of-ours", link_secret=SECRET, now=lambda: NOON)
    with reading(engine) as connection:
        named = _named(connection)
    found = {}
    with TestClient(create_app(room)) as client:
        client.cookies.set(sessions.COOKIE, sessions.issue("bench", room.token, NOON))
        client.get("/")
        settle()
        for page in PAGES:
            times = []
            for _ in range(1 + tries):
                began = clock()
                client.get(page.format(**named)).raise_for_status()
                times.append((clock() - began) * 1000)
            found[page] = round(statistics.median(times[1:]), 1)
            if times[0] > 2 * found[page]:
                found[f"(first) {page}"] = round(times[0], 1)
    return found


def _named(connection: Connection) -> dict[str, Any]:
    """What the braces in `PAGES` stand for."""
    size = func.count(StoryArticleRow.article_id)
    longest = select(StoryArticleRow.story_id).group_by(StoryArticleRow.story_id).order_by(size.desc()).limit(1)
    ticket = links.Ticket(alert=ALERT, channel="bench", until=NOON + timedelta(days=1))
    return {
        "act": connection.scalar(select(ActRow.uid).order_by(ActRow.id.desc()).limit(1)),
        "event": connection.scalar(select(EventRow.uid).order_by(EventRow.id.desc()).limit(1)),
        "story": connection.scalar(select(StoryRow.uid).order_by(StoryRow.id.desc()).limit(1)),
        "longest": connection.scalar(select(StoryRow.uid).where(StoryRow.id == longest.scalar_subquery())),
        "ticket": links.sign(ticket, SECRET),
    }
