"""`depesche reread`: pages that could not be read are looked at again, and those that can be read are kept as if just fetched."""

from __future__ import annotations

import asyncio
import json
from contextvars import copy_context
from typing import Any

import pytest
from sqlalchemy import select
from tiny_site import Clock, TinySite, idle, settings_for, talks, told

from extractors.articles import NotAnArticle, Reason
from flows import cli, steps
from flows.desk import CLOCK, open_desk
from flows.newsroom import Newsroom
from flows.runs import RunReport
from flows.sandbox import Sandbox
from flows.settings import Settings
from storage.engine import open_engine, reading
from storage.tables import ArticleRow


def blinded(monkeypatch: pytest.MonkeyPatch, paths: tuple[str, ...]) -> None:
    honest = Sandbox.extract_article

    async def blind(self, page):
        if page.url.endswith(paths):
            raise NotAnArticle(Reason.NO_TEXT)
        return await honest(self, page)

    monkeypatch.setattr(Sandbox, "extract_article", blind)


def test_what_can_be_read_now_is_kept_as_if_just_fetched_and_the_rest_stays(tmp_path, monkeypatch, capsys):
    clock, site = Clock(), TinySite()
    here = copy_context()
    here.run(CLOCK.set, clock)

    def again(*words: str) -> dict:
        assert here.run(cli.main, ["reread", "--json", *words]) == cli.OK
        return json.loads(capsys.readouterr().out)

    with Newsroom(site=site, clock=clock) as room:
        settings = settings_for(tmp_path, room)
        monkeypatch.setenv("DEPESCHE_DATABASE", settings.database_url)
        monkeypatch.chdir(tmp_path)
        site.publish(idle(1))
        one_pass(settings, clock)
        site.publish(talks(1), talks(2))
        with pytest.MonkeyPatch.context() as blindly:
            blinded(blindly, ("/m/1", "/m/2"))
            one_pass(settings, clock)
        asked, seen = len(room.asked("/m/1")), entries(settings)

        blinded(monkeypatch, ("/m/2",))
        looked = again("--dry-run", "--save", "pages")
        assert [(one["was"], one["refused"]) for one in looked["pages"]] == [("no text", ""), ("no text", "no text")]
        assert looked["due"] == 0
        saved = tmp_path / "pages" / f"{looked['pages'][0]['article_id']}.html"
        assert saved.read_bytes() == site.answer("/m/1", base=room.url, now=clock()).body
        assert "stored" not in one_pass(settings, clock).outcomes, "who only looks makes nothing due"

        assert again("--host", "anderes.example")["pages"] == []
        assert again("--host", room.url.removeprefix("http://"))["due"] == 1
        assert again()["due"] == 0, "what is due is not made due again"
        report = one_pass(settings, clock)

    assert report.outcomes.get("stored") == 1
    assert len(room.asked("/m/1")) == asked, "nothing was fetched"
    assert entries(settings) == seen
    assert told(room) == [], "what is read late waits for the digest"


def one_pass(settings: Settings, clock: Clock) -> RunReport:
    async def passed() -> RunReport:
        async with open_desk(settings, now=clock) as desk:
            return await steps.one_pass(desk)

    clock.advance(hours=2)
    return asyncio.run(passed())


def entries(settings: Settings) -> list[Any]:
    """When each was first seen."""
    engine = open_engine(settings.database_url)
    with reading(engine) as connection:
        found = connection.execute(select(ArticleRow.url, ArticleRow.first_seen).order_by(ArticleRow.id)).all()
    engine.dispose()
    return list(found)
