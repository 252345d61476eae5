"""What all tables share: the base, how a point in time is kept, and the kinds of columns that come again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Dialect,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Text,
    TypeDecorator,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeEngine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """A point in time: `timestamptz` in PostgreSQL, whole microseconds since 1970 (UTC) in SQLite.

    SQLite's text form would take 26 bytes instead of 7 in every column and index. Naive times are refused.
    """

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.TIMESTAMP(timezone=True))
        return dialect.type_descriptor(BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without zone cannot be stored: {value.isoformat()}")
        if dialect.name == "postgresql":
            return value.astimezone(UTC)
        return (value - EPOCH) // MICROSECOND

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        # Not `process_result_value`, which SQLAlchemy wraps: a page of events has five times in each of its thousand rows.
        return _moment if dialect.name == "postgresql" else _counted


def _moment(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


def _counted(value: int | None) -> datetime | None:
    return None if value is None else EPOCH + value * MICROSECOND


Json = JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
Big = BigInteger().with_variant(Integer, "sqlite")

Id = Annotated[int, mapped_column(Big, primary_key=True)]
Ref = Annotated[int, mapped_column(Big)]
Digest = Annotated[bytes, mapped_column(LargeBinary)]
Code = Annotated[str, mapped_column(Text, server_default="")]
Small = Annotated[int, mapped_column(SmallInteger, server_default="0")]
Count = Annotated[int, mapped_column(Integer, server_default="0")]


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  SQLAlchemy's own attribute
        str: Text,
        datetime: Instant,
        bytes: LargeBinary,
        dict[str, Any]: Json,
        list[Any]: Json,
    }
