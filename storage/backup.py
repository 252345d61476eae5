"""Backup and restore, verified: a copy of an SQLite file, or a dump of our tables that either database can read.

The dump is gzipped JSON lines: a head with the schema's revision, for each table its name, columns and kinds and then its
rows, and a tail with the number of rows of each table, so that half a dump is known as one. The full-text index is made
anew from the texts. A dump of an older schema is migrated on the way, in a temporary archive of its own schema.
"""

from __future__ import annotations

import base64
import gzip
import json
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnClause,
    Connection,
    Date,
    Engine,
    LargeBinary,
    column,
    func,
    insert,
    inspect,
    select,
    table,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import NullType, TypeEngine

from storage import packing, search
from storage.engine import HEAD, KNOWN, SchemaError, file_of, open_engine, reading, require_current, upgrade
from storage.tables import ArticleRow, Base, Instant, VersionRow

FORMAT = "depesche-dump-1"
_BATCH = 500
_JSON = JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


class BackupError(RuntimeError):
    """The backup cannot be made, read or restored; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A backup: where it is, and how many rows of each table it holds."""

    path: Path
    bytes: int
    revision: str
    rows: dict[str, int]
    verified: bool


def backup(engine: Engine, path: Path, *, verify: bool = True) -> Backup:
    """Write a backup while others go on working; it holds one moment of the archive.

    A path that ends in .sqlite or .db is a copy of the SQLite file, any other a dump. `verify` restores it into a
    temporary SQLite file and compares the rows of each table. Raises BackupError; a file that is there is never overwritten.
    """
    require_current(engine)
    if path.exists():
        raise BackupError(f"{path} exists: choose another name, or move it away")
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)  # of a backup that was killed
        rows = _copy(engine, part) if _is_copy(path) else _dump(engine, part)
        if verify:
            _verify(part, rows, is_copy=_is_copy(path))
        part.rename(path)
    except OSError as error:
        raise BackupError(f"cannot write {path}: {error.strerror}") from error
    except sqlite3.Error as error:
        raise BackupError(f"cannot write {path}: {error}") from error
    finally:
        with suppress(OSError):  # where nothing can be written nothing lies
            for ending in ("", "-journal"):
                part.with_name(part.name + ending).unlink(missing_ok=True)
    return Backup(path=path, bytes=path.stat().st_size, revision=HEAD, rows=rows, verified=verify)


def restore(engine: Engine, path: Path) -> dict[str, int]:
    """Fill an empty archive from a backup; returns the rows of each table. Raises BackupError if it is not empty."""
    with _whole_or_none(engine):
        return _restore(engine, path)


@contextmanager
def _whole_or_none(engine: Engine) -> Iterator[None]:
    """What fails leaves no SQLite file where there was none: it would look like an archive in which nothing happened yet."""
    file = file_of(engine.url)
    there = file is None or file.exists()
    try:
        yield
    except BaseException:
        if file is not None and not there:
            engine.dispose()
            for ending in ("", "-wal", "-shm", "-journal"):
                file.with_name(file.name + ending).unlink(missing_ok=True)
        raise


def _restore(engine: Engine, path: Path) -> dict[str, int]:
    if not path.is_file():
        raise BackupError(f"{path}: there is no such file")
    with path.open("rb") as file:
        is_copy = file.read(16) == b"SQLite format 3\x00"
    made = HEAD if is_copy else _revision_of(path)  # first: what is no backup makes no empty archive
    if _holds_rows(engine):
        raise BackupError("the archive is not empty: restore into a new database, then point the settings to it")
    if is_copy:
        return _restore_copy(engine, path)
    if made != HEAD:
        return _restore_older(engine, path, made)
    upgrade(engine)
    with engine.begin() as connection:
        return _load(connection, path)


def _holds_rows(engine: Engine) -> bool:
    """Of whatever schema it is."""
    with reading(engine) as connection:
        there = inspect(connection).get_table_names()
        ours = [known for known in Base.metadata.sorted_tables if known.name in there]
        return any(connection.scalar(select(func.count()).select_from(known)) for known in ours)


def row_counts(engine: Engine) -> dict[str, int]:
    with reading(engine) as connection:
        return _counts(connection)


def _counts(connection: Connection) -> dict[str, int]:
    return {
        known.name: connection.scalar(select(func.count()).select_from(known)) or 0
        for known in Base.metadata.sorted_tables
    }


def _is_copy(path: Path) -> bool:
    return path.suffix in (".sqlite", ".db")


# A copy of the SQLite file


