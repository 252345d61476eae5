"""`depesche explain`: how a text is read, and (ID) why the archive's event was coded so, as long as its article is kept."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from room_matter import keep
from sqlalchemy import Engine, update

from extractors.articles import article_from_text
from extractors.events import code_events
from extractors.model import Event
from extractors.ontology import EventType
from flows.cli import main
from storage.tables import VersionRow

TEXT = """Tallinn weist Moskau ab
Stand: 12.01.2028 17:30 Uhr

Estland hat die russische Forderung nach einem Verzicht auf Manöver am Mittwoch zurückgewiesen.
Die estnische Regierung bat Polen um zusätzliche Luftabwehr.
"""


@pytest.fixture
def events(engine: Engine, config: list[str], monkeypatch: pytest.MonkeyPatch) -> tuple[Event, ...]:
    monkeypatch.setenv("DEPESCHE_CONFIG", config[1])
    article = replace(article_from_text(TEXT), url="https://haus.example/1", publisher="haus")
    found = code_events(article)
    otherwise = replace(found[-1], type=EventType.SUPPORT)
    keep(engine, 1, article, found[0], otherwise)
    return found[0], otherwise


def test_an_event_of_the_archive_is_explained_by_its_id(
    events: tuple[Event, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", events[0].id[:8]]) == 0
    told = capsys.readouterr()
    assert "REJECT" in told.out
    assert "spoke for it" in told.out
    assert "Luftabwehr" not in told.out
    assert told.err == ""


def test_what_the_rules_read_otherwise_today_is_said(
    events: tuple[Event, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", events[1].id]) == 0
    told = capsys.readouterr()
    assert f"{events[1].id} is not what is read today" in told.err
    assert "REQUEST" in told.out
    assert "SUPPORT" not in told.out.splitlines()[0]


def test_an_event_whose_text_is_gone_and_one_that_is_not_there_are_told_apart(
    events: tuple[Event, ...], engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    with engine.begin() as connection:
        connection.execute(update(VersionRow).values(text=None))
    assert main(["explain", events[0].id]) == 2
    assert "has expired" in capsys.readouterr().err
    assert main(["explain", "0123456789abcdef"]) == 2
    assert "no event of the archive begins so" in capsys.readouterr().err


@pytest.mark.usefixtures("own_folder")
def test_one_event_alone_is_explained_to_machines_too(capsys):
    Path("article.txt").write_text(
        "Norwegen liefert\nNorwegen lieferte der Ukraine am Montag Panzer.\nDie EU verhängte Sanktionen gegen Russland.\n"
    )

    assert main(["explain", "--json", "article.txt"]) == 0
    events = json.loads(capsys.readouterr().out)["events"]
    assert main(["explain", "--json", "--event", "2", "article.txt"]) == 0
    assert json.loads(capsys.readouterr().out)["events"] == events[1:2] != events


def test_where_nothing_was_proposed_explain_says_so(tmp_path: Path, capsys) -> None:
    (tmp_path / "a.txt").write_text("Wetter\n\nEs regnet heute.\n")
    assert main(["explain", "--dropped", str(tmp_path / "a.txt")]) == 0
    nothing = (
        "no events found\n\nproposed and not kept:\n    nothing\n\nnames that are no actors here:\n    none\n"
        "\nnames that are no places here:\n    none\n"
    )
    assert capsys.readouterr().out == nothing


def test_explain_names_the_row_that_refuses_a_name_to_people_who_ask_and_to_machines(tmp_path: Path, capsys) -> None:
    (tmp_path / "a.txt").write_text("Wetter\n\nIn Wien und Prag sang Gabriel.\n")
    told = (
        "names that are no actors here:\n    „In Wien und Prag sang Gabriel.“\n"
        "      Wien (AUT): in a town\n      Prag (CZE): one of several towns\n      Gabriel: a common surname alone\n"
        "\nnames that are no places here:\n    none\n"
    )
    assert main(["explain", "--dropped", str(tmp_path / "a.txt")]) == 0
    assert capsys.readouterr().out.endswith(told)
    assert main(["explain", str(tmp_path / "a.txt")]) == 0
    assert "no actors" not in capsys.readouterr().out
    assert main(["explain", "--json", str(tmp_path / "a.txt")]) == 0
    rows = [(one["words"], one["row"]) for one in json.loads(capsys.readouterr().out)["no_actors"]]
    assert rows == [("Wien", "in a town"), ("Prag", "one of several towns"), ("Gabriel", "a common surname alone")]
