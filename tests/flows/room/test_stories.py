"""Stories in the reading room: what belongs to one, and what is new in it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from room_matter import LASTED, MET, NOW, REFUSED, article, event, keep
from sqlalchemy import Engine

from extractors.ontology import EventType
from storage.archive import opened
from storage.tracking import Story


def story_of_three(engine: Engine) -> None:
    """A report, a copy of it from another house a day later, and one on the next day that tells a second act."""
    one, copy, new = (article(number, house=house) for number, house in ((31, "amt"), (32, "hafen"), (33, "amt")))
    days = [NOW + timedelta(days=days) for days in range(3)]
    one, copy, new = (replace(each, stand=at) for each, at in zip((one, copy, new), days, strict=True))
    first = keep(engine, 31, one, event(one, REFUSED, EventType.THREATEN))
    second = keep(engine, 32, copy, event(copy, REFUSED, EventType.THREATEN), copied=True)
    unsure = event(new, LASTED, EventType.AID, confidence=0.3)
    third = keep(engine, 33, new, event(new, REFUSED, EventType.THREATEN), event(new, MET, EventType.SANCTION), unsure)
    with opened(engine) as archive:
        archive.tracking.save_story(Story(uid="story_3", title="Drohungen"), NOW)
        for member in (first, second, third):
            archive.tracking.add_to_story("story_3", member, "same words", NOW)


def test_a_list_of_stories_says_how_much_each_holds(client, engine):
    """Articles, the houses with a report of their own, acts that are sure enough, and what was told last."""
    story_of_three(engine)
    entry = next(part for part in client.get("/stories").text.split("<article") if "story_3" in part)
    assert "3 Artikel" in entry
    assert "1 Haus" in entry
    assert "2 Vorgänge" in entry
    assert "zuletzt 12.03.2031 10:30" in entry
    assert "2 Vorgänge + 1 weniger sicherer<" in entry
    for page, told in (("/stories", "nicht mitgezählt"), ("/stories/story_3", "nicht gezeigt")):
        shown = client.get(page).text
        assert f"1 weniger sicherer Vorgang (unter 50 %) {told}" in shown
        assert f'href="{page}?unsure=1"' in shown
        assert "weniger sicherer" not in client.get(f"{page}?unsure=1").text
    everything = client.get("/stories?unsure=1").text
    assert "3 Vorgänge" in next(part for part in everything.split("<article") if "story_3" in part)


def test_a_story_is_a_timeline_and_says_what_is_new_since_a_day(client, engine):
    story_of_three(engine)
    told = client.get("/stories/story_3").text
    assert [int(day) for day in re.findall(r'<h2 id="d\d">\w\w (\d\d)\.', told)] == [12, 11, 10]
    # an act stands where it was told first
    assert told.count("/acts/act-THREATEN") == 1
    assert told.index("/acts/act-SANCTION") < told.index('badge">Kopie') < told.index("/acts/act-THREATEN")
    new = client.get("/stories/story_3?since=2031-03-11").text
    assert "/acts/act-SANCTION" in new
    assert "/acts/act-THREATEN" not in new
    assert "1 Artikel ohne Neues nicht gezeigt" in new
    assert "Nichts Neues." in client.get("/stories/story_3?since=2031-03-13").text


def test_a_long_story_counts_what_it_does_not_show(client, engine, monkeypatch):
    """As the list of stories does; and what an article before those shown told is not new in them."""
    story_of_three(engine)
    head = re.search(
        r'<p class="meta">(<span class="strong">.*?)<span>bekannt seit', client.get("/stories/story_3").text
    )
    monkeypatch.setattr("flows.web.answers.STORY_ARTICLES", 2)
    told = client.get("/stories/story_3").text
    assert head is not None
    assert head[1] in told
    assert "1 früherer Artikel nicht gezeigt" in told
    assert "/acts/act-THREATEN" not in told
    assert "früherer Artikel" not in client.get("/stories/story_3?since=2031-03-11").text


def test_an_article_leads_to_the_matter_it_belongs_to(client):
    assert 'href="/stories/story_1"' in client.get("/articles/1").text
    assert "/stories/" not in client.get("/articles/2").text


@pytest.mark.parametrize(("acts", "told"), [(6, "1 weiterer neuer Vorgang"), (7, "2 weitere neue Vorgänge")])
def test_an_article_of_a_story_counts_its_further_acts(client, engine, acts, told):
    of = article(7)
    kinds = [kind for kind in EventType if kind not in (EventType.CONSULT, EventType.REJECT)][:acts]
    number = keep(engine, 7, of, *(event(of, REFUSED, kind) for kind in kinds))
    with opened(engine) as archive:
        archive.tracking.save_story(Story(uid="story_7", title="Absagen"), NOW)
        archive.tracking.add_to_story("story_7", number, "the first article", NOW)
    assert f"<summary>{told}</summary>" in client.get("/stories/story_7").text


def test_a_merged_story_leads_to_where_it_went(client, engine):
    story_of_three(engine)
    with opened(engine) as archive:
        archive.tracking.merge_stories("story_3", "story_1", NOW)
    answer = client.get("/stories/story_3", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (301, "/stories/story_1")
