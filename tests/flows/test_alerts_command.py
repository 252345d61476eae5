"""`depesche alerts`: try a watch on the past, acknowledge, snooze; and quiet hours on the days the clocks change."""

from __future__ import annotations

import json
import re
from contextvars import copy_context
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tiny_site import Clock, TinySite, idle, settings_for, talks, told

from extractors.model import Alert
from flows import cli, steps
from flows.alerts.preview import previewed
from flows.alerts.routing import quiet_until
from flows.desk import CLOCK, open_archive, open_desk, watches_of
from flows.newsroom import END, Newsroom
from storage.archive import opened


async def test_a_preview_shows_what_the_watch_told_and_sends_nothing(tmp_path):
    clock, site = Clock(), TinySite()
    with Newsroom(site=site, clock=clock) as room:
        settings = settings_for(tmp_path, room)
        site.publish(idle(1))
        async with open_desk(settings, now=clock) as desk:
            await steps.one_pass(desk)
            site.publish(talks(1), talks(2))
            clock.advance(hours=2)
            report = await steps.one_pass(desk)
            sent = len(room.deliveries)
            found = previewed(desk.engine, watches_of(settings), clock() - timedelta(days=1))
            late = previewed(desk.engine, watches_of(settings), clock() + timedelta(days=1))
        assert len(found) == report.alerts_queued > 0
        assert late == ()
        assert len(room.deliveries) == sent
        assert told(room)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an archive that is named to the commands."""
    monkeypatch.setenv("DEPESCHE_DATABASE", f"sqlite:///{tmp_path}/a.sqlite")
    monkeypatch.chdir(tmp_path)
    return f"sqlite:///{tmp_path}/a.sqlite"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("acknowledge w:keiner", "no alert has the key"),
        ("snooze w:keiner", "no alert has the key"),
        ("unpark w:keiner", "nothing was ever sent to 'w:keiner'"),
        # What there is not is no success.
        ("replay --channel opps", "no channel is named 'opps'; there are: console, file"),
        ("dead --channel opps", "no channel is named 'opps'"),
        ("replay --id 7 --id 9", "no dead letter 7, 9: 'depesche alerts dead' lists them"),
        # `preview --channel file` showed what all channels get, and `snooze KEY --days 3` was silent for one.
        ("preview --channel file", "preview takes no --channel (it is for: list, dead, replay, test)"),
        ("dead --id 7", "dead takes no --id (it is for: replay)"),
        ("snooze w:einer --days 3", "snooze takes no --days (it is for: preview)"),
    ],
)
def test_what_nobody_knows_and_an_option_of_another_action_is_wrong_usage(words, complaint, here, capsys):
    open_archive(here).dispose()
    assert cli.main(["alerts", *words.split()]) == cli.USAGE
    assert complaint in capsys.readouterr().err


def test_the_list_of_one_channel_is_of_that_channel(here, capsys):
    """It counted what all had, whatever was named."""
    engine = open_archive(here)
    with opened(engine) as archive:
        archive.outbox.queue([Alert(key="w:1", watch="w", title="T", body="B")], ["console", "file"], Clock()())
        archive.outbox.works("console", Clock()())
        archive.outbox.works("file", Clock()())
    engine.dispose()
    assert cli.main(["alerts", "list", "--channel", "file"]) == cli.OK
    assert capsys.readouterr().out.split() == ["1", "pending", "file:", "fine"]


@pytest.mark.parametrize("words", [["replay", "ops"], ["dead", "ops"], ["test", "ops"], ["replay", "--id", str(2**70)]])
@pytest.mark.usefixtures("here")
def test_what_an_action_does_not_heed_is_refused(words, capsys):
    """`replay ops` queued the dead letters of all channels."""
    assert cli.main(["alerts", *words]) == cli.USAGE
    assert re.search(r"takes no name: name a channel with --channel|is no number from 1 up", capsys.readouterr().err)


@pytest.mark.parametrize(("language", "told"), [("de", "Kanal file funktioniert."), ("en", "Channel file works.")])
def test_the_test_speaks_the_language_of_the_alerts(language, told, tmp_path, monkeypatch):
    monkeypatch.setenv("DEPESCHE_CONTACT", "a@example.org")
    monkeypatch.setenv("DEPESCHE_LANGUAGE", language)
    monkeypatch.chdir(tmp_path)
    assert cli.main(["alerts", "test", "--channel", "file"]) == cli.OK
    assert told in Path("var/alerts.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("action", "told"), [("test", {"channels": [{"name": "console", "told": "delivered"}]}), ("replay", {"queued": 0})]
)
def test_json_is_json_whatever_the_console_is_told(action, told, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DEPESCHE_DATABASE", f"sqlite:///{tmp_path}/a.sqlite")
    monkeypatch.setenv("DEPESCHE_CONTACT", "a@example.org")
    monkeypatch.chdir(tmp_path)
    assert cli.main(["db", "upgrade", "--json"]) == cli.OK
    capsys.readouterr()

    words = ["--channel", "console"] if action == "test" else []
    assert cli.main(["alerts", action, "--json", *words]) == cli.OK
    assert json.loads(capsys.readouterr().out) == told


def test_the_account_of_a_pass_is_json_although_the_console_hears_alerts(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with Newsroom() as room:
        settings = settings_for(tmp_path, room)
        allowed = room.url.removeprefix("http://")
        Path("depesche.toml").write_text(
            f'contact = "a@example.org"\ndatabase = "{settings.database_url}"\nfeeds = "feeds.toml"\n'
            f'[fetching]\nallow = ["{allowed}"]\npage_spacing_seconds = 0\n[channels.console]\nkind = "console"\n'
        )
        room.set_time(END)
        monkeypatch.setenv("DEPESCHE_CONFIG", "depesche.toml")
        told_at_its_end = copy_context()
        told_at_its_end.run(CLOCK.set, lambda: END)
        told_at_its_end.run(cli.main, ["run", "--once", "--json", "--limit", "12"])

    told = capsys.readouterr()
    assert json.loads(told.out)["delivered"] > 0
    assert "Beleg: " in told.err


@pytest.mark.parametrize("day", [datetime(2028, 3, 26, tzinfo=UTC), datetime(2028, 10, 29, tzinfo=UTC)])
def test_quiet_hours_end_at_the_same_hour_when_the_clocks_change(day):
    berlin = ZoneInfo("Europe/Berlin")
    quiet = (time(22), time(6, 30))
    for hour in range(-1, 4):
        until = quiet_until(day + timedelta(hours=hour), quiet, berlin)
        assert until is not None
        assert (until.date(), until.time()) == (day.date(), time(6, 30))
    assert quiet_until(day + timedelta(hours=7), quiet, berlin) is None
