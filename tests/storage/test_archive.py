"""An entry's way through the archive: announced, claimed, ended; nothing lost, nothing twice."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import archive_matter as matter
import psycopg
import pytest
from archive_matter import FEED, LEASE, MINUTE, NOW, sighting
from databases import administer, beside
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError, ProgrammingError, TimeoutError

from extractors.model import Article, Grade, PartKind
from flows import cli
from storage import coding, queries
from storage.archive import Archive, Claimed, Made, Rejected, opened
from storage.engine import SchemaError, is_fault, normalised, open_engine, reading, upgrade
from storage.polling import Validators
from storage.tables import AliasRow, ArticleRow, Base
from storage.versions import MOST_TEXTS


def contents(engine: Engine) -> Mapping[str, list[Any]]:
    with engine.connect() as connection:
        found = {name: connection.execute(select(table)).all() for name, table in Base.metadata.tables.items()}
    return {name: sorted(map(repr, rows)) for name, rows in found.items()}


def keep(archive: Archive, claimed: Any, article: Any = None, made: Made | None = None, **more: Any) -> Any:
    first, article = article is None, article or matter.article()
    usual = Made(
        assessments=[matter.assessment()],
        events=[matter.meeting(article), matter.refusal(article)] if first else [matter.refusal(article)],
        quotes=[matter.quote(article)],
    )
    return archive.keep_article(claimed, article, made or usual, NOW, page=matter.page(), **more)


def test_a_window_and_its_validators_are_stored_together_or_not_at_all(engine: Engine) -> None:
    def killed() -> None:
        with opened(engine) as archive:
            archive.add_window(FEED, [sighting(1)], NOW, validators=Validators(etag='"7"'))
            raise InterruptedError

    with pytest.raises(InterruptedError):
        killed()
    with opened(engine) as archive:
        assert archive.feeds.state(FEED).etag is None
        assert archive.seen(["haus.example/meldung-1"]) == {}

        archive.add_window(FEED, [sighting(1)], NOW, validators=Validators(etag='"7"'))
        assert archive.feeds.state(FEED).etag == '"7"'
        assert archive.seen(["haus.example/meldung-1"])["haus.example/meldung-1"].outcome == "pending"


def test_a_window_accounts_for_every_entry(engine: Engine) -> None:
    with opened(engine) as archive:
        archive.add_window(FEED, [sighting(1)], NOW)
        window = archive.add_window(
            FEED, [sighting(1), sighting(2), sighting(2), sighting(3, drop="too old")], NOW + MINUTE
        )

    assert (window.entries, window.new) == (4, 2)
    assert window.dropped == {"too old": 1}
    assert not window.rolled_over


def test_what_was_seen_before_a_window_holds_for_that_window_alone(engine: Engine) -> None:
    """It is looked up once, to decide and to add; the window itself makes known what was unknown."""
    with opened(engine) as archive:
        archive.wait_for_windows()
        assert archive.seen(sighting(n).stem for n in (1, 2)) == {}
        first = archive.add_window(FEED, [sighting(1)], NOW)
        second = archive.add_window(FEED, [sighting(1), sighting(2)], NOW + MINUTE)
        assert len(archive.seen(sighting(n).stem for n in (1, 2))) == 2
        third = archive.add_window(FEED, [sighting(1), sighting(2), sighting(3)], NOW + 2 * MINUTE)
    assert [window.new for window in (first, second, third)] == [1, 1, 1]


def test_a_feed_that_shows_only_unknown_entries_may_have_rolled_over(engine: Engine) -> None:
    with opened(engine) as archive:
        assert not archive.add_window(FEED, [sighting(1)], NOW).rolled_over
        assert archive.add_window(FEED, [sighting(8), sighting(9)], NOW + MINUTE).rolled_over


def test_an_entry_in_several_feeds_is_one_article(engine: Engine) -> None:
    with opened(engine) as archive:
        archive.add_window(FEED, [sighting(1)], NOW)
        window = archive.add_window("https://feed.example/2", [sighting(1, feed="https://feed.example/2")], NOW)
        assert window.new == 0
        assert len(archive.claim_entries("w", 9, NOW, lease=LEASE)) == 1


def test_guids_are_remembered_and_are_not_the_identity(engine: Engine) -> None:
    with opened(engine) as archive:
        archive.add_window(FEED, [sighting(1, guid="a"), sighting(2, guid="a")], NOW)
        archive.add_window(FEED, [sighting(1, guid="b")], NOW)

        assert len(matter.under_guid(archive, "a")) == 2
        assert matter.under_guid(archive, "b") == matter.under_guid(archive, "a")[:1]


def test_a_feed_that_makes_up_guids_at_each_poll_does_not_fill_the_archive(engine: Engine) -> None:
    """Fifty entries in a feed of that kind were seven thousand names a day."""
    with opened(engine) as archive:
        for poll in range(20):
            archive.add_window(FEED, [sighting(n, guid=f"{n}-{poll}") for n in range(50)], NOW + poll * MINUTE)
        archive.add_window(FEED, [sighting(n, guid=f"{n}-{int(n == 1)}") for n in range(50)], NOW)
        names = archive.connection.scalars(select(AliasRow.digest).where(AliasRow.kind == "guid")).all()
        assert len(names) == 50 + 1, "at first, and of one that is renamed"
        assert matter.under_guid(archive, "1-1") == matter.under_guid(archive, "1-0")


def test_a_redirected_stem_is_known_as_the_article_it_led_to(engine: Engine) -> None:
    with opened(engine) as archive:
        claimed = matter.claim_one(archive)
        archive.add_alias(claimed.article_id, "stem", "haus.example/alt", NOW)
        assert archive.seen(["haus.example/alt"])["haus.example/alt"].article_id == claimed.article_id


def test_the_first_time_that_a_feed_states_is_when_an_entry_appeared(engine: Engine) -> None:
    def published(archive: Archive) -> list[datetime | None]:
        return list(archive.connection.scalars(select(ArticleRow.published_at).order_by(ArticleRow.id)))

    with opened(engine) as archive:
        changed = replace(sighting(1), entry=replace(sighting(1).entry, published_at=None, updated_at=NOW))
        silent = replace(sighting(2), entry=replace(sighting(2).entry, published_at=None))
        archive.add_window(FEED, [changed, silent], NOW)
        assert published(archive) == [NOW, None]
        archive.add_window("https://haus.example/andere.xml", [sighting(1), sighting(2)], NOW + LEASE)
        assert published(archive) == [NOW, sighting(2).entry.published_at]


def test_two_workers_never_claim_the_same_entry(engine: Engine) -> None:
    with opened(engine) as archive:
        archive.add_window(FEED, [sighting(n) for n in range(6)], NOW)
        first = archive.claim_entries("a", 4, NOW, lease=LEASE)
        second = archive.claim_entries("b", 4, NOW, lease=LEASE)

    assert (len(first), len(second)) == (4, 2)
    assert not {c.article_id for c in first} & {c.article_id for c in second}


def test_each_house_has_its_turn(engine: Engine) -> None:
    """Fifty pages of one host take minutes, and a house that has one must not wait for them."""
    with opened(engine) as archive:
        archive.add_window(FEED, [sighting(n) for n in range(6)], NOW)
        archive.add_window(FEED, [replace(sighting(8), publisher="anderes")], NOW + MINUTE)
        claimed = archive.claim_entries("a", 3, NOW + MINUTE, lease=LEASE)
        rest = archive.claim_entries("b", 9, NOW + MINUTE, lease=LEASE)

    assert sorted(one.publisher for one in claimed) == ["anderes", "haus", "haus"]
    assert len(rest) == 4


def test_a_worker_finds_what_another_does_not_hold_just_now(engine: Engine) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    with opened(engine) as archive:
        archive.add_window(FEED, [sighting(n) for n in range(6)], NOW)
    with opened(engine) as one, opened(engine) as other:
        first = one.claim_entries("a", 2, NOW, lease=LEASE)
        second = other.claim_entries("b", 2, NOW, lease=LEASE)

    assert len({claimed.article_id for claimed in (*first, *second)}) == 4


def test_a_lease_that_ran_out_frees_the_entry_and_the_late_worker_changes_nothing(engine: Engine) -> None:
    with opened(engine) as archive:
        late = matter.claim_one(archive, worker="a")
        (again,) = archive.claim_entries("a", 9, NOW + LEASE, lease=LEASE)
        assert keep(archive, late).outcome == "lost"
        assert not archive.drop_entry(late, "whatever", NOW)
        assert not archive.postpone_entry(late, "whatever", NOW)
        assert keep(archive, again).outcome == "stored"
    assert again.attempts == 2


def test_an_article_comes_with_everything_made_of_it(engine: Engine) -> None:
    with opened(engine) as archive:
        kept = keep(archive, matter.claim_one(archive))

    assert (kept.outcome, kept.version, kept.events) == ("stored", 1, 2)


def test_what_a_transaction_knew_of_coders_ends_with_it(engine: Engine) -> None:
    with engine.connect() as connection, connection.begin() as transaction:
        lost = coding.coder_id(connection, "1+lost")
        assert coding.coder_id(connection, "1+lost") == lost
        transaction.rollback()
    with opened(engine) as archive:
        coding.meet_coders(archive.connection, ["1+other", "1+lost", ""])
        other, again = (coding.coder_id(archive.connection, name) for name in ("1+other", "1+lost"))
    with opened(engine) as archive:
        coding.meet_coders(archive.connection, ["1+other", "1+lost"])
        assert [coding.coder_id(archive.connection, name) for name in ("1+other", "1+lost", "")] == [other, again, None]
        names = {row.id: row.name for row in archive.connection.execute(text("SELECT id, name FROM coders"))}
    assert (names[other], names[again]) == ("1+other", "1+lost")


def test_an_endless_word_keeps_no_article_out(engine: Engine) -> None:
    """PostgreSQL indexes nothing of more than 2,704 bytes; as it does not shrink, it must look like noise."""
    noise = "".join(hashlib.sha256(bytes([n])).hexdigest() for n in range(60)).translate(
        str.maketrans("0123456789", "ghijklmnop")
    )
    read = matter.article(said=f"In Genf stand {noise} auf der Seite.")
    with opened(engine) as archive:
        kept = archive.keep_article(matter.claim_one(archive), read, Made(assessments=[matter.assessment()]), NOW)
        found = queries.search_articles(archive.connection, "Genf")
        assert queries.search_articles(archive.connection, noise) == ()
    assert (kept.outcome, len(found)) == ("stored", 1)


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (OperationalError("BEGIN", {}, sqlite3.OperationalError("database or disk is full")), True),
        (DatabaseError("SELECT", {}, sqlite3.DatabaseError("file is not a database")), True),
        (TimeoutError("all connections are in use"), True),
        (OperationalError("INSERT", {}, psycopg.errors.ProgramLimitExceeded("index row size")), False),
        (ProgrammingError("UPDATE", {}, psycopg.errors.InsufficientPrivilege("permission denied")), True),
        (ProgrammingError("UPDATE", {}, psycopg.errors.UndefinedColumn("a rule of ours")), False),
        (IntegrityError("INSERT", {}, sqlite3.IntegrityError("NOT NULL")), False),
        (ValueError("a rule of ours"), False),
    ],
)
def test_what_the_database_cannot_hold_is_no_fault_of_the_database(error: Exception, fault: bool) -> None:
    assert is_fault(error) is fault


@pytest.mark.postgres
@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_cannot_hold_what_newspapers_write_is_refused_at_once(postgres_url: str, encoding: str) -> None:
    """A cluster made in a C locale is SQL_ASCII: a traceback about bytes. In Latin-1 each article was broken by its first „."""
    made = f"CREATE DATABASE other ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0"
    administer(postgres_url, "DROP DATABASE IF EXISTS other", made)
    engine = open_engine(beside(postgres_url, "other"))
    with pytest.raises(SchemaError, match=f"other is in {encoding}, .* ENCODING 'UTF8'"):
        upgrade(engine)
    engine.dispose()


@pytest.mark.postgres
def test_a_connection_that_nobody_answers_ends_soon_and_the_address_may_say_when(postgres_url: str) -> None:
    """What a firewall had forgotten held a worker for two hours, as long as an operating system waits."""
    address = normalised(postgres_url).update_query_dict({"keepalives_idle": "20"})
    told = []
    for url in (postgres_url, address.render_as_string(hide_password=False)):
        engine = open_engine(url)
        with engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            told.append(driver.info.get_parameters())
        engine.dispose()
    ours, theirs = told
    assert int(ours["keepalives_idle"]) + int(ours["keepalives_interval"]) * int(ours["keepalives_count"]) == 90
    assert (ours["tcp_user_timeout"], theirs["keepalives_idle"], theirs["keepalives_count"]) == ("90000", "20", "3")


@pytest.mark.postgres
def test_a_database_in_which_we_may_make_no_tables_is_said_in_one_line(postgres_url: str, capsys: Any) -> None:
    gone = ("DROP DATABASE IF EXISTS theirs", "DROP ROLE IF EXISTS guest")
    administer(postgres_url, *gone, "CREATE ROLE guest LOGIN", "CREATE DATABASE theirs")
    address = normalised(beside(postgres_url, "theirs")).set(username="guest")
    assert cli.main(["db", "--database", address.render_as_string(hide_password=False), "upgrade"]) == cli.USAGE
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("depesche: the database postgresql+psycopg://guest:***@/theirs?")
    assert line.endswith(" cannot be reached or used: permission denied for schema public")


def test_what_was_kept_unread_is_made_due_once_and_nothing_that_was_read(engine: Engine) -> None:
    led = replace(matter.page(1, b"leer"), url="https://anderswo.example/woanders.html")
    with opened(engine) as archive:
        archive.drop_entry(matter.claim_one(archive, 1), "video page", NOW, page=led)
        archive.drop_entry(matter.claim_one(archive, 2), "robots.txt", NOW, fetched=False)
        keep(archive, matter.claim_one(archive, 3))
        assert archive.upkeep.unread(NOW + MINUTE) == ()
        (unread,) = archive.upkeep.unread(NOW)
        assert (unread.reason, unread.url) == ("video page", matter.page(1).url)
        kept = archive.kept_page(unread.article_id)
        assert kept is not None
        assert (kept.body, kept.url) == (b"leer", led.url)

        assert archive.upkeep.reopen_one(unread, NOW, reason="again")
        assert not archive.upkeep.reopen_one(unread, NOW, reason="again")
        assert archive.upkeep.reopen(["robots%"], NOW, NOW, reason="again") == 0
        assert archive.upkeep.unread(NOW) == ()
        (claimed,) = archive.claim_entries("w", 9, NOW, lease=LEASE)
        assert (claimed.why, claimed.article_id) == ("again", unread.article_id)
        archive.drop_entry(claimed, "video page", NOW, page=led)
        assert archive.upkeep.reopen([], NOW, NOW, reason="again") == 1


def test_keeping_twice_changes_nothing(engine: Engine) -> None:
    with opened(engine) as archive:
        claimed = matter.claim_one(archive)
        keep(archive, claimed)
    before = contents(engine)
    with opened(engine) as archive:
        assert keep(archive, claimed).outcome == "lost"
    assert contents(engine) == before


def test_the_same_text_again_is_unchanged(engine: Engine) -> None:
    with opened(engine) as archive:
        keep(archive, matter.claim_one(archive), recheck_at=NOW + MINUTE)
        (again,) = archive.claim_entries("w", 9, NOW + MINUTE, lease=LEASE)
        kept = keep(archive, again)

        assert kept.outcome == "unchanged"
        assert archive.connection.scalar(select(ArticleRow.outcome)) == "stored"


def test_a_revision_is_a_second_version_and_ends_what_the_first_said(engine: Engine) -> None:
    revised = matter.article(said="Moskau sagte die Beratung am 12. März ab.")
    with opened(engine) as archive:
        keep(archive, matter.claim_one(archive), recheck_at=NOW + MINUTE)
        (again,) = archive.claim_entries("w", 9, NOW + MINUTE, lease=LEASE)
        kept = keep(archive, again, revised)
        states = archive.connection.execute(text("SELECT type, ended_by FROM events ORDER BY id")).all()

    assert (kept.outcome, kept.version) == ("stored", 2)
    assert [tuple(row) for row in states] == [("CONSULT", "version"), ("REJECT", "version"), ("REJECT", None)]


def test_going_back_to_an_earlier_text_revives_that_version(engine: Engine) -> None:
    other = matter.article(said="Etwas ganz anderes.")
    with opened(engine) as archive:
        first = keep(archive, matter.claim_one(archive), recheck_at=NOW + MINUTE)
        for n, text_now in enumerate((other, matter.article()), start=1):
            (again,) = archive.claim_entries("w", 9, NOW + n * MINUTE, lease=LEASE)
            last = keep(archive, again, text_now, recheck_at=NOW + (n + 1) * MINUTE)
        told = queries.article(archive.connection, first.article_id)

    assert last.version_id == first.version_id
    assert told.current is not None
    assert told.current.number == 1
    # Each version says what was last read in it, and not what was read before as well.
    assert [[str(each.event.type) for each in version.events] for version in told.versions] == [["REJECT"], ["REJECT"]]
    assert [each.known_to is None for version in told.versions for each in version.events] == [True, False]
    with reading(engine) as connection:
        assert [line.versions for line in queries.articles(connection)] == [2]


def test_a_cache_that_goes_back_to_old_texts_brings_no_more_of_them_than_are_kept(engine: Engine) -> None:
    texts = [matter.article(said=f"Meldung {n} des Tickers.") for n in range(MOST_TEXTS + 5)]
    with opened(engine) as archive:
        claimed = matter.claim_one(archive)
        for n, told in enumerate([*texts, *texts[3:12]]):
            now = NOW + n * MINUTE
            made = Made(assessments=[matter.assessment()])
            archive.keep_article(claimed, told, made, now, recheck_at=now + MINUTE)
            (claimed,) = archive.claim_entries("w", 9, now + MINUTE, lease=LEASE)
        kept = archive.connection.scalars(text("SELECT number FROM versions WHERE text IS NOT NULL")).all()
    assert len(kept) == MOST_TEXTS
    assert {1, 12} < set(kept), "the first, and what the publisher has now"


def test_an_irrelevant_article_leaves_no_text(engine: Engine) -> None:
    with opened(engine) as archive:
        kept = keep(archive, matter.claim_one(archive), made=Made(assessments=[matter.assessment(Grade.NOT)]))
        assert archive.connection.scalar(text("SELECT count(*) FROM versions")) == 0
        row = archive.connection.execute(select(ArticleRow.__table__)).one()
    assert (kept.outcome, row.version_id, row.grade) == ("stored", None, 0)
    assert row.text_digest is not None


@pytest.mark.parametrize("together", [False, True])
def test_a_revision_that_is_beside_the_matter_ends_what_the_article_said(engine: Engine, together: bool) -> None:
    """What a publisher took out of an article is not believed any longer because nothing else of it matters."""
    retracted = matter.article(said="Die Meldung wurde zurückgezogen.")
    beside = matter.assessment(Grade.NOT)
    with opened(engine) as archive:
        keep(archive, matter.claim_one(archive), recheck_at=NOW + MINUTE)
        (again,) = archive.claim_entries("w", 9, NOW + MINUTE, lease=LEASE)
        if together:
            assert (
                archive.keep_rejected([Rejected(claimed=again, article=retracted, at=NOW, assessments=(beside,))]) == {}
            )
        kept = keep(archive, again, retracted, Made(assessments=[beside]))
        believed = queries.events(archive.connection)
        told = queries.article(archive.connection, kept.article_id)

    assert (kept.outcome, kept.version, believed) == ("stored", 2, ())
    assert [len(version.events) for version in told.versions] == [2, 0]
    assert told.current is not None
    assert told.current.article == retracted


@pytest.mark.parametrize("ending", ["drop", "fail", "keep", "leave"])
def test_every_entry_ends_in_one_outcome_and_is_not_due_again(engine: Engine, ending: str) -> None:
    with opened(engine) as archive:
        claimed = matter.claim_one(archive)
        if ending == "drop":
            archive.drop_entry(claimed, "a video page", NOW, page=matter.page())
        elif ending == "fail":
            archive.fail_entry(claimed, "404", NOW)
        elif ending == "leave":
            archive.leave_entry(claimed, "304", NOW)
        else:
            keep(archive, claimed)
        outcome = archive.connection.scalar(select(ArticleRow.outcome))
        assert outcome == {"drop": "dropped", "fail": "failed", "leave": "unchanged", "keep": "stored"}[ending]
        assert archive.claim_entries("w", 9, NOW + 9 * LEASE, lease=LEASE) == ()


def test_a_postponed_entry_stays_pending_and_comes_back(engine: Engine) -> None:
    with opened(engine) as archive:
        claimed = matter.claim_one(archive)
        assert archive.postpone_entry(claimed, "503", NOW + LEASE)
        assert archive.claim_entries("w", 9, NOW + MINUTE, lease=LEASE) == ()
        (again,) = archive.claim_entries("w", 9, NOW + LEASE, lease=LEASE)
    assert (again.attempts, again.why) == (2, "503")


def test_a_recheck_that_fails_does_not_undo_the_article(engine: Engine) -> None:
    with opened(engine) as archive:
        keep(archive, matter.claim_one(archive), recheck_at=NOW + MINUTE)
        (again,) = archive.claim_entries("w", 9, NOW + MINUTE, lease=LEASE)
        archive.fail_entry(again, "500", NOW + MINUTE)
        row = archive.connection.execute(select(ArticleRow.__table__)).one()
    assert (row.outcome, row.reason) == ("stored", "re-check failed: 500")


def test_a_known_entry_is_due_again_only_for_a_reason(engine: Engine) -> None:
    with opened(engine) as archive:
        keep(archive, matter.claim_one(archive))
        archive.add_window(FEED, [sighting(1, fetch="")], NOW)
        assert archive.claim_entries("w", 9, NOW + MINUTE, lease=LEASE) == ()
        archive.add_window(FEED, [sighting(1, fetch="changed in the feed")], NOW + MINUTE)
        (again,) = archive.claim_entries("w", 9, NOW + MINUTE, lease=LEASE)
    assert (again.why, again.versions) == ("changed in the feed", 1)


# Together


def rejected(claimed: Claimed, *, said: str = "Der Gemeinderat hat den Bau einer Brücke beschlossen.") -> Rejected:
    article = Article.compose(url=claimed.url, headline="Brücke", body=((PartKind.PARAGRAPH, said),), publisher="haus")
    doubted = matter.assessment(Grade.NOT)
    return Rejected(
        claimed=claimed,
        article=article,
        at=NOW,
        page=matter.page(),
        assessments=(replace(doubted, score=0.3),),
        recheck_at=NOW + MINUTE,
    )


def claim(archive: Archive, *numbers: int, worker: str = "w1", now: Any = NOW) -> tuple[Claimed, ...]:
    archive.add_window(FEED, [sighting(number) for number in numbers], now)
    return archive.claim_entries(worker, len(numbers), now, lease=LEASE)


def keep_alone(archive: Archive, one: Rejected) -> str:
    kept = archive.keep_article(
        one.claimed, one.article, Made(assessments=one.assessments), one.at, page=one.page, recheck_at=one.recheck_at
    )
    return kept.outcome


def test_articles_kept_together_are_kept_as_each_alone_would_be(engine: Engine) -> None:
    def all_of_it(*, together: bool) -> Mapping[str, list[Any]]:
        with opened(engine) as archive:
            for name in ("aliases", "assessments", "coders", "articles", "intake", "feeds"):
                archive.connection.execute(text(f"DELETE FROM {name}"))
            for at, said in (
                (NOW, "Gebaut wird bald."),
                (NOW + MINUTE, "Gebaut wird bald."),
                (NOW + 2 * MINUTE, "Nie."),
            ):
                read = [rejected(one, said=said) for one in claim(archive, 1, 2, 3, now=at)]
                if together:
                    outcomes = [kept.outcome for kept in archive.keep_rejected(read).values()]
                else:
                    outcomes = [keep_alone(archive, one) for one in read]
                assert outcomes == [("unchanged" if at == NOW + MINUTE else "stored")] * 3
            columns = [column for column in ArticleRow.__table__.c if column.name not in ("id", "feed_id")]
            return {
                "articles": sorted(map(repr, archive.connection.execute(select(*columns)))),
                "titles": [archive.connection.scalar(text("SELECT count(*) FROM aliases WHERE kind = 'title'"))],
                "assessments": sorted(archive.connection.scalars(text("SELECT score FROM assessments"))),
            }

    alone = all_of_it(together=False)
    assert alone["titles"] == [3]
    assert all_of_it(together=True) == alone


def test_of_those_kept_together_what_is_not_ours_any_more_is_left_as_it_is(engine: Engine) -> None:
    with opened(engine) as archive:
        mine = claim(archive, 1, 2, 3)
        lost = mine[1]
        archive.connection.execute(
            text("UPDATE articles SET lease_owner = 'w2' WHERE id = :id"), {"id": lost.article_id}
        )
        kept = archive.keep_rejected([rejected(one) for one in mine])

        assert sorted(kept) == [one.article_id for one in mine if one is not lost]
        [row] = archive.connection.execute(select(ArticleRow.__table__).where(ArticleRow.id == lost.article_id))
        assert (row.outcome, row.lease_owner, row.text_digest) == ("pending", "w2", None)
        assert keep_alone(archive, rejected(lost)) == "lost"


def test_those_kept_together_do_not_wait_for_who_holds_one_of_them(engine: Engine) -> None:
    """A poll that holds one article and wants another, and we the other way round, would wait for each other."""
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    with opened(engine) as archive:
        mine = claim(archive, 1, 2)
    with opened(engine) as other:
        other.connection.execute(
            text("UPDATE articles SET updated_at = first_seen WHERE id = :id"), {"id": mine[0].article_id}
        )
        with opened(engine) as archive:
            assert list(archive.keep_rejected([rejected(one) for one in mine])) == [mine[1].article_id]
    with opened(engine) as archive:
        assert keep_alone(archive, rejected(mine[0])) == "stored"


def test_the_newest_texts_are_counted_whoever_has_them(engine: Engine) -> None:
    with opened(engine) as archive:
        read = [rejected(one) for one in claim(archive, 1, 2, 3)]
        assert not archive.same_texts(one.article for one in read)
        archive.keep_rejected(read[:2])
        assert archive.same_texts(one.article for one in read) == {read[0].article.text: 2}


def test_after_a_clock_step_only_what_the_wrong_clock_wrote_is_due_earlier(engine: Engine) -> None:
    ahead = NOW + 120 * MINUTE
    with opened(engine) as archive:
        archive.add_window(FEED, [sighting(1), sighting(2)], NOW)
        for claimed in archive.claim_entries("w", 9, NOW, lease=LEASE):
            archive.postpone_entry(claimed, "busy", NOW + 60 * MINUTE)
        archive.outbox.queue([matter.alert(1)], ["desk"], NOW)
        (message,) = archive.outbox.claim("w", 9, NOW, lease=LEASE)
        archive.outbox.retry(message, NOW + 30 * MINUTE, "500")
        assert archive.upkeep.after_clock_step(NOW) == 0
        archive.add_window(FEED, [sighting(3), sighting(4)], ahead)
        archive.outbox.queue([matter.alert(2)], ["desk"], ahead)
        archive.claim_entries("killed", 1, ahead, lease=LEASE)
        # Two entries, an alert, a lease, and when the feed last brought something new.
        assert archive.upkeep.after_clock_step(NOW) == 5
        assert archive.feeds.state(FEED).new_at == NOW
        assert {one.article_id for one in archive.claim_entries("w", 9, NOW, lease=LEASE)} == {3, 4}
        assert archive.outbox.oldest_pending(NOW) == NOW
        assert len(archive.claim_entries("w", 9, NOW + 60 * MINUTE, lease=LEASE)) == 4


def test_only_feeds_of_workers_that_have_ended_are_taken_back(engine: Engine) -> None:
    held = {"https://a.example/rss": "dead", "https://b.example/rss": "alive", "https://c.example/rss": "dead"}
    with opened(engine) as archive:
        for url, worker in held.items():
            archive.feeds.due([url], worker, NOW, lease=LEASE)
    with opened(engine) as archive:
        assert archive.feeds.take_back(lambda worker: worker == "dead", NOW) == 2
        free = archive.feeds.due(list(held), "next", NOW, lease=LEASE)
    assert {state.url for state in free} == {url for url, worker in held.items() if worker == "dead"}
