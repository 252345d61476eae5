"""Opens the archive's database and brings its schema up to date; SQLite and PostgreSQL behave alike from here on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DBAPIError,
    InterfaceError,
    InternalError,
    OperationalError,
    TimeoutError,
)
from sqlalchemy.pool import StaticPool

HEAD = "0010"
"""The newest migration: the schema that this version works with. A test holds it to what is in `migrations`."""

KNOWN = frozenset({"0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", HEAD})
"""All revisions that this version can bring up to date."""

PAGE_SIZE = 8192
"""Bytes; of 4, 8 and 16 kB the best in what an article takes and in what a commit writes (benchmarks/archive.py)."""

BUSY_SECONDS = 30
"""How long SQLite waits for another writer; the harness's longest transaction takes well under a second."""


_SCHEMA = 4373367
"""The lock of PostgreSQL that who upgrades the schema has alone, and who writes has with others."""

_CONNECTION = MappingProxyType(
    {
        "connect_timeout": 10,
        "application_name": "depesche",
        # In a database of SQL_ASCII the driver would give bytes for text, before anybody could say what is wrong.
        "client_encoding": "utf8",
        # A connection that a firewall or a dead machine has forgotten ends after a minute and a half, and not after two hours.
        "keepalives_idle": 60,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": 90_000,
    }
)
"""how we connect to PostgreSQL: seconds, but the last, in ms"""

_READING = "reading"
"""Stands with an SQLite connection that only reads."""


class SchemaError(RuntimeError):
    """The database's schema is not the one this version works with; the message says what to do."""


class NoArchive(SchemaError):
    """There is none yet where the address leads."""


class AddressError(ValueError):
    """Not the address of a database that the archive can live in; the message says which can."""


def is_fault(error: BaseException) -> bool:
    """Whether the database failed: it is away, locked, full. Whoever tries again later may have more luck.

    It has not failed where a value is one that it cannot hold: that value will be met again, and a pass that ended for
    it would end each time. PostgreSQL calls one such case operational (class 54, program limit exceeded).
    """
    state = (getattr(error.orig, "sqlstate", None) or "") if isinstance(error, DBAPIError) else ""
    if isinstance(error, OperationalError):
        return not state.startswith("54")
    if state == "42501":  # we may not: PostgreSQL takes that for a mistake in the statement
        return True
    # Of a damaged file, or one that is no database, SQLite says DatabaseError; a TimeoutError is all connections in use.
    return isinstance(error, InterfaceError | InternalError | TimeoutError) or type(error) is DatabaseError


def normalised(url: str) -> URL:
    """The database URL with the driver we use. Raises AddressError for anything but SQLite and PostgreSQL.

    >>> normalised("postgresql://depesche@db/archive").drivername
    'postgresql+psycopg'
    >>> normalised("archive.sqlite").render_as_string()
    'sqlite:///archive.sqlite'
    """
    if re.match(r"[a-z][a-z0-9+]+:(?!//)", url):  # as a file it would be filled in silence
        raise AddressError(
            "not a database URL: two slashes come behind the colon, as in postgresql://user@host/name, "
            "and three before a file, as in sqlite:///var/archive.sqlite"
        )
    try:
        parsed = make_url(url if "://" in url else f"sqlite:///{url}")
    except ArgumentError as error:
        raise AddressError(f"not a database URL: {error}") from None
    except ValueError:
        # Its message quotes what stands for the port, which may be a piece of a password.
        raise AddressError("not a database URL: its port is no number") from None
    if parsed.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() == "sqlite":
        if parsed.host:
            raise AddressError("not a database URL: three slashes before a file, as in sqlite:///var/archive.sqlite")
        return parsed.set(drivername="sqlite")
    raise AddressError(f"the archive lives in SQLite or PostgreSQL, not in {parsed.drivername!r}")


def shown(url: URL) -> str:
    """The URL for people and logs: without its password, which libpq also takes behind the question mark.

    >>> shown(make_url("postgresql://depesche@/archive?host=/run/postgresql&password=geheim"))
    'postgresql://depesche@/archive?host=%2Frun%2Fpostgresql&password=%2A%2A%2A'
    """
    secret = {name: "***" for name in url.query if "password" in name}
    return url.update_query_dict(secret).render_as_string(hide_password=True)


def open_engine(url: str, *, durable: bool = True, busy_seconds: float = BUSY_SECONDS) -> Engine:
    """An engine for the archive; `upgrade` it before the first use.

    `durable` makes SQLite sync at every commit (synchronous FULL): after a power cut, what was delivered is also
    known to be delivered. Without it (NORMAL) a power cut may forget the last commits; a killed process loses nothing
    in either. PostgreSQL decides for itself (synchronous_commit).
    """
    parsed = normalised(url)
    if parsed.get_backend_name() == "sqlite":
        engine = _sqlite(parsed, durable=durable, busy_seconds=busy_seconds)
    else:
        engine = _postgresql(parsed)
    where = str(file.absolute()) if (file := file_of(parsed)) else shown(parsed)

    @event.listens_for(engine, "handle_error")
    def name(context: ExceptionContext) -> None:
        if context.sqlalchemy_exception is not None:
            context.sqlalchemy_exception.add_note(where)

    return engine


