"""Databases for the tests: copies of an archive in SQLite, statements for a PostgreSQL server and its other databases."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine, text

from storage.engine import normalised, open_engine


@contextmanager
def copied(template: Path, folder: Path) -> Iterator[Engine]:
    """A copy of an archive in SQLite, as `archive.sqlite` in the folder."""
    shutil.copy(template, folder / "archive.sqlite")
    engine = open_engine(f"sqlite:///{folder / 'archive.sqlite'}", durable=False)
    yield engine
    engine.dispose()


def administer(url: str, *statements: str) -> None:
    """Run statements outside of a transaction, as CREATE DATABASE wants it; who stays connected blocks the next one."""
    engine = create_engine(normalised(url), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
    finally:
        engine.dispose()


def beside(url: str, name: str) -> str:
    """The URL of another database on the same server."""
    return normalised(url).set(database=name).render_as_string(hide_password=False)
