"""`depesche events --matrix`: how many acts of whom to whom, by the filters of the list."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import archive_matter as matter
import pytest
from archive_matter import NATO, RUS, UKR

from extractors.ontology import EventType
from flows.cli import main


@pytest.fixture
def events(engine):
    """NATO refuses twice, in two reports of one act; Kiew accuses both, and NATO demands something of Kiew."""
    of = matter.article()
    refusal = matter.refusal(of)
    accusal = replace(matter.meeting(of), type=EventType.ACCUSE, mode="", actors=(UKR,), recipients=(NATO, RUS))
    matter.keep(engine, 1, events=[refusal, accusal])
    other = matter.article(2)
    demand = replace(matter.meeting(other), type=EventType.REQUEST, mode="", actors=(NATO,), recipients=(UKR,))
    matter.keep(engine, 2, events=[replace(matter.refusal(other), mode=""), replace(demand, confidence=0.4)])
    return lambda *words: main(["events", "--database", str(engine.url), "--matrix", *words])


def test_a_pipe_gets_a_line_for_each_two(events, capsys):
    assert events() == 0
    assert capsys.readouterr().out.splitlines() == [
        "NATO\tRUS\t1",
        "NATO\tUKR\t1",
        "UKR\tNATO\t1",
        "UKR\tRUS\t1",
    ]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (["--type", "ACCUSE"], {("UKR", "NATO"), ("UKR", "RUS")}),
        (["--min-confidence", "0.5"], {("NATO", "RUS"), ("UKR", "NATO"), ("UKR", "RUS")}),
        (["--text", "Erdgas"], set()),
        (["--text", "Garantien", "--type", "REJECT"], {("NATO", "RUS")}),
        (["--actor", "NATO", "--directed"], {("NATO", "RUS"), ("NATO", "UKR")}),
        (["--limit", "1", "--type", "REJECT"], {("NATO", "RUS")}),
    ],
)
def test_the_matrix_is_of_the_events_that_fit(events, asked, found, capsys):
    assert events("--json", *asked) == 0
    told = json.loads(capsys.readouterr().out)["pairs"]
    assert {(each["actor"], each["recipient"]) for each in told} == found
    assert {each["acts"] for each in told} <= {1}


def test_a_terminal_gets_a_table_of_those_with_most_acts(events, monkeypatch, capsys):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr("flows.commands.events.WIDEST", 1)
    monkeypatch.setenv("TERM", "xterm")
    assert events() == 0
    out, err = capsys.readouterr()
    head, _, *rows = [line.split() for line in out.splitlines() if line.strip()]
    assert head == ["who", "RUS", "in", "all"]
    assert rows == [["NATO", "1", "2"], ["UKR", "1", "1"]]
    assert err == "also towards NATO, UKR: all in a pipe\n"


def test_that_nobody_does_anything_to_anybody_is_no_trouble(events, capsys):
    assert events("--type", "ASSAULT") == 0
    assert capsys.readouterr() == ("", "no such act of somebody to somebody\n")
