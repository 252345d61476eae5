"""`depesche demands`: who demanded what of whom, for people on a terminal, in a pipe, and for machines."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import archive_matter as matter
import pytest
from sqlalchemy import Engine

from flows.cli import main
from storage.archive import opened
from storage.tracking import Change, Demand

NOW = datetime(2031, 3, 10, 23, 30, tzinfo=UTC)
"""in Berlin it is the eleventh"""
WITHDRAW = "Moskau verlangt den Abzug der NATO [aus dem Baltikum]."
REFUSED = "Das Bündnis lehnt das ab."
AID = "Kiew bittet um Hilfe."


@pytest.fixture
def demands(engine: Engine) -> Callable[..., int]:
    with opened(engine) as archive:
        first = Demand(uid="demand_1", state="refused", demanders=("RUS",), addressees=("NATO",), content=WITHDRAW)
        steps = [
            Change(at=NOW - timedelta(days=3), state="open", by="RUS", quote=WITHDRAW),
            Change(at=NOW, state="refused", by="NATO", quote=REFUSED),
        ]
        archive.tracking.save_demand(first, steps, NOW)
        second = Demand(uid="demand_2", state="open", demanders=("UKR",), addressees=("NATO",), content=AID)
        archive.tracking.save_demand(second, [Change(at=NOW, state="open", by="UKR", quote=AID)], NOW)
    return lambda *words: main(["demands", "--database", str(engine.url), *words])


def test_a_pipe_gets_a_line_for_each_with_the_answer_and_whose_it_is(demands, capsys):
    assert demands() == 0
    assert capsys.readouterr().out.splitlines() == [
        f"2031-03-11  open            UKR → NATO  100 %  „{AID}“",
        f"2031-03-11  refused by NATO  RUS → NATO  100 %  „{WITHDRAW}“",
    ]


def test_an_answer_that_is_more_likely_misread_says_so(demands, engine, capsys):
    of = matter.article()
    refusal = replace(matter.refusal(of), confidence=0.38)
    matter.keep(engine, events=[refusal])
    with opened(engine) as archive:
        third = Demand(uid="demand_3", state="refused", demanders=("DEU",), addressees=("RUS",), content=AID)
        steps = [
            Change(at=NOW, state="open", by="DEU", quote=AID),
            Change(at=NOW, state="refused", by="RUS", event=refusal.id, quote=refusal.evidence.quote),
        ]
        archive.tracking.save_demand(third, steps, NOW)
    assert demands("--by", "DEU") == 0
    assert "refused by RUS (38 %)  DEU → RUS  100 %" in capsys.readouterr().out


def test_a_list_that_was_cut_says_so(demands, capsys):
    for limit, cut in (("1", "the newest 1, and there are more: --limit N\n"), ("2", "")):
        assert demands("--limit", limit) == 0
        told = capsys.readouterr()
        assert (len(told.out.splitlines()), told.err) == (int(limit), cut)


def test_each_step_is_told_with_its_sentence(demands, capsys):
    assert demands("--by", "rus", "--history") == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        f"    2031-03-08 00:30 demanded by RUS: {WITHDRAW}",
        f"    2031-03-11 00:30 refused by NATO: {REFUSED}",
    ]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (["--party", "NATO"], ["UKR", "RUS"]),
        (["--by", "NATO"], []),
        (["--to", "NATO", "--state", "open"], ["UKR"]),
        (["--party", "NATO", "--other", "RUS"], ["RUS"]),
        (["--until", "2031-03-08"], ["RUS"]),
        (["--since", "2031-03-12"], []),
        (["--text", "Abzugs"], ["RUS"]),
        (["--text", "ablehnt"], []),
        (["--text", "lehnt -Hilfe"], ["RUS"]),
        (["--limit", "1"], ["UKR"]),
    ],
    ids=" ".join,
)
def test_demands_are_asked_for_as_on_the_page(demands, asked, found, capsys):
    assert demands(*asked, "--json") == 0
    told = json.loads(capsys.readouterr().out)["demands"]
    assert [code for demand in told for code in demand["demanders"]] == found


def test_a_machine_gets_the_steps_and_not_what_linking_remembers(demands, capsys):
    assert demands("--state", "refused", "--json") == 0
    (told,) = json.loads(capsys.readouterr().out)["demands"]
    assert [step["state"] for step in told["changes"]] == ["open", "refused"]
    assert "detail" not in told


def test_a_terminal_gets_a_table_and_the_sentences_as_they_stand(demands, monkeypatch, capsys):
    """Square brackets in a sentence are words of its paper, and not of whoever draws tables."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "140")
    monkeypatch.setenv("TERM", "xterm")
    assert demands("--by", "RUS") == 0
    head, _, row, *_ = filter(None, map(str.strip, capsys.readouterr().out.splitlines()))
    assert head.split("  ")[0] == "last step"
    assert "refused by NATO" in row
    assert WITHDRAW in row
