"""The command line as a whole: what cannot be used is said in one line and exit code 2, never in a traceback."""

from __future__ import annotations

import argparse
import errno
import itertools
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import archive_matter
import pytest
from sqlalchemy.exc import OperationalError

from flows import cli
from flows.commands import run as run_command
from flows.settings import load
from storage.engine import open_engine, revision, upgrade

pytestmark = pytest.mark.usefixtures("own_folder")


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
    ["demands"],
    ["export", "csv"],
    ["db", "check"],
    ["feeds", "health"],
    ["people"],
    ["room", "--export", "pages"],
    ["run", "--once"],
)


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
@pytest.mark.parametrize(
    ("database", "told"),
    [
        ('database = "sqlite:///garbage.sqlite"', "file is not a database"),
        ('database = "sqlite:///folder"', "unable to open database file"),
        ('database = "sqlite:///garbage.sqlite"', "the database /.*/garbage.sqlite cannot be reached"),
        (
            'database = "postgresql://x:geheim@127.0.0.1:1/y"',
            r"the database postgresql.*127.0.0.1:1/y cannot be reached",
        ),
        ('database = "mysql://x/y"', "SQLite or PostgreSQL"),
        ('database = "postgresql:/x:geheim@db/y"', "two slashes come behind the colon"),
        ('database = "sqlite://var/archive.sqlite"', "three slashes before a file"),
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


ASKING = (
    ["people"],
    ["review"],
    ["alerts"],
    ["events"],
    ["feeds", "health"],
    ["explain", "text.txt", "--people"],
    ["code", "text.txt", "--people"],
)


@pytest.mark.parametrize("words", ASKING, ids=" ".join)
@pytest.mark.parametrize("made", [False, True], ids=["none", "older"])
def test_a_question_neither_makes_nor_upgrades_an_archive(words, made, capsys):
    """Who listed people upgraded the archive under the flows of an older version, or made an empty one in the wrong folder."""
    settings('database = "sqlite:///archive.sqlite"')
    Path("text.txt").write_text("Berlin\nDie NATO lehnt Garantien ab.\n", "utf-8")
    engine = open_engine("sqlite:///archive.sqlite")
    if made:
        upgrade(engine, "0005")

    assert cli.main(words) == cli.USAGE
    assert "run 'depesche db upgrade'" in (said := capsys.readouterr().err) or "'depesche db upgrade' makes one" in said
    assert (revision(engine) == "0005") if made else not Path("archive.sqlite").exists()
    engine.dispose()


@pytest.mark.parametrize("error", [KeyError("uid not found"), OSError("No username set in the environment")])
def test_who_has_no_name_on_this_machine_is_noted_by_number(error, monkeypatch):
    """In a container that runs as any number: a correction ended in a traceback."""

    def nobody() -> str:
        raise error

    monkeypatch.setattr("getpass.getuser", nobody)
    assert re.fullmatch(r"user \d+", cli.caller())


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


LEAVING = (
    ["feeds", "list"],
    ["export", "csv"],
    ["export", "csv", "-o", "/dev/stdout"],
    ["--help"],
    ["--version"],
)


@pytest.mark.parametrize("words", LEAVING, ids=" ".join)
def test_a_reader_that_left_is_no_trouble(words):
    settings('database = "sqlite:///archive.sqlite"')
    assert cli.main(["db", "upgrade"]) == cli.OK
    reader, pipe = os.pipe()
    os.close(reader)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}

    found = subprocess.run(
        [sys.executable, "-m", "flows.cli", *words],
        stdout=pipe,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        env={**environment, "PYTHONPATH": str(Path(cli.__file__).parents[1])},
    )
    os.close(pipe)

    assert (found.returncode, found.stderr) == (cli.OK, "")


@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
def test_a_locale_without_our_characters_ends_no_command(encoding):
    """In de_DE, which is Latin-1, the first quotation mark of an event was a traceback."""
    told = subprocess.run(
        [sys.executable, "-m", "flows.cli", "quotes", "-"],
        input="„Das lehnen wir ab – und zwar ganz“, sagte Lawrow.".encode(),
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[1]), "PYTHONIOENCODING": encoding},
    )

    assert (told.returncode, told.stderr) == (cli.OK, b"")
    assert "Das lehnen wir ab – und zwar ganz" in told.stdout.decode()