def _copy(engine: Engine, path: Path) -> dict[str, int]:
    if engine.dialect.name != "sqlite":
        raise BackupError("only an SQLite archive can be copied as a file: name the backup archive.jsonl.gz")
    with closing(engine.raw_connection()) as ours, closing(sqlite3.connect(path)) as theirs:
        # Page by page, and from the start again if somebody writes meanwhile: the copy is of one moment.
        ours.driver_connection.backup(theirs)  # type: ignore[union-attr]
        theirs.execute("PRAGMA journal_mode=DELETE")
    copied = open_engine(f"sqlite:///{path}")
    try:
        return row_counts(copied)
    finally:
        copied.dispose()
        for ending in ("-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)


def _restore_copy(engine: Engine, path: Path) -> dict[str, int]:
    if engine.dialect.name != "sqlite":
        raise BackupError("a copy of an SQLite file goes into SQLite; for PostgreSQL make a dump (archive.jsonl.gz)")
    _check_copy(path)
    try:
        with closing(_opened_copy(path)) as theirs, closing(engine.raw_connection()) as ours:
            # With a log beside it, it takes no pages of another size than ours; whoever opens it next gives it one again.
            ours.driver_connection.execute("PRAGMA journal_mode=DELETE")  # type: ignore[union-attr]
            theirs.backup(ours.driver_connection)  # type: ignore[arg-type]
    except sqlite3.Error as error:
        raise BackupError(f"cannot restore {path}: {error}") from error
    engine.dispose()
    upgrade(engine)
    return row_counts(engine)


def _opened_copy(path: Path) -> sqlite3.Connection:
    """For reading, and as it lies there; an archive that was moved away holds what was written last in a file beside it."""
    log = path.with_name(path.name + "-wal")
    whole = "" if log.exists() and log.stat().st_size else "&immutable=1"
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro{whole}", uri=True)


def _check_copy(path: Path) -> None:
    """Raises BackupError for a damaged file or another one than an archive, SchemaError for one of a newer schema."""
    with closing(_opened_copy(path)) as copied:
        try:
            found = copied.execute("PRAGMA integrity_check").fetchone()[0]
        except sqlite3.Error as error:
            raise BackupError(f"{path} is damaged: {error}") from None
        if found != "ok":
            raise BackupError(f"{path} is damaged: {found}")
        try:
            (made,) = copied.execute("SELECT version_num FROM alembic_version").fetchone()
        except (sqlite3.Error, TypeError):
            raise BackupError(f"{path} is no archive of Depesche") from None
    _refuse_newer(path, made)


# A dump of the tables


def _dump(engine: Engine, path: Path) -> dict[str, int]:
    rows: dict[str, int] = {}
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=6) as out, reading(engine) as connection:
        _write(out, {"format": FORMAT, "revision": HEAD})
        for known in Base.metadata.sorted_tables:
            columns = [*known.columns]
            names = {"columns": [each.name for each in columns], "kinds": [_kind(each.type) for each in columns]}
            _write(out, {"table": known.name, **names})
            rows[known.name] = 0
            for row in connection.execution_options(yield_per=_BATCH).execute(select(known)):
                _write(out, [_plain(value) for value in row])
                rows[known.name] += 1
        _write(out, {"rows": rows})
    return rows


def _write(out: Any, line: Any) -> None:
    out.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b85encode(value).decode()
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def _lines(path: Path) -> Iterator[Any]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)
    except (OSError, EOFError, ValueError) as error:
        raise BackupError(f"{path} is damaged or no backup of Depesche: {error}") from None


def _revision_of(path: Path) -> str:
    """The schema of a dump. Raises BackupError if it is none, SchemaError if it is a newer one than ours."""
    first = next(_lines(path), None)
    if not isinstance(first, dict) or first.get("format") != FORMAT:
        raise BackupError(f"{path} is no backup of Depesche")
    _refuse_newer(path, first["revision"])
    return str(first["revision"])


def _refuse_newer(path: Path, made: str) -> None:
    if made not in KNOWN:
        raise SchemaError(
            f"{path} has schema {made}, which this version of Depesche (schema {HEAD}) does not know: it was "
            "written by a newer version. Install that version, or restore a backup from before the upgrade."
        )


