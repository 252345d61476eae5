"""`--json`: whatever command says it, one JSON object with the names of docs/operate.md and nothing else, also of what went wrong."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import archive_matter as matter
import pytest
from sqlalchemy import Engine

from extractors.ontology import EventType
from flows import cli
from flows.commands import newsroom
from storage import queries
from storage.archive import opened
from storage.tracking import Demand, Meeting

pytestmark = pytest.mark.usefixtures("own_folder")

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "operate.md"
TEXT = "NATO lehnt Garantien ab\nStand: 10.01.2022 15:30 Uhr\nDie NATO lehnt Garantien für Russland ab. „Nein“, sagte Stoltenberg.\n"
FEED = '<rss version="2.0"><channel><title>Haus</title><item><title>M</title><link>https://a.example/1</link></item></channel></rss>'
PERSON = ["Ada", "Musterfrau"]
SAID = {
    "run --once": ["run", "--once", "--dry-run"],
    "read": ["read", "article.txt"],
    "reread": ["reread"],
    "recode": ["recode"],
    "recode --dry-run": ["recode", "--dry-run"],
    "code": ["code", "article.txt"],
    "quotes": ["quotes", "article.txt"],
    "explain": ["explain", "article.txt"],
    "dossier list": ["dossier", "list"],
    "dossier check": ["dossier", "check", "iran-atom"],
    "dossier try": ["dossier", "try", "article.txt"],
    "dossier review": ["dossier", "review"],
    "dossier review ARTICLE belongs": ["dossier", "review", "1", "belongs"],
    "dossier refit": ["dossier", "refit"],
    "events": ["events"],
    "events --matrix": ["events", "--matrix"],
    "events --list-types": ["events", "--list-types"],
    "meetings": ["meetings", "--all"],
    "demands": ["demands"],
    "feeds list": ["feeds", "list"],
    "feeds check": ["feeds", "check"],
    "feeds check --ask": ["feeds", "check", "--ask"],
    "feeds check --file FEED": ["feeds", "check", "--file", "feed.xml"],
    "feeds health": ["feeds", "health"],
    "alerts list": ["alerts"],
    "alerts dead": ["alerts", "dead"],
    "alerts replay": ["alerts", "replay"],
    "alerts test": ["alerts", "test"],
    "alerts preview": ["alerts", "preview"],
    "alerts unpark": ["alerts", "unpark", "console"],
    "alerts acknowledge": ["alerts", "acknowledge", "alert-1"],
    "alerts snooze": ["alerts", "snooze", "alert-1"],
    "review": ["review"],
    "review EVENT right": ["review", "EVENT", "right"],
    "review --withdraw NUMBER": ["review", "--withdraw", "1"],
    "review --merge ACT --into ACT": ["review", "--merge", "act-REJECT", "--into", "act-CONSULT"],
    "review --export FILE": ["review", "--export", "corrections.jsonl"],
    "people list": ["people"],
    "people refuse": ["people", "refuse", *PERSON],
    "people confirm": ["people", "confirm", *PERSON, "--code", "EST", "--office", "Ministerin"],
    "people add": ["people", "add", *PERSON, "--code", "EST", "--office", "Ministerin"],
    "newsroom": ["newsroom"],
    "doctor": ["doctor", "--quick"],
    "db upgrade": ["db", "upgrade"],
    "db check": ["db", "check"],
    "db backup": ["db", "backup", "copy.sqlite"],
    "db restore": ["db", "--database", "sqlite:///other.sqlite", "restore", "backup.jsonl.gz"],
    "db vacuum": ["db", "vacuum"],
}
"""What is called for each row of the guide; an archive with an article of two events is there."""


def told() -> dict[str, set[str]]:
    """The names that the guide says are in the object of each command."""
    text = GUIDE.read_text("utf-8").partition("| command | its object |")[2].partition("\n\n")[0]
    rows = {}
    for row in text.splitlines()[2:]:
        commands, names = row.strip("| ").split(" | ")
        first, *others = re.findall(r"`([^`]+)`", commands)
        always = set(re.findall(r"`(\w+)`", names.partition(";")[0]))
        rows |= dict.fromkeys((first, *(f"{first.split()[0]} {other}" for other in others)), always)
    return rows


def answering(parser: argparse.ArgumentParser, *words: str) -> Iterator[str]:
    """The commands and actions of a parser that have the option."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                yield from answering(below, *words, name)
            return
    if "--json" in parser._option_string_actions:
        actions = next((action.choices for action in parser._actions if action.dest == "action"), None)
        yield from (" ".join((*words, each)) for each in actions) if actions else [" ".join(words)]


ANSWERING = [found for name in cli.COMMANDS for found in answering(cli._parser(name))]


