"""What statements share: built once, written alike for SQLite and PostgreSQL, and their rows as records."""

from __future__ import annotations

import dataclasses
import functools
import json
from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from enum import IntEnum
from typing import Any, TypeVar, cast

from sqlalchemy import (
    BigInteger,
    Connection,
    Row,
    Select,
    String,
    Table,
    Text,
    bindparam,
    func,
    literal_column,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite

from storage.tables import Base

Built = TypeVar("Built")
Each = TypeVar("Each")


def prepared(build: Callable[[Connection], Built]) -> Callable[[Connection], Built]:
    """A statement that is built once for each dialect: what differs from call to call are its parameters.

    To build one takes several times as long as to run it, and a page that is beside the matter costs little else.
    """
    made: dict[str, Built] = {}

    @functools.wraps(build)
    def statement(connection: Connection) -> Built:
        name = connection.dialect.name
        if name not in made:
            made[name] = build(connection)
        return made[name]

    return statement


def table(row: type[Base]) -> Table:
    """The table of a row, for statements that need nothing of the object mapper, which takes its time."""
    return cast(Table, row.__table__)


def upsert(connection: Connection, row: type[Base] | Table) -> Any:
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


class Turn(IntEnum):
    """What one transaction does at a time, of all that share a PostgreSQL; 4373367 is the migrations'."""

    MESSAGES = 4373368
    ACTS = 4373369
    WINDOWS = 4373370


def alone(connection: Connection, turn: Turn) -> None:
    """Wait until no other transaction is at the same; until commit none begins. In SQLite none is at anything anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": int(turn)})


def named_rows(rows: Sequence[Row[Any]]) -> Sequence[Any]:
    """The same rows as named tuples: SQLAlchemy's look a column up by its name each time, ten times as slowly.

    Worth it where thousands of rows of many columns are read.
    """
    return list(map(_fields(rows[0]._fields)._make, rows)) if rows else rows


@functools.cache
def _fields(names: tuple[str, ...]) -> Any:
    return namedtuple("Named", names)


def record(kind: type[Built], row: Any, **otherwise: Any) -> Built:
    """A record of a dataclass: each field from the column of its name, but for those that are told `otherwise`."""
    return kind(**{name: getattr(row, name) for name in _named(cast(Any, kind)) if name not in otherwise}, **otherwise)


@functools.cache
def _named(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


MOST_VALUES = 500
"""Values in one statement, whose parameters are limited."""


def in_pieces(values: Sequence[Each]) -> Iterator[Sequence[Each]]:
    """Values, so many at a time as one statement takes."""
    return (values[at : at + MOST_VALUES] for at in range(0, len(values), MOST_VALUES))


def among(connection: Connection, column: Any, values: Sequence[int] | Sequence[str]) -> Any:
    """The condition that a column is one of many numbers or texts, as one parameter: thousands cost a statement dearly."""
    if connection.dialect.name == "postgresql":
        kind = Text if isinstance(column.type, String) else BigInteger
        return column == func.any(bindparam(None, list(values), postgresql.ARRAY(kind)))
    each = func.json_each(json.dumps(list(values))).table_valued("value")
    return column.in_(select(literal_column("value")).select_from(each))
