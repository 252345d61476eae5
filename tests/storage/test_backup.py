"""A backup is only one if it was restored; schema and migrations say the same; a newer schema is refused."""

from __future__ import annotations

import gzip
import json
import resource
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import archive_matter as matter
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from archive_matter import NOW
from sqlalchemy import Engine, text

import storage
from flows.cli import main
from storage import queries
from storage.archive import Made, opened
from storage.backup import BackupError, backup, restore, row_counts
from storage.checking import CannotTidy, check, vacuum
from storage.engine import HEAD, KNOWN, PAGE_SIZE, SchemaError, open_engine, reading, require_current, revision, upgrade
from storage.tables import Base


def fill(engine: Engine) -> None:
    article = matter.article()
    with opened(engine) as archive:
        kept = archive.keep_article(
            matter.claim_one(archive),
            article,
            Made(
                assessments=[matter.assessment()],
                events=[matter.meeting(article), matter.refusal(article)],
                quotes=[matter.quote(article)],
            ),
            NOW,
            page=matter.page(),
        )
        archive.outbox.queue([matter.alert()], ["desk"], NOW, article_id=kept.article_id)


def test_a_dump_restores_into_either_database_and_answers_the_same(engine: Engine, tmp_path: Path) -> None:
    fill(engine)
    path = tmp_path / "archive.jsonl.gz"
    made = backup(engine, path)
    other = open_engine(f"sqlite:///{tmp_path / 'other.sqlite'}")
    restore(other, path)

    assert made.verified
    assert made.rows["events"] == 2
    assert row_counts(other) == row_counts(engine)
    with reading(engine) as ours, reading(other) as theirs:
        assert queries.article(theirs, 1) == queries.article(ours, 1)
        assert queries.search_articles(theirs, "Garantie") == queries.search_articles(ours, "Garantie") != ()
    other.dispose()


def test_a_dump_goes_into_an_empty_archive_and_the_next_entry_gets_a_new_number(engine: Engine, tmp_path: Path) -> None:
    source = open_engine(f"sqlite:///{tmp_path / 'source.sqlite'}")
    upgrade(source)
    fill(source)
    backup(source, tmp_path / "a.jsonl.gz")
    source.dispose()

    restore(engine, tmp_path / "a.jsonl.gz")
    with opened(engine) as archive:
        assert matter.claim_one(archive, 2).article_id == 2


DUMPS = Path(__file__).parent / "dumps"


@pytest.mark.parametrize("made", sorted(KNOWN))
def test_a_dump_of_every_schema_since_the_first_is_restored_into_either_database(
    engine: Engine, tmp_path: Path, made: str
) -> None:
    """Each is what `fill` and `backup` of that time wrote: for a new schema make one, and keep it for good."""
    path = DUMPS / f"{made}.jsonl.gz"
    assert path.exists(), (
        f"no dump of schema {made}: python -m pytest tests/storage/test_backup.py -k keep_a_dump, then move it"
    )
    rows = restore(engine, path)

    told = json.loads(gzip.decompress(path.read_bytes()).splitlines()[-1])["rows"]
    assert {name: count for name, count in rows.items() if name in told} == told
    assert check(engine) == []
    with reading(engine) as connection:
        article = queries.article(connection, 1)
        assert article is not None
        assert article.headline == "Moskau und NATO wollen in Genf beraten"
        assert [str(stored.event.type) for stored in article.versions[0].events] == ["CONSULT", "REJECT"]
        assert len(queries.search_articles(connection, "Garantie")) == 1
        assert queries.dyad_series(
            connection, "NATO", "RUS", since=NOW.date() - timedelta(days=9), until=NOW.date() + timedelta(days=9)
        )
    with opened(engine) as archive:
        assert matter.claim_one(archive, 2).article_id == 2
    assert backup(engine, tmp_path / "again.jsonl.gz").verified


def test_keep_a_dump_of_this_schema(tmp_path: Path) -> None:
    """Moved to dumps/ when HEAD was new; what is kept there says the same as what is written today."""
    engine = open_engine(f"sqlite:///{tmp_path / 'archive.sqlite'}")
    upgrade(engine)
    fill(engine)
    backup(engine, tmp_path / f"{HEAD}.jsonl.gz")
    engine.dispose()

    written, kept = (gzip.decompress((folder / f"{HEAD}.jsonl.gz").read_bytes()) for folder in (tmp_path, DUMPS))
    assert [line for line in written.splitlines() if b'"table"' in line] == [
        line for line in kept.splitlines() if b'"table"' in line
    ]