@pytest.mark.parametrize(
    ("words", "closed", "code"),
    [
        (["feeds", "export"], 1, cli.OK),
        (["events", "--json", "--limit", "0"], 2, cli.USAGE),
    ],
)
def test_what_is_said_to_a_closed_output_is_said_to_nobody(words, closed, code):
    """Not to the other one: what people were to read stood before the JSON; and a file of feeds ended in a traceback."""
    found = subprocess.run(
        [sys.executable, "-m", "flows.cli", *words],
        stdout=subprocess.PIPE if closed != 1 else None,
        stderr=subprocess.PIPE if closed != 2 else None,
        text=True,
        check=False,
        preexec_fn=lambda: os.close(closed),
        env={**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[1]), "DEPESCHE_CONFIG": ""},
    )
    assert found.returncode == code
    assert not found.stderr
    assert closed == 1 or isinstance(json.loads(found.stdout), dict)


def test_a_full_disk_is_said_in_one_line():
    with Path("/dev/full").open("w") as full:
        found = subprocess.run(
            [sys.executable, "-m", "flows.cli", "feeds", "list"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[1]), "DEPESCHE_CONFIG": ""},
        )

    assert (found.returncode, found.stderr) == (cli.USAGE, "depesche: No space left on device\n")


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("disk I/O error", "is the disk full?"),
        ("attempt to write a readonly database", "copy it into one of yours"),
        ("unable to open database file", "is its folder there"),
        ("database is locked", "try again"),
    ],
)
def test_what_sqlite_says_is_told_with_what_to_do(said, advice, monkeypatch, capsys):
    """ "disk I/O error" was all that a full disk said, of every command."""

    def broken(*_: object) -> int:
        raise OperationalError("SELECT 1", {}, sqlite3.OperationalError(said))

    monkeypatch.setattr("flows.commands.events.run", broken)
    assert cli.main(["events"]) == cli.USAGE
    told = capsys.readouterr().err
    assert f"cannot be reached or used: {said}; " in told
    assert advice in told
    assert len(told.splitlines()) == 1


def test_of_a_full_disk_the_room_names_the_folder(monkeypatch, capsys):
    settings('database = "sqlite:///archive.sqlite"')
    assert cli.main(["db", "upgrade"]) == cli.OK

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("flows.web.printing.print_room", full)
    assert cli.main(["room", "--export", "pages"]) == cli.USAGE
    assert capsys.readouterr().err == "depesche: cannot write pages: No space left on device\n"


@pytest.mark.parametrize(
    ("before", "contact"),
    [
        ("", "a@example.org"),
        ('# ours\ncontact = ""\nlanguage = "en"\n[fetching]\nconcurrency = 3\n', "a@example.org"),
        ("[channels.file]\nkind = 'file'\n", 'Anna "Redaktion" <a@example.org>'),
    ],
)
def test_the_contact_that_was_asked_for_is_written_where_it_is_read(before, contact, monkeypatch):
    Path("ours.toml").write_text(before, "utf-8")
    monkeypatch.setenv("DEPESCHE_CONFIG", "ours.toml")
    monkeypatch.delenv("DEPESCHE_CONTACT", raising=False)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _: contact)

    assert cli.main(["run", "--once", "--feed", "nirgends"]) == cli.USAGE
    assert load().contact == contact
    assert not Path("depesche.toml").exists()


@pytest.mark.parametrize("typed", ["", "  ", None], ids=["return", "blanks", "Ctrl-D"])
def test_who_gives_no_contact_is_told_that_nothing_is_fetched(typed, monkeypatch, capsys):
    def asked(_: str) -> str:
        if typed is None:
            raise EOFError
        return typed

    monkeypatch.setattr("builtins.input", asked)
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True))
    monkeypatch.delenv("DEPESCHE_CONFIG")
    assert cli.main(["run", "--once"]) == cli.USAGE
    assert capsys.readouterr().err == "depesche: without a contact nothing is fetched\n"
    assert not Path("depesche.toml").exists()