def _postgresql(parsed: URL) -> Engine:
    # What the address says behind its question mark goes first.
    arguments = {name: value for name, value in _CONNECTION.items() if name not in parsed.query}
    # pool_pre_ping: a server restarted meanwhile costs one reconnect, not one failed pass.
    return create_engine(
        parsed,
        pool_pre_ping=True,
        pool_size=4,
        max_overflow=4,
        connect_args=arguments,
    )


def _sqlite(url: URL, *, durable: bool, busy_seconds: float) -> Engine:
    arguments: dict[str, Any] = {"connect_args": {"timeout": busy_seconds, "isolation_level": None}}
    if url.database in (None, "", ":memory:"):
        arguments["poolclass"] = StaticPool
        arguments["connect_args"]["check_same_thread"] = False
    engine = create_engine(url, **arguments)

    @event.listens_for(engine, "do_connect")
    def make_room(*_: object) -> None:
        if (file := file_of(url)) is not None:
            file.parent.mkdir(parents=True, exist_ok=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        # Counts for a new file only. A packed text takes 2.4 kB: in pages of 4 kB every second half would stay empty.
        connection.execute(f"PRAGMA page_size={PAGE_SIZE}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA temp_store=MEMORY")

    def begin(connection: Any) -> None:
        # A write begun as a read fails at once when another writer came between; IMMEDIATE waits its turn instead.
        connection.execute("BEGIN" if connection.info.get(_READING) else "BEGIN IMMEDIATE")

    # As an event of the engine it would cost each statement a tenth more: with one, all are looked for at each.
    engine.dialect.do_begin = begin  # type: ignore[assignment]
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection for queries: one consistent look at the archive, which no writer has to wait for."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            yield connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            return
        noted = connection.connection.info
        noted[_READING] = True
        try:
            yield connection
        finally:
            noted.pop(_READING, None)  # in memory all share one connection


def upgrade(engine: Engine, to: str = HEAD) -> str:
    """Bring the schema to this version's, from nothing or from any earlier one; returns the revision.

    An older one than HEAD is for a new database only. Raises SchemaError if the database was made by a newer version.
    """
    found = revision(engine)
    _refuse_newer(found)
    if found == to:
        return to
    _refuse_encoding(engine)
    # Alembic takes a quarter of a second to import: only who migrates pays for it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            # Two workers that start together would both create the tables.
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_SCHEMA})")
        config.attributes["connection"] = connection
        command.upgrade(config, to)
    return to


def file_of(url: URL) -> Path | None:
    """Where an SQLite archive lies; None for one in memory, and for PostgreSQL."""
    named = url.database
    if url.get_backend_name() != "sqlite" or named in (None, "", ":memory:"):
        return None
    return Path(str(named))


def _refuse_encoding(engine: Engine) -> None:
    """No other than UTF-8 holds what newspapers write: in Latin-1 each article with a „ would be refused."""
    if engine.dialect.name != "postgresql":
        return
    with reading(engine) as connection:
        encoding = connection.exec_driver_sql("SHOW server_encoding").scalar()
    if encoding != "UTF8":
        raise SchemaError(
            f"the database {engine.url.database} is in {encoding}, and the archive needs UTF-8: make another, with "
            "CREATE DATABASE … ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0"
        )


def _refuse_newer(found: str | None) -> None:
    if found is not None and found not in KNOWN:
        raise SchemaError(
            f"the archive has schema {found}, which this version of Depesche (schema {HEAD}) does not know: "
            "it was written by a newer version. Install that version, or restore a backup from before the upgrade."
        )


def hold_schema(connection: Connection) -> None:
    """Nobody upgrades the archive before this transaction ends. Raises SchemaError where somebody has.

    What a worker writes that began before an upgrade may fit into the newer schema and leave out what that keeps beside
    it: 28 of 106 events were in no matrix after one.
    """
    asked = "SELECT version_num FROM alembic_version"
    if connection.dialect.name == "postgresql":
        # Both on one way there and back, and the second looks only once the first has what it waits for.
        cursor: Any = connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock_shared({_SCHEMA}); {asked}").cursor
        cursor.nextset()
        (found,) = cursor.fetchone()
        cursor.close()
    else:  # there is one writer
        found = connection.exec_driver_sql(asked).scalar_one()
    if found != HEAD:
        _refuse_newer(found)
        raise _other_schema(found)


def _other_schema(found: str | None) -> SchemaError:
    state = "is empty" if found is None else f"has schema {found}, this version needs {HEAD}"
    return SchemaError(f"the archive {state}: run 'depesche db upgrade'")


def require_current(engine: Engine) -> None:
    """Raise SchemaError unless the schema is this version's. Makes no SQLite file where there is none."""
    if (file := file_of(engine.url)) is not None and not file.exists():
        raise NoArchive(
            f"there is no archive at {engine.url.database}: 'depesche db upgrade' makes one; "
            "a relative path is meant from the folder in which the flows are started"
        )
    found = revision(engine)
    _refuse_newer(found)
    if found != HEAD:
        raise _other_schema(found)


@contextmanager
def known_archive(url: str) -> Iterator[Engine]:
    """The archive as the flows keep it, for a question asked by hand. Raises SchemaError if there is none, or one of another version.

    A question must not upgrade an archive, nor make an empty one because it was asked in the wrong folder.
    """
    engine = open_engine(url)
    try:
        require_current(engine)
        yield engine
    finally:
        engine.dispose()


def revision(engine: Engine) -> str | None:
    """The schema's revision, or None for a database without one."""
    with reading(engine) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found
