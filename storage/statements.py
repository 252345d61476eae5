"""The few statements whose form differs between SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select
from sqlalchemy.dialects import postgresql, sqlite

from storage.tables import Base


def upsert(connection: Connection, row: type[Base]) -> Any:
    """An INSERT with `on_conflict_do_nothing` and `on_conflict_do_update`; the two dialects spell them alike."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(row)


def locked(connection: Connection, statement: Select[Any], *, skip: bool = False) -> Select[Any]:
    """The statement with its rows locked until commit; `skip` leaves out what another worker holds.

    SQLite needs neither: its write transactions run one after the other.
    """
    if connection.dialect.name != "postgresql":
        return statement
    return statement.with_for_update(skip_locked=skip)
