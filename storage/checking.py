"""Whether the archive's database is whole, how large it is, and giving its free space back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DatabaseError, OperationalError

from storage import pairs, sides
from storage.engine import SchemaError, file_of, reading, require_current
from storage.tables import Base


class CannotTidy(RuntimeError):
    """The archive cannot be tidied now; the message says why and what to do."""


def vacuum(engine: Engine) -> None:
    """Give free space back and renew the planner's statistics. In SQLite writers wait meanwhile. Raises CannotTidy."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        driver = connection.connection.driver_connection
        if engine.dialect.name == "postgresql":
            names = ", ".join([*(known.name for known in Base.metadata.sorted_tables), "articles_fts", "words"])
            connection.exec_driver_sql(f"VACUUM (ANALYZE) {names}")
            return
        assert driver is not None
        try:
            for statement in _TIDYING:
                driver.execute(statement)
        except sqlite3.Error as error:
            raise CannotTidy(f"the archive cannot be tidied now: {error}; stop the flows first") from error


_TIDYING = (
    "INSERT INTO articles_fts (articles_fts) VALUES ('optimize')",
    "INSERT INTO words_fts (words_fts) VALUES ('optimize')",
    "VACUUM",
    "ANALYZE",
    "PRAGMA wal_checkpoint(TRUNCATE)",
)


def size(engine: Engine) -> int | None:
    """Bytes of the archive on its disk; None for one in memory."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar() or 0)
    path = file_of(engine.url)
    return None if path is None else path.stat().st_size


def check(engine: Engine) -> list[str]:
    """What is wrong with the archive's database; empty if nothing is."""
    try:
        require_current(engine)
    except SchemaError as error:
        return [str(error)]
    if damaged := _damaged(engine):
        return damaged  # what else is wrong cannot be asked
    with reading(engine) as connection:
        troubles = list(_inconsistent(connection))
        if differing := pairs.differing(connection):
            troubles.append(f"{differing} rows of pairs are not what the events say")
        if differing := sides.differing(connection):
            troubles.append(f"the sides of {differing} events are not what their roles say")
        if engine.dialect.name == "sqlite":
            lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            troubles += [f"{len(lost)} rows refer to rows that are gone"] if lost else []
    return troubles


def _damaged(engine: Engine) -> list[str]:
    """What SQLite says of pages of its file that cannot be read; PostgreSQL looks after its own."""
    if engine.dialect.name != "sqlite":
        return []
    try:
        with reading(engine) as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check").scalars().all()
    except DatabaseError as error:
        if isinstance(error, OperationalError):  # locked, or away
            raise
        found = [str(error.orig)]
    lines = [line for told in found if told != "ok" for line in told.splitlines()]
    return [*(f"the file is damaged: {line}" for line in lines), "restore a backup: docs/operate.md"] if lines else []


def _inconsistent(connection: Connection) -> Iterator[str]:
    for complaint, statement in _PROMISES.items():
        found = connection.scalar(text(statement))
        if found:
            yield f"{found} {complaint}"


_PROMISES = {
    "articles count as stored and were never read": (
        "SELECT count(*) FROM articles WHERE outcome = 'stored' AND text_digest IS NULL"
    ),
    "events that are believed belong to a version that is not their article's newest": (
        "SELECT count(*) FROM events JOIN articles ON articles.id = events.article_id"
        " WHERE events.known_to IS NULL AND articles.version_id <> events.version_id"
    ),
    "pending articles are not due, so that nobody will read them": (
        "SELECT count(*) FROM articles WHERE outcome = 'pending' AND due_at IS NULL"
    ),
}
