"""`depesche review`: a correction by command, by the rules of the reading room's form."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import archive_matter as matter
import pytest
from databases import copied
from sqlalchemy import Engine, update

from extractors.ontology import EventType
from flows.cli import main
from storage import queries
from storage.archive import opened
from storage.engine import reading
from storage.tables import CorrectionRow

Command = Callable[..., int]


@pytest.fixture
def engine(tmp_path: Path, sqlite_template: Path) -> Iterator[Engine]:
    """On SQLite alone: what a command says does not come from the database."""
    with copied(sqlite_template, tmp_path) as engine:
        matter.keep(engine)
        yield engine


@pytest.fixture
def review(config: list[str]) -> Command:
    return lambda *words: main(["review", *words, "--author", "Ada", *config])


def told(engine: Engine) -> dict[EventType, queries.StoredEvent]:
    with reading(engine) as connection:
        return {each.event.type: each for each in queries.events(connection)}


def test_an_event_is_named_by_the_beginning_of_its_id(
    engine: Engine, review: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    refusal = told(engine)[EventType.REJECT].uid
    assert review(refusal[:5].upper(), "wrong") == 0
    assert set(told(engine)) == {EventType.CONSULT}
    assert review("", "wrong") == 0  # as without: what waits
    assert review("xyz", "wrong") == 2
    assert "no event xyz" in capsys.readouterr().err
    assert review("--withdraw", "1") == 0
    assert set(told(engine)) == {EventType.CONSULT, EventType.REJECT}
    assert review("--withdraw", "99") == 2
    with opened(engine) as archive:
        ids = [each.uid for each in told(engine).values()]
        assert queries.named(archive.connection, "") == tuple(sorted(ids))


def test_what_was_called_wrong_is_not_unknown_and_the_way_back_is_told(
    engine: Engine, review: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    """The number of a correction stood on the screen once, and its event was "no event" ever after."""
    refusal = told(engine)[EventType.REJECT].uid
    assert review(refusal, "wrong") == 0
    for name in (refusal, refusal[:6]):
        assert review(name, "right") == 2
        assert "Ada called it wrong in correction 1: 'depesche review --withdraw 1'" in capsys.readouterr().err
    assert review("--withdraw", "1") == 0
    assert review(refusal, "right") == 0


def test_a_change_that_the_verdict_does_not_name_is_not_left_out_without_a_word(
    engine: Engine, review: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    refusal = told(engine)[EventType.REJECT].uid
    for verdict in ("right", "wrong"):
        assert review(refusal, verdict, "--type", "ACCUSE") == 2
        assert "--type belongs to changed" in capsys.readouterr().err
    assert not told(engine)[EventType.REJECT].reviewed


def test_several_events_that_begin_alike_are_told_apart(
    engine: Engine, review: Command, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "named", lambda *_: ("3f2a", "3f2b"))
    assert review("3f2", "wrong") == 2
    assert "3f2a, 3f2b" in capsys.readouterr().err


def test_a_change_is_read_as_the_reading_room_reads_it(
    engine: Engine, review: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    """A code in small letters became a party that nobody finds, and no change at all a correction."""
    uid = told(engine)[EventType.REJECT].uid
    for words in ([], ["--actors", "nonsense!"], ["--actors", ""], ["--type", "nonsense"], ["--status", "soon"]):
        assert review(uid, "changed", *words) == 2
        assert "not a change" in capsys.readouterr().err
    assert review(uid, "changed", "--type", "accuse", "--actors", "rus, NATO", "--recipients", "") == 0
    event = told(engine)[EventType.ACCUSE].event
    assert [(actor.code, actor.name) for actor in event.actors] == [("RUS", "Moskau"), ("NATO", "NATO")]
    assert (event.recipients, event.mode) == ((), "")


def test_corrections_are_written_in_the_gold_format(engine: Engine, review: Command, tmp_path: Path) -> None:
    stored = told(engine)
    assert review(stored[EventType.REJECT].uid, "wrong", "--comment", "no act") == 0
    assert review(stored[EventType.CONSULT].uid, "right") == 0
    assert review("--export", str(tmp_path / "c.jsonl")) == 0
    wrong, right = map(json.loads, (tmp_path / "c.jsonl").read_text("utf-8").splitlines())
    assert (wrong["verdict"], wrong["events"], wrong["comment"]) == ("wrong", [], "no act")
    assert len(wrong["id"]) == 32
    assert (right["events"][0]["type"], right["events"][0]["mode"]) == ("CONSULT", "multilateral")


def test_what_waits_is_told_to_machines_too(
    engine: Engine, review: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    uid = told(engine)[EventType.REJECT].uid
    assert review(uid, "wrong", "--comment", "Rückblick") == 0
    capsys.readouterr()
    assert review("--json") == 0
    assert json.loads(capsys.readouterr().out) == {"corrections": []}
    with engine.begin() as connection:
        connection.execute(update(CorrectionRow).values(attached=False))
    assert review("--json") == 0
    (row,) = json.loads(capsys.readouterr().out)["corrections"]
    assert (row["id"], row["event"], row["author"], row["comment"]) == (1, uid, "Ada", "Rückblick")