@pytest.mark.parametrize("called", ["RUS", "rus", "Russland", "Russia", "Moskau"])
def test_a_party_is_called_by_its_code_its_name_or_its_capital(called, capsys):
    """ "--actor Russland" found nothing, without a word."""
    settings('database = "sqlite:///archive.sqlite"')
    assert cli.main(["db", "upgrade"]) == cli.OK
    engine = open_engine("sqlite:///archive.sqlite")
    archive_matter.keep(engine)
    engine.dispose()
    capsys.readouterr()
    assert cli.main(["events", "--actor", called, "--other", "NATO"]) == cli.OK
    assert "NATO" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [[command, *more] for command in ("events", "meetings", "demands") for more in ([], ["--json"])],
    ids=" ".join,
)
def test_that_nothing_is_found_is_no_trouble(words, capsys):
    """It was with words, and was not for machines."""
    settings('database = "sqlite:///archive.sqlite"')
    assert cli.main(["db", "upgrade"]) == cli.OK
    assert cli.main(words) == cli.OK
    assert ("no such" in capsys.readouterr().err) is ("--json" not in words)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (["--actor", "nato", "--other", "RUS"], {"AGREE", "REJECT"}),
        (["--actor", "nato", "--other", "RUS", "--directed"], {"REJECT"}),
        (["--actor", "RUS", "--other", "NATO", "--directed"], set()),
        (["--actor", "RUS", "--directed"], {"AGREE"}),
        (["--other", "RUS", "--directed"], {"REJECT"}),
        (["--party", "nato"], {"AGREE", "REJECT"}),
    ],
    ids=" ".join,
)
def test_what_one_did_to_the_other_is_asked_for_at_the_prompt(engine, asked, found, capsys):
    archive_matter.keep(engine)
    assert cli.main(["events", "--database", str(engine.url), "--json", *asked]) == cli.OK
    told = json.loads(capsys.readouterr().out)["events"]
    assert {each["event"] for each in told} == found


@pytest.mark.parametrize("words", [["events"], ["events", "--matrix"], ["export", "csv"]], ids=" ".join)
def test_a_house_that_has_no_article_is_refused_with_those_that_have(engine, words, capsys):
    """ "no such event" said that the house told nothing."""
    archive_matter.keep(engine)
    here = ["--database", str(engine.url)]
    assert cli.main([*words, *here, "--publisher", "haus", "--publisher", "nirgends"]) == cli.USAGE
    assert "no article is by a publisher 'nirgends'; there are: haus" in capsys.readouterr().err
    assert cli.main([*words, *here, "--publisher", "haus"]) == cli.OK


@pytest.mark.parametrize("words", [[], ["--json"]], ids=" ".join)
def test_a_list_that_was_cut_says_so(engine, words, capsys):
    """Twenty lines in a file looked like all that the archive holds."""
    archive_matter.keep(engine)
    for limit, cut in ((1, True), (2, False)):
        assert cli.main(["events", "--database", str(engine.url), "--limit", str(limit), *words]) == cli.OK
        told = capsys.readouterr()
        assert told.out.count("haus.example/meldung") == limit
        assert ("there are more: --limit" in told.err) is cut
        assert not words or json.loads(told.out)["more"] is cut


def test_the_types_of_events_are_listed_for_machines_too(capsys):
    assert cli.main(["events", "--list-types", "--json"]) == cli.OK
    told = json.loads(capsys.readouterr().out)
    assert {"past", "planned"} <= set(told["statuses"])
    assert "visit" in told["types"]["CONSULT"]


def test_another_server_on_the_port_is_not_taken_for_ours(monkeypatch, capsys):
    settings("")
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setattr("flows.local_server.healthy", lambda _: True)
    monkeypatch.setattr("subprocess.call", lambda *_, **__: pytest.fail("the flows were served there"))
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        assert cli.main(["run", "--port", str(port)]) == cli.USAGE
    assert f"port {port} of 127.0.0.1 is taken" in capsys.readouterr().err


