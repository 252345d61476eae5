"""The reading room over a full archive, and who visits it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from databases import copied
from room_matter import NOW, TOKEN, fill
from sqlalchemy import Engine
from visiting import TestClient

from flows.web.app import Room, create_app


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A full archive, to be copied: that takes a twentieth of the time of filling it."""
    folder = tmp_path_factory.mktemp("room")
    with copied(sqlite_template, folder) as engine:
        fill(engine)
    return folder / "archive.sqlite"


@pytest.fixture
def engine(tmp_path: Path, filled: Path) -> Iterator[Engine]:
    with copied(filled, tmp_path) as engine:
        yield engine


@pytest.fixture
def room(engine: Engine) -> Room:
    return Room(engine=engine, token=TOKEN, now=lambda: NOW + timedelta(hours=3))


@pytest.fixture
def client(room: Room) -> Iterator[TestClient]:
    with TestClient(create_app(room)) as client:
        yield client
