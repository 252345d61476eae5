"""An archive of any schema since the first is brought up to date; what its readers were granted and made of it stays."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from archive_matter import NOW
from databases import administer, beside
from sqlalchemy import Engine, inspect, select, text

import storage.tables
from extractors.ontology import SYMMETRIC
from flows import cli
from storage import pairs, queries, search, views
from storage.archive import opened
from storage.checking import check
from storage.engine import HEAD, KNOWN, SchemaError, open_engine, reading, revision, upgrade

OLD = (
    "INSERT INTO coders (id, name) VALUES (1, 'old')",
    (
        "INSERT INTO articles (id, key, url, first_seen, outcome, text_digest, version_id)"
        " VALUES (1, {key}, 'u', {at}, 'stored', {key}, 1)"
    ),
    (
        "INSERT INTO versions (id, article_id, number, key, headline, fetched_at, kept_at, length, text_digest)"
        " VALUES (1, 1, 1, {key}, 'h', {at}, {at}, 1, {key})"
    ),
    (
        'INSERT INTO events (id, uid, version_id, article_id, type, status, day, start, "end", quote, rule, confidence, score,'
        " known_from) VALUES (1, 'e', 1, 1, 'REJECT', 'past', '2031-03-04', 0, 1, 'q', 'r', 0.9, -2.0, {at})"
    ),
    "INSERT INTO event_actors (event_id, role, n, code) VALUES (1, 'actor', 0, 'RUS'), (1, 'recipient', 0, 'NATO')",
    (
        "INSERT INTO acts (id, uid, type, parties, created_at, updated_at, detail)"
        " VALUES (1, 'act_1', 'REJECT', 'NATO RUS', {at}, {at}, '{{\"id\": \"act_1\"}}')"
    ),
    "INSERT INTO alerts (id, key, alert, created_at, acknowledged_at) VALUES (1, 'k', '{{}}', {at}, {text})",
    "INSERT INTO pages (digest, url, size, body, fetched_at, failed) VALUES ({key}, 'u', 1, {key}, {at}, true)",
    "INSERT INTO deliveries (alert_id, channel, state, queued_at, next_at) VALUES (1, 'c', 'delivered', {at}, {at})",
)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An archive as the first release left it."""
    if request.param == "sqlite":
        engine = open_engine(f"sqlite:///{tmp_path / 'old.sqlite'}", durable=False)
        values = {"at": "1930383000000000", "key": "x'00'", "text": "'2031-03-04 09:30:00.000000'"}
    else:
        server = request.getfixturevalue("postgres_url")
        administer(server, "DROP DATABASE IF EXISTS old", "CREATE DATABASE old")
        engine = open_engine(beside(server, "old"))
        at = "'2031-03-04 09:30:00+00'"
        values = {"at": at, "key": r"'\x00'", "text": at}
    upgrade(engine, "0001")
    with engine.begin() as connection:
        for statement in OLD:
            connection.exec_driver_sql(statement.format(**values))
    yield engine
    engine.dispose()


def test_an_archive_of_the_first_schema_is_brought_up_to_date(old: Engine) -> None:
    assert upgrade(old) == HEAD
    assert told(old, "SELECT one, other, way FROM pairs") == [("NATO", "RUS", pairs.BACK)]
    assert told(old, "SELECT actor, recipient FROM v_dyads") == [("RUS", "NATO")]
    assert check(old) == []
    assert told(old, "SELECT article_id FROM pages") == [(1,)], "what could not be read is found when it can"
    with opened(old) as archive:
        assert archive.connection.scalar(select(storage.tables.AlertRow.acknowledged_at)) == NOW
    with reading(old) as connection:
        act = queries.act(connection, "act_1")
        series = queries.dyad_series(
            connection, "RUS", "NATO", since=date(2031, 3, 4), until=date(2031, 3, 4), directed=True
        )
    assert act is not None
    assert act.detail == {"id": "act_1"}
    assert [(point.acts, point.plover) for point in series] == [(1, -2.0)]


def test_an_archive_that_was_upgraded_step_by_step_has_the_views_of_a_new_one(old: Engine) -> None:
    """Fails where a row of `views.VIEWS` is made by no migration: the archive would keep the view that it has."""
    for made in sorted(KNOWN):
        upgrade(old, made)
    upgraded = definitions(old)
    with old.begin() as connection:
        for name in upgraded:
            connection.execute(text(f"DROP VIEW {name}"))
        views.create(connection, HEAD)
    assert upgraded == definitions(old)
    assert sorted(upgraded) == sorted(views.at(HEAD))