def test_a_pass_for_a_matter_that_is_not_read_says_which_are(capsys):
    settings("")

    assert cli.main(["run", "--once", "--dry-run", "--dossier", "nirgends"]) == cli.USAGE
    assert "there are: russland-nato-ukraine" in capsys.readouterr().err


@pytest.mark.parametrize(
    "option",
    [["--dry-run"], ["--dossier", "iran-atom"], ["--feed", "tagesschau/Ausland"], ["--limit", "5"], ["--json"]],
)
def test_what_belongs_to_one_pass_does_not_start_the_schedule(option, monkeypatch, capsys):
    """`run --dry-run` kept and told all that the feeds held: the option was heard with --once alone."""
    monkeypatch.setattr(run_command, "on_schedule", lambda _: pytest.fail("the schedule was started"))
    settings("")
    assert cli.main(["run", *option]) == cli.USAGE
    assert f"{option[0]} belongs to --once" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["room", "--port", "99999"], "is no port"),
        (["newsroom", "--port", "99999"], "is no port"),
        (["run", "--port", "-1"], "is no port"),
        (["run", "--once", "--since", "gestern"], "'gestern' is not a time"),
        (["events", "--limit", "-3"], "is no number from 1 up"),
        (["review", "--withdraw", "99999999999999999999"], "is no number from 1 up"),
        (["dossier", "review", "99999999999999999999", "belongs"], "is no number from 1 up"),
        (["events", "--min-confidence", "80"], "'80' is no number from 0 to 1"),
        (["export", "csv", "--min-confidence", "nan"], "'nan' is no number from 0 to 1"),
        (["events", "--since", "2031-03-11", "--until", "2031-03-10"], "the first day is after the last"),
        (["meetings", "--since", "2031-03-11", "--until", "2031-03-10"], "the first day is after the last"),
        (["demands", "--since", "2031-03-11", "--until", "2031-03-10"], "the first day is after the last"),
        (["events", "--since", "20310311"], "'20310311' is not a day such as 2022-01-10"),
        (["meetings", "--until", "2031-W11-1"], "'2031-W11-1' is not a day such as 2022-01-10"),
        (["demands", "--until", "9999-12-31"], "9999-12-31 is no day from 1900-01-01 to 2199-12-31"),
        (["events", "--actor", "Nirgendsland"], "no party is called 'Nirgendsland'; write its code or its name"),
        (["export", "csv", "--speaker", "XXX"], "no party is called 'XXX'"),
        (["meetings", "--party", "XXX"], "no party is called 'XXX'"),
        (["demands", "--by", "XXX"], "no party is called 'XXX'"),
        (["room", "--host", ""], "it is empty; 127.0.0.1 is this machine alone"),
        (["events", "--directed"], "--directed needs --actor, --other or both"),
        (["demands", "--state", "lost"], "invalid choice: 'lost'"),
        (["alerts", "snooze", "x", "--hours", "nan"], "is no number above 0"),
        (["dossier", "try", "--archive", "--days", "1e9"], "is no number above 0"),
        (["alerts", "preview", "--days", "1e12"], "is no number above 0"),
        (["newsroom", "--speed", "nan"], "is no number from 0 to 86400"),
        (["newsroom", "--speed=-60"], "is no number from 0 to 86400"),
        (["alerts", "unpark", "nirgends"], "there is no archive at archive.sqlite: 'depesche db upgrade'"),
        (["alerts", "test", "--channel", "nirgends"], "no channel is named 'nirgends'; there are: console, file"),
        (["feeds", "health"], "there is no archive at archive.sqlite: 'depesche db upgrade'"),
    ],
)
def test_what_an_option_cannot_be_is_said(words, told, capsys):
    settings('database = "sqlite:///archive.sqlite"')
    assert cli.main(words) == cli.USAGE
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("module", ["flows.cli", "flows.serve"])
def test_a_prefect_server_that_is_away_is_said_in_one_line(module, tmp_path):
    settings("")
    words = ["serve-flows"] if module == "flows.cli" else []
    environment = {**os.environ, "PREFECT_API_URL": "http://127.0.0.1:1/api", "PREFECT_HOME": str(tmp_path)}
    found = subprocess.run(
        [sys.executable, "-m", module, *words],
        capture_output=True,
        text=True,
        check=False,
        env={**environment, "PYTHONPATH": str(Path(cli.__file__).parents[1])},
    )

    assert found.returncode == cli.USAGE
    told = "depesche: Prefect: 127.0.0.1:1 does not answer ([Errno 111] Connection refused): is the server up?"
    assert found.stderr.startswith(told)
    assert len(found.stderr.splitlines()) == 1