def test_a_dump_of_an_older_schema_goes_into_a_database_that_has_none(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'new.sqlite'}")
    assert restore(engine, DUMPS / "0001.jsonl.gz")["events"] == 2
    assert check(engine) == []
    engine.dispose()


def test_a_damaged_dump_of_an_older_schema_leaves_nothing_behind(engine: Engine, tmp_path: Path) -> None:
    lines = gzip.decompress((DUMPS / "0001.jsonl.gz").read_bytes()).splitlines(keepends=True)
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b"".join(lines[:-1])))
    with pytest.raises(BackupError, match="ends too early"):
        restore(engine, tmp_path / "a.jsonl.gz")
    assert not any(row_counts(engine).values())


def test_a_dump_of_a_newer_schema_says_what_to_do(engine: Engine, tmp_path: Path) -> None:
    head = {"format": "depesche-dump-1", "revision": "9999"}
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(json.dumps(head).encode()))
    with pytest.raises(SchemaError, match=r"written by a newer version\. Install that version"):
        restore(engine, tmp_path / "a.jsonl.gz")


def test_an_archive_of_an_older_schema_that_holds_something_is_not_touched(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'old.sqlite'}")
    upgrade(engine, "0001")
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO coders (name) VALUES ('x')"))
    with pytest.raises(BackupError, match="not empty"):
        restore(engine, DUMPS / "0001.jsonl.gz")
    engine.dispose()


def test_a_copy_of_an_sqlite_archive_restores(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'archive.sqlite'}")
    upgrade(engine)
    fill(engine)
    backup(engine, tmp_path / "copy.sqlite")
    other = open_engine(f"sqlite:///{tmp_path / 'other.sqlite'}")
    restore(other, tmp_path / "copy.sqlite")

    assert row_counts(other) == row_counts(engine)
    assert check(other) == []
    assert sorted(p.name for p in tmp_path.iterdir() if "copy" in p.name) == ["copy.sqlite"]
    engine.dispose()
    other.dispose()


@pytest.mark.parametrize("log", ["DELETE", "WAL"])
def test_a_copy_with_pages_of_another_size_restores(tmp_path: Path, log: str) -> None:
    """As one that was made by hand has them: "attempt to write a readonly database", and an empty archive lay there."""
    engine = open_engine(f"sqlite:///{tmp_path / 'archive.sqlite'}")
    upgrade(engine)
    fill(engine)
    backup(engine, tmp_path / "copy.sqlite")
    with closing(sqlite3.connect(tmp_path / "copy.sqlite", isolation_level=None)) as copied:
        copied.execute("PRAGMA journal_mode=DELETE")
        copied.execute("PRAGMA page_size=4096")
        copied.execute("VACUUM")
        copied.execute(f"PRAGMA journal_mode={log}")
        assert copied.execute("PRAGMA page_size").fetchone() == (4096,)
    other = open_engine(f"sqlite:///{tmp_path / 'other.sqlite'}")

    assert restore(other, tmp_path / "copy.sqlite") == row_counts(engine)
    assert check(other) == []
    with other.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    engine.dispose()
    other.dispose()


@pytest.mark.parametrize(
    ("made", "refused", "told"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", SchemaError, "written by a newer version"),
        ("DROP TABLE alembic_version", BackupError, "is no archive of Depesche"),
    ],
)
def test_a_copy_that_cannot_be_used_leaves_nothing_behind(
    tmp_path: Path, made: str, refused: type[Exception], told: str
) -> None:
    """It was refused when it lay in the archive already."""
    engine = open_engine(f"sqlite:///{tmp_path / 'archive.sqlite'}")
    upgrade(engine)
    backup(engine, tmp_path / "copy.sqlite")
    with closing(sqlite3.connect(tmp_path / "copy.sqlite")) as copied, copied:
        copied.execute(made)
    other = open_engine(f"sqlite:///{tmp_path / 'other.sqlite'}")
    with pytest.raises(refused, match=told):
        restore(other, tmp_path / "copy.sqlite")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("other")] == []
    assert revision(other) is None
    engine.dispose()
    other.dispose()


