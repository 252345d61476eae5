"""`depesche feeds` as an operator uses it: what it prints, what it answers to mistakes, and its exit codes."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from flows.cli import main

FEED = """<rss version="2.0"><channel><title>Meldungen</title><item><title>Gespräche in Genf</title>
<link>https://example.org/1</link><pubDate>Mon, 10 Jan 2022 15:30:00 MEZ</pubDate></item>
<item><title>Ohne Link</title></item></channel></rss>"""
LIST = '[[feed]]\npublisher = "Haus"\nname = "Politik"\nurl = "https://example.org/p.xml"\n'
OPML = '<opml version="2.0"><body><outline text="Neu" xmlUrl="https://example.org/n.xml"/></body></opml>'


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in (("feeds.toml", LIST), ("feed.xml", FEED), ("in.opml", OPML)):
        Path(name).write_text(text, "utf-8")


def test_the_shipped_list_is_listed_without_any_setting(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feeds"]) == 0
    assert "tagesschau/Ausland" in capsys.readouterr().out


def test_listing_the_feeds_imports_nothing_heavy() -> None:
    heavy = {"pydantic", "aiohttp", "feedparser", "sqlalchemy", "prefect", "spacy"}
    code = f"from flows.cli import main; main(['feeds']); import sys; print({heavy!r} & sys.modules.keys(), file=sys.stderr)"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DEPESCHE_")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert done.stderr.strip() == "set()"


def test_a_list_of_ones_own_is_listed_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feeds", "--list", "feeds.toml", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["feeds"][0]["url"] == "https://example.org/p.xml"


def test_the_settings_name_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    Path("depesche.toml").write_text('feeds = "feeds.toml"\n', "utf-8")
    assert main(["feeds"]) == 0
    assert capsys.readouterr().out.startswith("Haus/Politik  https://example.org/p.xml")


def test_a_wrong_row_is_named_and_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    Path("feeds.toml").write_text(LIST + 'zone = "Mars"\n', "utf-8")
    assert main(["feeds", "--list", "feeds.toml", "check"]) == 2
    assert "feed 1 (Politik): zone 'Mars'" in capsys.readouterr().err


def test_nothing_is_asked_without_a_contact(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feeds", "--list", "feeds.toml", "check", "--ask"]) == 2
    assert "DEPESCHE_CONTACT" in capsys.readouterr().err


def test_a_feed_that_does_not_answer_is_trouble(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEPESCHE_CONTACT", "redaktion@example.org")
    Path("feeds.toml").write_text(LIST.replace("https://example.org", "http://127.0.0.1"), "utf-8")
    assert main(["feeds", "--list", "feeds.toml", "check", "--ask", "politik"]) == 1
    assert "not a public address" in capsys.readouterr().out


def test_a_saved_feed_is_shown_as_it_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feeds", "check", "--file", "feed.xml"]) == 0
    out = capsys.readouterr().out
    assert "2022-01-10T14:30+00:00  Gespräche in Genf" in out
    assert "(no link)  ! no link" in out


def test_a_saved_page_that_is_no_feed_is_trouble(capsys: pytest.CaptureFixture[str]) -> None:
    Path("feed.xml").write_text("<html>", "utf-8")
    assert main(["feeds", "check", "--file", "feed.xml"]) == 1
    assert "not a feed" in capsys.readouterr().err


def test_opml_becomes_rows_and_the_list_becomes_opml(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feeds", "--list", "feeds.toml", "import", "in.opml"]) == 0
    rows = capsys.readouterr().out
    with Path("feeds.toml").open("a", encoding="utf-8") as file:
        file.write(rows)
    assert main(["feeds", "--list", "feeds.toml", "export"]) == 0
    out = capsys.readouterr().out
    assert "https://example.org/p.xml" in out
    assert "https://example.org/n.xml" in out


def test_opml_comes_from_a_pipe_as_well(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(OPML.encode())))
    assert main(["feeds", "--list", "feeds.toml", "import", "-"]) == 0
    assert 'name = "Neu"' in capsys.readouterr().out


@pytest.mark.parametrize(("text", "message"), [("<rss/>", "no <opml>"), ("", "well-formed")])
def test_what_is_no_opml_is_wrong_usage(text: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("in.opml").write_text(text, "utf-8")
    assert main(["feeds", "import", "in.opml"]) == 2
    assert message in capsys.readouterr().err


def test_the_health_of_feeds_that_were_never_asked(
    engine: Engine, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEPESCHE_DATABASE", str(engine.url))
    assert main(["feeds", "--list", "feeds.toml", "health"]) == 0
    assert "asked never" in capsys.readouterr().out


def test_when_a_feed_was_asked_is_told_as_the_reading_room_tells_it(
    engine: Engine, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not in UTC without a word of it, and with the year: a feed may have been quiet since the last."""
    from storage.archive import opened
    from storage.polling import Poll

    monkeypatch.setenv("DEPESCHE_DATABASE", str(engine.url))
    with opened(engine) as archive:
        asked = datetime(2031, 7, 4, 22, 30, tzinfo=UTC)
        again = asked + timedelta(minutes=35)
        archive.feeds.polled("https://example.org/p.xml", Poll(outcome="unchanged", next_due=again), asked)
    assert main(["feeds", "--list", "feeds.toml", "health"]) == 0
    assert "asked 2031-07-05 00:30  due 2031-07-05 01:05" in capsys.readouterr().out


def test_a_list_of_ones_own_begins_with_the_shipped_one(capsys: pytest.CaptureFixture[str]) -> None:
    """The guide said 'feeds export', which is OPML, and no list that the settings can name."""
    from extractors.feeds import load_feeds

    assert main(["feeds", "export", "--toml"]) == 0
    Path("mine.toml").write_text(capsys.readouterr().out, "utf-8")
    assert load_feeds(Path("mine.toml")) == load_feeds()


def test_a_feed_for_other_dossiers_is_not_followed() -> None:
    from flows.desk import feeds_of
    from flows.settings import Settings

    Path("feeds.toml").write_text(LIST + 'dossiers = ["iran-atom"]\n', "utf-8")
    settings = Settings(feeds=Path("feeds.toml"))

    assert feeds_of(settings, frozenset({"russland-nato-ukraine"})) == ()
    assert [feed.id for feed in feeds_of(settings, frozenset({"iran-atom", "x"}))] == ["Haus/Politik"]
