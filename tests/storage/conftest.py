"""Every test here that asks for `engine` runs on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import administer, beside
from sqlalchemy import Engine

from storage.engine import HEAD, open_engine, upgrade
from storage.tables import Base


@pytest.fixture(scope="session")
def _postgres_archive(postgres_url: str) -> str:
    """A database with the schema in it, for all tests: emptying it takes a tenth of the time of making it."""
    administer(postgres_url, "CREATE DATABASE depesche")
    address = beside(postgres_url, "depesche")
    engine = open_engine(address)
    upgrade(engine)
    engine.dispose()
    return address


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an archive that is up to date and empty."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "archive.sqlite")
        return f"sqlite:///{tmp_path / 'archive.sqlite'}"
    address: str = request.getfixturevalue("_postgres_archive")
    administer(address, _EMPTY)
    return address


_TABLES = [table.name for table in reversed(Base.metadata.sorted_tables)]
_EMPTY = f"""
DO $$ BEGIN
  {" ".join(f"DELETE FROM {name};" for name in [*_TABLES, "articles_fts", "words"])}
  {" ".join(f"ALTER SEQUENCE {name}_id_seq RESTART;" for name in _TABLES if "id" in Base.metadata.tables[name].columns)}
  UPDATE alembic_version SET version_num = '{HEAD}';
END $$
"""


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = open_engine(url, durable=False)
    yield engine
    engine.dispose()
