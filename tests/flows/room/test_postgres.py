"""The reading room on a real PostgreSQL: every page and download opens, and says what it says on SQLite."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from databases import administer, beside
from room_matter import NOW, TOKEN, addresses, fill
from sqlalchemy import Engine
from visiting import TestClient

from flows.web import sessions
from flows.web.app import Room, create_app
from flows.web.downloads import DOWNLOADS
from storage.archive import opened
from storage.engine import open_engine, upgrade

pytestmark = pytest.mark.postgres
LATER = NOW + timedelta(hours=3)


@pytest.fixture(scope="module")
def postgres(postgres_url: str) -> Iterator[Engine]:
    administer(postgres_url, "CREATE DATABASE room")
    engine = open_engine(beside(postgres_url, "room"))
    upgrade(engine)
    fill(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def sqlite(filled: Path) -> Iterator[Engine]:
    """The archive that the others copy: nothing here writes to it."""
    engine = open_engine(f"sqlite:///{filled}", durable=False)
    yield engine
    engine.dispose()


def read(engine: Engine, address: str) -> tuple[int, str]:
    with TestClient(create_app(Room(engine=engine, token=TOKEN, now=lambda: LATER))) as client:
        answer = client.get(address)
        return answer.status_code, " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


SEARCHES = (
    "/search?party=RUS&other=NATO&type=CONSULT",
    "/search?q=Verzicht&type=REJECT&party=RUS&other=NATO",
    "/search?q=Garantie&publisher=haus",
    "/search?place=Genf&since=2031-03-01&until=2031-03-31",
    "/search?known=2031-03-10&party=NATO",
    "/acts?party=NATO&other=RUS",
    "/acts?type=CONSULT&order=news",
    "/dyads/RUS/NATO?step=week",
    "/articles?grade=0",
    "/lage?week=2031-03-10",
    "/acts?since=2031-03-01&until=2031-03-31",
    "/demands?party=RUS&other=NATO&since=2031-03-01&until=2031-03-31",
    "/calendar?state=announced",
)


def test_every_page_says_the_same_on_postgresql_as_on_sqlite(postgres, sqlite):
    for address in (*addresses(sqlite), *SEARCHES):
        ours, theirs = read(postgres, address), read(sqlite, address)
        assert ours[0] == 200, address
        assert ours == theirs, address


@pytest.mark.parametrize("path", [path for path, _, _, _ in DOWNLOADS])
def test_every_download_is_the_same_on_postgresql_as_on_sqlite(postgres, sqlite, path):
    assert read(postgres, path) == read(sqlite, path)


def test_reviews_answers_and_merges_are_written_on_postgresql_too(postgres):
    room = Room(engine=postgres, token=TOKEN, now=lambda: LATER)
    with TestClient(create_app(room)) as client:
        client.cookies.set(sessions.COOKIE, sessions.issue("Anna", TOKEN, LATER))
        uid = client.get("/acts/act-REJECT").text.split('href="/events/')[1].split("?")[0]
        page = client.get(f"/events/{uid}").text
        form = {"csrf": page.split('name="csrf" value="')[1].split('"')[0]}
        for path, more in (
            (f"/events/{uid}/review", {"verdict": "right"}),
            ("/acts/act-REJECT/merge", {"other": "act-REQUEST"}),
        ):
            assert client.post(path, data={**form, **more}, follow_redirects=False).status_code == 303, path
        assert client.get("/review").status_code == 200
        assert client.get("/health").json()["status"] == "ok"
    with opened(postgres) as archive:
        assert len(archive.review.corrections()) == 1
        assert archive.tracking.act_of("act-REQUEST") == "act-REJECT"