def test_an_archive_that_was_moved_away_is_restored_with_what_was_written_last(tmp_path: Path) -> None:
    """That lies in the log beside it, which was not looked at."""
    engine = open_engine(f"sqlite:///{tmp_path / 'archive.sqlite'}")
    upgrade(engine)
    moved = tmp_path / "moved #1"
    moved.mkdir()
    with engine.connect():  # the last one out would empty the log
        fill(engine)
        for name in ("archive.sqlite", "archive.sqlite-wal", "archive.sqlite-shm"):
            shutil.copy(tmp_path / name, moved / name)
    other = open_engine(f"sqlite:///{tmp_path / 'other.sqlite'}")
    assert restore(other, moved / "archive.sqlite") == row_counts(engine)
    engine.dispose()
    other.dispose()


def test_what_a_killed_backup_left_is_in_nobodys_way(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'archive.sqlite'}")
    upgrade(engine)
    (tmp_path / "copy.sqlite.part").write_bytes(b"half a page" * 1000)
    assert backup(engine, tmp_path / "copy.sqlite").verified
    engine.dispose()


def test_a_place_where_no_backup_can_be_is_said_in_one_line(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BackupError, match="cannot write"):
        backup(engine, tmp_path / "file" / "a.jsonl.gz")
    with pytest.raises(BackupError, match="no such file"):
        restore(engine, tmp_path)


@pytest.mark.parametrize("damage", ["cut off", "not ours", "a row missing"])
def test_a_damaged_backup_is_refused_and_leaves_nothing_behind(tmp_path: Path, damage: str) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'archive.sqlite'}")
    upgrade(engine)
    fill(engine)
    path = tmp_path / "a.jsonl.gz"
    backup(engine, path)
    lines = gzip.decompress(path.read_bytes()).decode().splitlines(keepends=True)
    if damage == "cut off":
        path.write_bytes(path.read_bytes()[:-200])
    elif damage == "not ours":
        path.write_bytes(gzip.compress(b'{"something": "else"}\n'))
    else:
        path.write_bytes(gzip.compress("".join(lines[:-1]).encode()))
    other = open_engine(f"sqlite:///{tmp_path / 'other.sqlite'}")
    upgrade(other)
    with pytest.raises(BackupError):
        restore(other, path)
    assert not any(row_counts(other).values())
    engine.dispose()
    other.dispose()


@pytest.fixture
def little_room() -> Iterator[None]:
    """No file may grow beyond 20 kB, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("copy.sqlite", r"cannot write .*copy\.sqlite: "),
        ("copy.jsonl.gz", "cannot be tried out in .*: .*; set TMPDIR"),
    ],
)
def test_a_backup_without_room_says_where_and_leaves_nothing_behind(
    engine: Engine, tmp_path: Path, request: pytest.FixtureRequest, name: str, told: str
) -> None:
    """A copy was a traceback and left its journal; a dump said that the database is full, of the temporary folder's."""
    if engine.dialect.name != "sqlite":
        pytest.skip("what is written is SQLite's")
    fill(engine)
    before = set(tmp_path.iterdir())
    request.getfixturevalue("little_room")
    with pytest.raises(BackupError, match=told):
        backup(engine, tmp_path / name)
    assert set(tmp_path.iterdir()) == before


def test_restore_does_not_touch_an_archive_that_holds_something(engine: Engine, tmp_path: Path) -> None:
    fill(engine)
    backup(engine, tmp_path / "a.jsonl.gz", verify=False)
    with pytest.raises(BackupError, match="not empty"):
        restore(engine, tmp_path / "a.jsonl.gz")


def test_vacuum_and_check_leave_the_archive_whole(engine: Engine) -> None:
    fill(engine)
    before = row_counts(engine)
    vacuum(engine)
    assert check(engine) == []
    assert row_counts(engine) == before


