"""The command line as a whole: what cannot be used is said in one line and exit code 2, never in a traceback."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from flows import cli


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DEPESCHE_CONFIG", "depesche.toml")


def settings(text: str) -> None:
    Path("depesche.toml").write_text('contact = "a@example.org"\n' + text, "utf-8")


EVERY = (
    ["alerts", "list"],
    ["alerts", "preview"],
    ["review"],
    ["dossier", "review"],
    ["dossier", "refit"],
    ["events"],
    ["meetings"],
    ["export", "csv"],
    ["db", "check"],
    ["feeds", "health"],
    ["room", "--export", "pages"],
    ["run", "--once"],
)


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
@pytest.mark.parametrize(
    ("database", "told"),
    [
        ('database = "sqlite:///garbage.sqlite"', "file is not a database"),
        ('database = "sqlite:///folder"', "unable to open database file"),
        ('database = "mysql://x/y"', "SQLite or PostgreSQL"),
        ('database = "postgresql://x:geheim@db:geheim/y"', "its port is no number"),
        ('database = ""', "database.*empty"),
        ('database_file = "nirgends"', "nirgends: the settings name this file"),
    ],
)
def test_an_archive_that_cannot_be_used_is_said_in_one_line(words, database, told, capsys):
    settings(database)
    Path("garbage.sqlite").write_bytes(b"no database at all\n" * 500)
    Path("folder").mkdir()

    assert cli.main(words) == cli.USAGE
    said = capsys.readouterr().err.strip()
    assert said.startswith("depesche: ")
    assert re.search(told, said)
    assert "geheim" not in said
    assert len(said.splitlines()) == 1


def test_the_module_says_it_as_the_command_does():
    found = subprocess.run(
        [sys.executable, "-m", "flows.cli", "read", "nirgends.html"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[1])},
    )

    assert (found.returncode, found.stderr) == (cli.USAGE, "depesche: nirgends.html: no such file\n")


def test_a_fault_of_ours_keeps_its_traceback(monkeypatch):
    def broken(*_: object) -> int:
        raise KeyError("ours")

    monkeypatch.setattr("flows.commands.events.run", broken)
    with pytest.raises(KeyError):
        cli.main(["events"])