@pytest.fixture
def filled(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The folder of a test, with settings, an archive of one article, and what is given to commands."""
    Path("depesche.toml").write_text(
        'contact = "a@example.org"\ndatabase = "sqlite:///archive.sqlite"\nfeeds = "feeds.toml"\n', "utf-8"
    )
    Path("feeds.toml").write_text('[[feed]]\npublisher = "haus"\nname = "p"\nurl = "http://127.0.0.1:1/rss"\n', "utf-8")
    Path("article.txt").write_text(TEXT, "utf-8")
    Path("feed.xml").write_text(FEED, "utf-8")
    matter.keep(engine)
    with opened(engine) as archive:
        archive.tracking.save_meeting(
            Meeting(uid="m1", state="announced", title="T", parties=("NATO",)), [], matter.NOW
        )
        demand = Demand(uid="d1", state="open", demanders=("RUS",), addressees=("NATO",), content="Abzug")
        archive.tracking.save_demand(demand, [], matter.NOW)
        archive.outbox.queue([matter.alert()], ["console"], matter.NOW)
        archive.outbox.works("console", matter.NOW)
        archive.teaching.put_sample("2031-W10", "russland-nato-ukraine", [queries.key_of(archive.connection, 1)])
        events = queries.events(archive.connection, queries.EventFilter())
        refusal = next(stored.uid for stored in events if stored.event.type is EventType.REJECT)
        archive.review.correct(refusal, "right", "Ada", matter.NOW)
    monkeypatch.setitem(SAID, "review EVENT right", ["review", refusal, "right"])
    assert cli.main(["db", "backup", "backup.jsonl.gz", "--no-verify"]) == cli.OK
    return engine


def interrupted() -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("command", SAID)
def test_what_a_command_says_to_machines_is_one_object_with_the_names_of_the_guide(
    command, filled, monkeypatch, capsys
):
    monkeypatch.setattr(newsroom, "threading", SimpleNamespace(Event=lambda: SimpleNamespace(wait=interrupted)))
    capsys.readouterr()
    assert cli.main([*SAID[command], "--json"]) in (cli.OK, cli.TROUBLE)
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    answer = json.loads(out)
    assert set(answer) == told()[command]


def test_every_command_that_speaks_to_machines_is_asked_here_and_in_the_guide():
    assert sorted(told()) == sorted(SAID)
    assert [each for each in ANSWERING if not any(row.startswith(each) for row in SAID)] == []
    assert {"events", "people add", "db check", "dossier check", "alerts snooze"} <= set(ANSWERING)


@pytest.mark.parametrize("command", ANSWERING)
def test_what_is_wrong_with_a_call_is_said_to_machines_too(command, capsys):
    assert cli.main([*command.split(), "--json", "--frob"]) == cli.USAGE
    said = capsys.readouterr()
    (wrong,) = json.loads(said.out).items()
    assert wrong[0] == "error"
    assert f"error: {wrong[1]}\n" in said.err


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["events"], "depesche.toml:2: no TOML"),
        (["doctor"], "depesche.toml:2: no TOML"),
        (["run", "--once"], "depesche.toml:2: no TOML"),
        (
            ["db", "--database", "sqlite:///garbage.sqlite", "check"],
            "the database /.*/garbage.sqlite cannot be reached",
        ),
        (["events", "--database", "sqlite:///nirgends.sqlite"], "there is no archive at nirgends.sqlite"),
        (["code", "nirgends.txt"], "nirgends.txt: no such file"),
        (["dossier", "check", "nirgends"], "no such dossier"),
        (["feeds", "export"], "export prints a list for other programs already"),
        (["people", "confirm"], "whom"),
    ],
)
def test_what_cannot_be_used_is_said_to_people_and_to_machines(words, error, capsys):
    """Machines got nothing, and had to read what was meant for people."""
    Path("depesche.toml").write_text("\n= 1\n", "utf-8")
    Path("garbage.sqlite").write_bytes(b"no database at all\n" * 500)
    words = [words[0], "--json", *words[1:]] if words[0] in ("db", "feeds") else [*words, "--json"]
    assert cli.main(words) == cli.USAGE
    said = capsys.readouterr()
    (wrong,) = json.loads(said.out).values()
    assert re.search(error, wrong)
    assert said.err == f"depesche: {wrong}\n"


def test_of_many_articles_each_is_a_line_and_the_last_one_says_what_ended_them(capsys):
    rows = [{"id": "a", "title": "T", "text": "Die NATO lehnt ab."}, {"id": "b"}]
    Path("in.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    assert cli.main(["dossier", "try", "in.jsonl", "--json"]) == cli.USAGE
    first, last = map(json.loads, capsys.readouterr().out.splitlines())
    assert first["id"] == "a"
    assert list(last) == ["error"]


def test_on_a_terminal_it_is_laid_out_for_the_eye(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert cli.main(["dossier", "list", "--json"]) == cli.OK
    assert capsys.readouterr().out.startswith('{\n  "dossiers": [\n')