def test_steps_are_found_by_their_event_in_an_archive_that_was_upgraded(old: Engine) -> None:
    """An act's page and every list with announced meetings read all steps that there ever were."""
    asks = "EXPLAIN QUERY PLAN" if old.dialect.name == "sqlite" else "EXPLAIN"

    def read_whole() -> list[str]:
        steps = ("meeting_changes", "demand_changes")
        with reading(old) as connection:
            if old.dialect.name == "postgresql":  # which reads few rows whole, whatever index there is
                connection.execute(text("SET LOCAL enable_seqscan = off"))
            plans = {
                name: str(connection.execute(text(f"{asks} SELECT id FROM {name} WHERE event_uid = 'e'")).all())
                for name in steps
            }
        return [name for name in steps if f"ix_{name}_event_uid" not in plans[name]]

    upgrade(old, "0007")
    assert read_whole() == ["meeting_changes", "demand_changes"]
    upgrade(old)
    assert read_whole() == []


def test_the_parties_of_every_event_stand_beside_it_in_an_archive_that_was_upgraded(old: Engine) -> None:
    more = "INSERT INTO event_actors (event_id, role, n, code) VALUES"
    with old.begin() as connection:
        connection.exec_driver_sql(f"{more} (1, 'actor', 1, 'BLR'), (1, 'actor', 2, 'RUS'), (1, 'speaker', 0, 'UKR')")
    upgrade(old)
    assert told(old, "SELECT sides, speaker FROM events") == [("aBLR aRUS rNATO", "UKR")]


@pytest.mark.parametrize(
    ("before_it", "made", "unread"),
    [
        ("0006", "0007", {"versions": "page_id", "pages": "failed", "samples": "put_at"}),
        ("0009", "0010", {"articles": "teaser"}),
    ],
)
def test_columns_that_nobody_reads_go_and_nothing_else(
    old: Engine, before_it: str, made: str, unread: dict[str, str]
) -> None:
    upgrade(old, "0006")
    with old.begin() as connection:
        page = "UPDATE versions SET page_id = 1"
        sample = (
            "INSERT INTO samples (week, dossier, article_id, put_at)"
            " SELECT '2031-W10', 'd', id, first_seen FROM articles"
        )
        for statement in (page, sample):
            connection.exec_driver_sql(statement)
    upgrade(old, before_it)
    before = everything(old)
    assert {name for name, column in unread.items() if column in before[name][0]} == set(unread)
    upgrade(old, made)
    after = everything(old)
    for name, column in unread.items():
        before[name] = [{key: value for key, value in row.items() if key != column} for row in before[name]]
    del before["alembic_version"], after["alembic_version"]
    assert after == before


def everything(engine: Engine) -> dict[str, list[dict[str, object]]]:
    """The rows of all tables, those of the index as well."""
    with reading(engine) as connection:
        return {
            name: [dict(row) for row in connection.exec_driver_sql(f"SELECT * FROM {name}").mappings()]
            for name in inspect(connection).get_table_names()
        }


def definitions(engine: Engine) -> dict[str, str]:
    """The views of an archive as the database has understood them."""
    asked = "SELECT viewname, definition FROM pg_views WHERE schemaname = 'public'"
    if engine.dialect.name == "sqlite":
        asked = "SELECT name, sql FROM sqlite_master WHERE type = 'view'"
    with reading(engine) as connection:
        return {row[0]: row[1] for row in connection.execute(text(asked))}


MADE = {"0001": "18e69390ff0b", "0004": "5f4bdeac4e4a", "0005": "3294c0bdd765"}


def test_what_a_migration_made_is_never_written_otherwise() -> None:
    """An archive keeps its views and its index: who changes a view adds a row for his schema, and here its digest."""
    texts: dict[str, list[str]] = {view.since: [] for view in views.VIEWS}
    for dialect in ("sqlite", "postgresql"):
        texts["0001"] += search._TABLES[dialect]
        for view in views.VIEWS:
            texts[view.since] += [view.name, views.written(view, dialect)]
    digests = {since: hashlib.sha256(" ".join("\n".join(each).split()).encode()) for since, each in texts.items()}
    assert {since: digest.hexdigest()[:12] for since, digest in digests.items()} == MADE


