"""The reading room over a full archive, and who visits it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from room_matter import NOW, TOKEN, fill
from sqlalchemy import Engine
from visiting import TestClient

from flows.web.app import Room, create_app
from storage.engine import open_engine


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A full archive, to be copied: that takes a hundredth of the time of filling it."""
    path = tmp_path_factory.mktemp("room") / "archive.sqlite"
    shutil.copy(sqlite_template, path)
    engine = open_engine(f"sqlite:///{path}", durable=False)
    fill(engine)
    engine.dispose()  # the last one out empties the write-ahead log into the file
    return path


@pytest.fixture
def engine(tmp_path: Path, filled: Path) -> Iterator[Engine]:
    shutil.copy(filled, tmp_path / "archive.sqlite")
    engine = open_engine(f"sqlite:///{tmp_path / 'archive.sqlite'}", durable=False)
    yield engine
    engine.dispose()


@pytest.fixture
def room(engine: Engine) -> Room:
    return Room(engine=engine, token=TOKEN, now=lambda: NOW + timedelta(hours=3))


@pytest.fixture
def client(room: Room) -> Iterator[TestClient]:
    with TestClient(create_app(room)) as client:
        yield client