@pytest.mark.parametrize("words", [["read", "--frob", "a.txt"], ["feeds", "check", "--frob"]], ids=" ".join)
def test_an_option_that_there_is_not_is_answered_with_those_that_there_are(words, capsys):
    """It was with the usage of `depesche` alone, which has none."""
    assert cli.main(words) == cli.USAGE
    said = capsys.readouterr().err
    assert said.startswith(f"usage: depesche {words[0]} [-h]")
    assert "unrecognized arguments: --frob" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["alerts", "unpark", "--config", "depesche.toml", "nirgends"], "'nirgends'"),
        (["alerts", "acknowledge", "--by", "anna", "nichts"], "'nichts'"),
        (["people", "refuse", "--author", "anna", "Niemand"], "'Niemand' is no full name"),
        (["review", "0123456789abcdef", "--comment", "nein", "wrong"], "no event 0123456789abcdef"),
    ],
    ids=" ".join,
)
def test_options_may_stand_between_an_action_and_what_it_is_done_to(words, said, capsys):
    """ "alerts unpark --config FILE ops" was told that "ops" is no argument."""
    settings('database = "sqlite:///archive.sqlite"')
    assert cli.main(["db", "upgrade"]) == cli.OK
    assert cli.main(words) == cli.USAGE
    assert said in capsys.readouterr().err


def test_the_flows_are_served_by_the_settings_that_are_named(monkeypatch):
    from flows import serve

    settings("")
    Path("other.toml").write_text('contact = "other@example.org"\n', "utf-8")
    served = []
    monkeypatch.setattr(serve, "main", lambda _: served.append(load().contact) or 0)

    assert cli.main(["serve-flows", "--config", "other.toml"]) == cli.OK
    assert served == ["other@example.org"]


def test_a_port_that_is_taken_is_said_by_the_room(capsys):
    settings('database = "sqlite:///archive.sqlite"')
    assert cli.main(["db", "upgrade"]) == cli.OK
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        assert cli.main(["room", "--port", str(other.getsockname()[1])]) == cli.USAGE
    assert "choose others with --host and --port" in capsys.readouterr().err