def test_the_view_of_dyads_pairs_those_who_act_together_where_the_codebook_has_equals() -> None:
    (equals,) = re.findall(r"events\.type IN \(([^)]+)\)", views.at(HEAD)["v_dyads"].query)
    assert set(equals.split(", ")) == {f"'{kind}'" for kind in SYMMETRIC}


def told(engine: Engine, question: str, *, as_role: str = "") -> list[tuple[object, ...]]:
    with reading(engine) as connection:
        if as_role:
            connection.execute(text(f"SET LOCAL ROLE {as_role}"))
        return [tuple(row) for row in connection.execute(text(question))]


@pytest.fixture
def analyst(postgres_url: str) -> Iterator[str]:
    """A role that may read what there is; it goes when its database is gone."""
    administer(postgres_url, "CREATE ROLE analyst")
    yield "analyst"
    administer(postgres_url, "DROP DATABASE IF EXISTS old WITH (FORCE)", "DROP ROLE analyst")


@pytest.mark.parametrize("old", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
@pytest.mark.parametrize("made", ["0001", "0002", "0003", "0004", "0006"])
def test_whoever_might_read_may_read_after_an_upgrade(analyst: str, old: Engine, made: str) -> None:
    """Views and tables that are made anew keep their grants, and an analyst's own views go on. SQLite knows no roles."""
    upgrade(old, made)
    with old.begin() as connection:
        connection.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {analyst}"))
        connection.execute(text("CREATE VIEW ours AS SELECT actor, count(*) AS n FROM v_dyads GROUP BY actor"))
        granted = set(connection.scalars(text(GRANTED), {"role": analyst}))
    assert {"v_dyads", "events"} <= granted
    assert ("pairs" in granted) is (made != "0001")
    upgrade(old)
    with reading(old) as connection:
        assert granted - set(connection.scalars(text(GRANTED), {"role": analyst})) == set()
    assert told(old, "SELECT actor, recipient FROM v_dyads", as_role=analyst) == [("RUS", "NATO")]
    assert told(old, "SELECT actor, n FROM ours") == [("RUS", 1)]


GRANTED = (
    "SELECT table_name FROM information_schema.role_table_grants WHERE grantee = :role AND privilege_type = 'SELECT'"
)


@pytest.mark.parametrize("words", [["alerts", "list"], ["review"], ["dossier", "review"], ["dossier", "refit"]])
def test_a_question_begins_no_upgrade(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who installs a new version and looks round with it before he has backed up finds the archive as it was."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DEPESCHE_DATABASE", f"sqlite:///{tmp_path}/var/archive.sqlite")
    assert cli.main(words) == cli.USAGE
    assert "there is no archive at" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []

    older = open_engine(f"sqlite:///{tmp_path}/var/archive.sqlite")
    upgrade(older, "0002")
    assert cli.main(words) == cli.USAGE
    assert "the archive has schema 0002" in capsys.readouterr().err
    assert revision(older) == "0002"
    older.dispose()


def test_a_worker_that_began_before_an_upgrade_writes_nothing_after_it(engine: Engine, monkeypatch) -> None:
    """What it wrote fitted into the newer schema and left out what that keeps beside it: 28 of 106 events were in no matrix."""
    with opened(engine) as archive:
        archive.notes.put("before", "1", NOW)
    with engine.begin() as connection:  # as a newer version does
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaError, match="written by a newer version"), opened(engine) as archive:
        archive.notes.put("after", "1", NOW)
    assert told(engine, "SELECT name FROM notes") == [("before",)]

    monkeypatch.setattr("storage.engine.HEAD", "9999")
    monkeypatch.setattr("storage.engine.KNOWN", KNOWN | {"9999"})
    with opened(engine) as archive:
        archive.notes.put("after", "1", NOW)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0009'")
    with pytest.raises(SchemaError, match="has schema 0009, this version needs 9999: run"), opened(engine):
        pass


@pytest.mark.postgres
def test_an_upgrade_waits_for_what_is_being_written_and_a_writer_for_an_upgrade(old: Engine) -> None:
    """Who looked at the schema before an upgrade and wrote after it would have looked in vain."""
    if old.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer")
    upgrade(old)
    free = "SELECT pg_try_advisory_lock(4373367), pg_advisory_unlock_all()"
    with opened(old) as archive:
        archive.notes.put("before", "1", NOW)
        with old.connect() as other:
            assert not other.exec_driver_sql(free).one()[0]
    with old.connect() as other:
        assert other.exec_driver_sql(free).one()[0]