def test_check_says_of_a_damaged_file_what_it_is_and_what_to_do(tmp_path: Path) -> None:
    """A question of ours met the damage first, and that was told as a database that is away."""
    source = open_engine(f"sqlite:///{tmp_path}/whole.sqlite")
    upgrade(source)
    fill(source)
    backup(source, tmp_path / "copy.sqlite", verify=False)
    with reading(source) as connection:
        page = connection.scalar(text("SELECT rootpage FROM sqlite_master WHERE name = 'events'")) or 0
    source.dispose()
    whole = bytearray((tmp_path / "copy.sqlite").read_bytes())
    whole[(page - 1) * PAGE_SIZE : page * PAGE_SIZE] = bytes(PAGE_SIZE)
    (tmp_path / "damaged.sqlite").write_bytes(whole)

    engine = open_engine(f"sqlite:///{tmp_path}/damaged.sqlite")
    *found, advice = check(engine)
    engine.dispose()
    assert found
    assert all(line.startswith("the file is damaged: ") for line in found)
    assert advice == "restore a backup: docs/operate.md"


def test_an_archive_that_others_write_to_is_not_tidied_and_that_is_said(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/archive.sqlite", busy_seconds=0)
    upgrade(engine)
    with engine.begin(), pytest.raises(CannotTidy, match="cannot be tidied now: database is locked; stop the flows"):
        vacuum(engine)
    engine.dispose()


def test_check_sees_an_entry_that_nobody_would_ever_read(engine: Engine) -> None:
    with opened(engine) as archive:
        archive.add_window(matter.FEED, [matter.sighting(1)], NOW)
        archive.connection.execute(text("UPDATE articles SET due_at = NULL"))
    assert check(engine) == ["1 pending articles are not due, so that nobody will read them"]


def test_an_alert_that_no_channel_takes_is_no_fault_of_the_archive(engine: Engine) -> None:
    with opened(engine) as archive:
        assert archive.outbox.queue([matter.alert(1)], [], NOW) == 1
    assert check(engine) == []


def test_models_and_migrations_make_the_same_schema(engine: Engine) -> None:
    ours = set(Base.metadata.tables)

    def include(_: object, name: str | None, kind: str, __: bool, ___: object) -> bool:
        return kind != "table" or name in ours

    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_object": include, "compare_type": True, "compare_server_default": False}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_upgrading_again_changes_nothing(engine: Engine) -> None:
    fill(engine)
    before = row_counts(engine)
    upgrade(engine)
    require_current(engine)
    assert row_counts(engine) == before


def test_a_newer_schema_is_refused_with_advice(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaError, match=r"newer version\. Install that version"):
        upgrade(engine)


def test_an_empty_database_says_what_to_do(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'new.sqlite'}")
    with pytest.raises(SchemaError, match="depesche db upgrade"):
        require_current(engine)
    engine.dispose()


def test_who_only_reads_makes_no_archive(tmp_path: Path) -> None:
    """Called in another folder than the flows', a relative address leads nowhere; an empty archive there would be taken for ours."""
    engine = open_engine(f"sqlite:///{tmp_path}/var/new.sqlite")
    with pytest.raises(SchemaError, match=r"there is no archive at .*new\.sqlite: 'depesche db upgrade' makes one"):
        require_current(engine)
    engine.dispose()
    assert list(tmp_path.iterdir()) == []


def test_the_command_goes_the_whole_way(
    url: str, engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(engine)
    dump = str(tmp_path / "a.jsonl.gz")
    other = f"sqlite:///{tmp_path / 'other.sqlite'}"
    for database, words in (
        (url, ["upgrade"]),
        (url, ["check"]),
        (url, ["backup", dump]),
        (other, ["restore", dump]),
        (other, ["check"]),
        (other, ["vacuum"]),
    ):
        assert main(["db", "--database", database, *words]) == 0
    assert "restored and compared" in capsys.readouterr().out
    assert main(["db", "--database", other, "restore", dump]) == 2
    assert "not empty" in capsys.readouterr().err


def test_an_unusable_address_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["db", "--database", "mysql://x/y", "check"]) == 2
    assert "SQLite or PostgreSQL" in capsys.readouterr().err


def test_the_newest_migration_is_the_one_we_say() -> None:
    scripts = ScriptDirectory(str(Path(storage.__file__).parent / "migrations"))
    assert scripts.get_current_head() == HEAD
    assert {script.revision for script in scripts.walk_revisions()} == KNOWN