RUNNING = """
import signal, sys
from pathlib import Path
for each in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):  # whoever runs the tests may ignore them, as nohup does
    signal.signal(each, signal.SIG_DFL)
from flows import local_server
from flows.commands import run
SLEEPER = "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: (print('NAME ended', flush=True), sys.exit(0))); print('NAME up', flush=True); time.sleep(60)"
local_server.command = lambda *_: [sys.executable, "-c", SLEEPER.replace("NAME", "server")]
local_server.healthy = lambda _: b"up" in Path("var/prefect/server.log").read_bytes()
run.FLOWS = ("-c", SLEEPER.replace("NAME", "flows"))
from flows.cli import main
sys.exit(main(["run"]))
"""
"""`depesche run` with sleepers in place of Prefect's server and of the flows."""


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no such signals here")
@pytest.mark.parametrize("told", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_who_ends_a_run_ends_first_the_flows_and_then_the_server(told):
    settings("")
    environment = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
    with subprocess.Popen(
        [sys.executable, "-c", RUNNING],
        stdout=subprocess.PIPE,
        text=True,
        env={**environment, "PYTHONPATH": str(Path(cli.__file__).parents[1])},
    ) as run:
        assert run.stdout is not None
        assert "flows up" in list(itertools.islice(run.stdout, 3))[-1]
        run.send_signal(signal.Signals[told])
        assert run.stdout.read().strip() == "flows ended"
        assert run.wait(20) == 0
    assert Path("var/prefect/server.log").read_text("utf-8").split("\n")[:2] == ["server up", "server ended"]


def test_who_ends_us_while_the_server_starts_leaves_none_behind():
    settings("")
    environment = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
    asleep = RUNNING.replace('b"up" in', 'b"never" in')
    with subprocess.Popen(
        [sys.executable, "-c", asleep], env={**environment, "PYTHONPATH": str(Path(cli.__file__).parents[1])}
    ) as run:
        log = Path("var/prefect/server.log")
        ends = time.monotonic() + 120  # for a process that never begins, and not for how busy a machine may be
        while not (log.exists() and log.read_bytes()) and time.monotonic() < ends:
            time.sleep(0.05)
        run.terminate()
        assert run.wait(120) == 128 + signal.SIGTERM
    assert log.read_text("utf-8").split("\n")[:2] == ["server up", "server ended"]


@pytest.mark.parametrize(("words", "told"), [(["db", "upgrade"], "other.sqlite"), (["feeds", "list"], "haus")])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_the_settings_may_be_named_before_a_command_and_behind_it_and_behind_its_action(words, told, place, capsys):
    Path("other.toml").write_text('database = "sqlite:///other.sqlite"\nfeeds = "feeds.toml"\n')
    Path("feeds.toml").write_text('[[feed]]\npublisher = "haus"\nname = "politik"\nurl = "https://haus.example/rss"\n')

    cli.main([*words[:place], "--config", "other.toml", *words[place:]])
    assert told in capsys.readouterr().out


def calls(parser: argparse.ArgumentParser, *words: str) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """The commands and actions of a parser, each with something for what it must be given."""
    given = [action for action in parser._actions if not action.option_strings]
    if given and isinstance(given[-1], argparse._SubParsersAction):
        for name, below in given[-1].choices.items():
            yield from calls(below, *words, name)
    else:
        yield words, [str(next(iter(action.choices or "1"))) for action in given if action.nargs is None]


CALLS = [call for name in cli.COMMANDS for call in calls(cli._parser(name)) if call[0][0] == name]


@pytest.mark.parametrize(("words", "takes"), CALLS, ids=lambda it: " ".join(it))
def test_every_command_takes_the_settings_file_wherever_it_is_named(words, takes, capsys):
    """ "code --config FILE" was refused, and "read" and "quotes": one had to know which commands read the settings."""
    for called in (
        ["--config", "nirgends.toml", *words],
        ["--config=nirgends.toml", *words],
        [*words, "--config", "nirgends.toml"],
    ):
        assert cli.main([*called, *takes]) == cli.USAGE
        assert capsys.readouterr().err == "depesche: nirgends.toml: there is no such settings file\n"


@pytest.mark.parametrize("command", [["read"], ["code"], ["explain"], ["dossier", "try"]], ids=" ".join)
def test_a_page_is_fetched_by_the_settings_that_are_named(command, capsys):
    """Only those of the folder counted: who named others was told that nothing is fetched without a contact."""
    Path("depesche.toml").write_text("", "utf-8")
    Path("other.toml").write_text('contact = "other@example.org"\n', "utf-8")
    for named, told in (([], "says how to reach you"), (["--config", "other.toml"], "127.0.0.1")):
        assert cli.main([*command, "http://127.0.0.1:1/a.html", *named]) == cli.USAGE
        assert told in capsys.readouterr().err


def test_a_settings_file_may_be_called_as_a_command_is(capsys):
    Path("events").write_text('database = "sqlite:///other.sqlite"\n', "utf-8")
    assert cli.main(["--config", "events", "db", "upgrade"]) == cli.OK
    assert cli.main(["--config", "events", "review", "0123456789abcdef", "--comment", "nein", "wrong"]) == cli.USAGE
    assert "no event 0123456789abcdef" in capsys.readouterr().err


def test_the_demo_makes_settings_of_its_own_and_says_so(capsys):
    Path("other.toml").write_text("", "utf-8")
    assert cli.main(["demo", "--config", "other.toml"]) == cli.USAGE
    assert "the demo makes settings of its own" in capsys.readouterr().err
