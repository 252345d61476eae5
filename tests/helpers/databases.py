"""Databases for the tests: statements for a PostgreSQL server, and where its other databases are."""

from __future__ import annotations

from sqlalchemy import create_engine, text

from storage.engine import normalised


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
