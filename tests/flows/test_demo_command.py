"""`depesche demo`: what it makes, where, and what it says."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import pytest

from flows import cli

pytestmark = pytest.mark.usefixtures("own_folder")


def test_the_demo_erases_no_folder_that_it_did_not_make(capsys):
    Path("mine").mkdir()
    Path("mine", "letters.txt").write_text("dear", "utf-8")

    assert cli.main(["demo", "--no-prefect", "--home", "mine"]) == cli.USAGE
    assert "no demo made it" in capsys.readouterr().err
    assert Path("mine", "letters.txt").read_text("utf-8") == "dear"


def test_the_demo_shows_how_a_long_alert_begins_and_ends():
    from flows.commands.demo import ends

    lines = [str(number) for number in range(90)]
    assert ends(lines) == [*lines[:20], "…", *lines[86:]]
    assert ends(lines[:24]) == lines[:24]


def test_a_demos_own_folder_may_be_made_anew(tmp_path):
    from flows.commands.demo import replaceable, settings_for
    from flows.newsroom import Newsroom

    assert replaceable(tmp_path / "nowhere")
    with pytest.MonkeyPatch.context() as patch, Newsroom() as room:
        patch.setenv("DEPESCHE_CONFIG", "")
        settings_for(room, tmp_path)
    assert replaceable(tmp_path)


def test_the_demo_sends_its_digests_every_morning(tmp_path, monkeypatch):
    """Its newcomers read that messages were stuck, as nothing ran the digest between the passes that are told."""
    from flows.commands import demo
    from flows.desk import CLOCK
    from flows.newsroom import Newsroom
    from storage.archive import opened
    from storage.engine import open_engine

    with Newsroom() as room:
        monkeypatch.setenv("DEPESCHE_CONFIG", "")
        demo.settings_for(room, tmp_path)
        begin = demo.PASSES[0][0]
        end = begin + timedelta(days=4)
        token = CLOCK.set(room.now)
        demo.meanwhile(room, begin, end)
        CLOCK.reset(token)
    engine = open_engine(f"sqlite:///{tmp_path}/depesche.sqlite")
    with opened(engine) as archive:
        oldest = archive.outbox.oldest_for_digest()
        sent = archive.connection.exec_driver_sql(
            "SELECT count(*) FROM deliveries WHERE bundle = 'digest' AND state = 'delivered'"
        ).scalar()
    engine.dispose()
    assert sent
    assert oldest is None or end - oldest <= timedelta(days=1)


@pytest.mark.parametrize(
    ("called", "on_path", "told"),
    [
        (".venv/bin/depesche", False, ".venv/bin/depesche"),
        ("/opt/venv/bin/depesche", True, "depesche"),
        ("/src/flows/cli.py", False, "depesche"),
    ],
)
def test_the_demo_says_how_to_call_what_make_installed(called, on_path, told, monkeypatch):
    from flows.commands import demo

    monkeypatch.setattr("shutil.which", lambda _: called if on_path else None)
    monkeypatch.setattr(sys, "argv", [called])
    assert demo.called() == told