def _restore_older(engine: Engine, path: Path, made: str) -> dict[str, int]:
    """By way of an SQLite archive of the dump's own schema, which is migrated as any archive is: it takes room for both."""
    with tempfile.TemporaryDirectory(prefix="depesche-restore-") as folder:
        older = open_engine(f"sqlite:///{folder}/older.sqlite", durable=False)
        try:
            upgrade(older, made)
            with older.begin() as connection:
                _load_rows(connection, path)
            upgrade(older)
            _dump(older, Path(folder) / "newer.jsonl.gz")
        finally:
            older.dispose()
        return restore(engine, Path(folder) / "newer.jsonl.gz")


def _load(connection: Connection, path: Path) -> dict[str, int]:
    _load_rows(connection, path)
    _set_sequences(connection)
    _index_again(connection)
    return _counts(connection)


def _load_rows(connection: Connection, path: Path) -> None:
    loaded: dict[str, int] = {}
    columns: list[ColumnClause[Any]] = []
    into = table("")
    batch: list[dict[str, Any]] = []

    def flush() -> None:
        if batch:
            connection.execute(insert(into), batch)
            loaded[into.name] += len(batch)
            batch.clear()

    for line in _lines(path):
        if isinstance(line, list):
            batch.append({c.name: _rich(c.type, value) for c, value in zip(columns, line, strict=True)})
            if len(batch) >= _BATCH:
                flush()
        elif "table" in line:
            flush()
            columns = [column(name, kind) for name, kind in _kinds_of(line)]
            into = table(line["table"], *columns)
            loaded[into.name] = 0
        elif "rows" in line:
            flush()
            if line["rows"] == loaded:
                return
    raise BackupError(f"{path} is incomplete: it ends too early, or rows are missing")


KINDS: dict[str, type[TypeEngine[Any]]] = {"bytes": LargeBinary, "instant": Instant, "date": Date, "json": JSON}


def _kind(of: TypeEngine[Any]) -> str:
    """What a column's values are in a dump; empty for what JSON knows by itself.

    >>> _kind(LargeBinary()), _kind(Instant()), _kind(Date()), _kind(NullType())
    ('bytes', 'instant', 'date', '')
    """
    return next((name for name, kind in KINDS.items() if isinstance(of, kind)), "")


def _kinds_of(line: dict[str, Any]) -> Iterator[tuple[str, TypeEngine[Any]]]:
    """The columns of a table as the dump tells them, which may be of an older schema. Early dumps name no kinds."""
    known = Base.metadata.tables.get(line["table"])
    for number, name in enumerate(line["columns"]):
        living = None if known is None else known.columns.get(name)
        kind = line["kinds"][number] if "kinds" in line else _kind(NullType() if living is None else living.type)
        # A type of its own, and not the living one: that would fill in defaults, and may have changed since.
        yield name, _JSON if kind == "json" else KINDS.get(kind, NullType)()


def _rich(kind: TypeEngine[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, LargeBinary):
        return base64.b85decode(value)
    if isinstance(kind, Instant):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return value


def _set_sequences(connection: Connection) -> None:
    if connection.dialect.name != "postgresql":
        return
    for known in Base.metadata.sorted_tables:
        if "id" in known.columns:
            connection.execute(
                text(
                    "SELECT setval(pg_get_serial_sequence(:table, 'id'), greatest((SELECT max(id) FROM "
                    f"{known.name}), 1), (SELECT count(*) > 0 FROM {known.name}))"
                ),
                {"table": known.name},
            )


def _index_again(connection: Connection) -> None:
    current = select(VersionRow.id, VersionRow.text).join(ArticleRow, ArticleRow.version_id == VersionRow.id)
    kept = current.where(VersionRow.text.is_not(None)).order_by(VersionRow.id).limit(_BATCH)
    last = 0
    # A few at a time: all texts together are most of the archive.
    while rows := connection.execute(kept.where(VersionRow.id > last)).all():
        for row in rows:
            if row.text is not None:
                search.index(connection, row.id, search.stems(packing.unpack(row.text)))
        last = rows[-1].id


def _verify(path: Path, rows: dict[str, int], *, is_copy: bool) -> None:
    if is_copy:
        _check_copy(path)
        return
    with tempfile.TemporaryDirectory(prefix="depesche-verify-") as folder:
        engine = open_engine(f"sqlite:///{folder}/archive.sqlite", durable=False)
        try:
            if restore(engine, path) != rows:
                raise BackupError(f"{path} did not restore to what was dumped")
        except DBAPIError as error:
            raise BackupError(
                f"the backup cannot be tried out in {tempfile.gettempdir()}: {error.orig}; "
                "set TMPDIR to a folder with room for it unpacked, or leave the trial out (--no-verify)"
            ) from error
        finally:
            engine.dispose()
