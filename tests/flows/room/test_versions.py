"""Versions of an article in the reading room: what changed from one to the next is told in events, over marked text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from room_matter import MET, NOW, REFUSED, REWORDED, SOFTER, UKR, article, event, keep, met
from sqlalchemy import update

from extractors.ontology import EventType, Status
from extractors.stories.revisions import differences
from flows.web.marking import paragraphs
from storage import queries
from storage.archive import opened
from storage.engine import reading
from storage.tables import AssessmentRow


def test_an_article_tells_what_its_new_version_changed_in_events(client):
    text = client.get("/articles/1").text
    assert "abgeschwächt" in text
    assert f"<del>{REFUSED}</del>" in text
    assert f"<ins>{SOFTER}</ins>" in text
    assert f">{REFUSED}</mark>" in client.get("/articles/1?version=1").text


def test_an_article_shows_the_sentences_that_decided_and_in_how_many_each_row_hit(client):
    """The count had a plus before it, as if it were a weight; and the sentences were kept, and shown nowhere."""
    told = client.get("/articles/1").text.split('id="why"')[1].split("</section>")[0]
    assert "3 Sätze" in told
    assert f'<q class="evidence">{MET}</q>' in told
    assert MET not in client.get("/articles/1?version=1").text.split('id="why"')[1].split("</section>")[0]


def test_an_article_says_what_the_rules_alone_make_of_it(client, engine):
    """Where model and rules differ, a reader sees it; `depesche dossier try` said it alone."""
    with opened(engine) as archive:
        archive.connection.execute(update(AssessmentRow).values(rule_grade=1))
    told = client.get("/articles/1").text.split('id="why"')[1].split("</section>")[0]
    assert "% · Kern · die Regeln allein: verwandt" in told


def test_an_article_whose_publisher_went_back_is_shown_as_it_stands_now(client, engine):
    one = article(1)
    keep(engine, 1, one, met(one), event(one, REFUSED, EventType.REJECT, mode="yield"), at=NOW + timedelta(hours=4))
    text = client.get("/articles/1").text
    assert "soll einen Verzicht" not in text.split('class="prose text"')[1].split('class="aside"')[0]
    assert "Der Verlag ist zurückgekehrt zu Fassung 1." in text
    assert len(re.findall(r'<li id="e\d+">', text)) == 2
    assert "soll einen Verzicht" in client.get("/articles/1?version=2").text


def test_a_version_that_there_is_not_is_not_shown_as_another(client):
    assert client.get("/articles/1?version=2").status_code == 200
    assert client.get("/articles/1?version=3").status_code == 404


def test_overlapping_evidence_is_cut_into_segments_that_make_up_the_text(engine):
    with reading(engine) as connection:
        told = queries.article(connection, 1)
        assert told is not None
        version = told.versions[-1]
        shown = paragraphs(version.article, version.events, version.quotes)
    for paragraph, part in zip(shown, version.article.parts, strict=True):
        assert "".join(each.text for each in paragraph.segments) == version.article.text[part.start : part.end]
    ends = [note.number for paragraph in shown for each in paragraph.segments for note in each.ends]
    assert sorted(ends) == list(range(1, len(version.events) + 1))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"status": Status.PLANNED}, ["weakened"]),
        ({"status": Status.NEGATED}, ["weakened"]),
        ({"recipients": (UKR,)}, ["actor"]),
        ({"type": EventType.ACCUSE}, ["added", "dropped"]),
    ],
)
def test_what_changed_between_versions_is_told_in_events(change, expected):
    old, new = article(1), article(1, refused=REWORDED)
    before, after = event(old, REFUSED, EventType.REJECT), event(new, REWORDED, EventType.REJECT, **change)
    revised = differences([before], [after], was=old.text, now=new.text)
    assert [str(each.difference) for each in revised.told] == expected
    assert revised.reread == 0


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize(
    "change", [{"recipients": (UKR,)}, {"actors": (UKR,)}, {"status": Status.PLANNED}, {"type": EventType.ACCUSE}]
)
def test_a_sentence_that_stayed_and_is_read_otherwise_is_no_change_of_the_version(change, kept):
    """Only what stands around it is another, or the coder is: "actor changed" was told of what nobody had changed."""
    of = article(1)
    texts = {"was": of.text, "now": of.text} if kept else {}
    before = event(of, REFUSED, EventType.REJECT)
    revised = differences([before], [replace(before, **change)], **texts)
    assert (revised.told, revised.reread) == ((), 1)


@pytest.mark.parametrize("turned", [False, True])
def test_an_event_that_is_missed_in_one_of_two_versions_is_neither_new_nor_dropped(turned):
    """Where the sentence stands in both; it was said to be new, or gone."""
    of = article(1)
    versions = [[event(of, REFUSED, EventType.REJECT)], []]
    before, after = reversed(versions) if turned else versions
    revised = differences(before, after, was=of.text, now=of.text)
    assert (revised.told, revised.reread) == ((), 1)


def test_a_page_says_of_how_many_sentences_that_stayed_something_else_was_read(client, engine):
    one = article(60)
    keep(engine, 60, one, event(one, REFUSED, EventType.REJECT))
    longer = replace(one, text=one.text + "\nNachtrag.", stand=NOW + timedelta(hours=1))
    number = keep(
        engine, 60, longer, event(longer, REFUSED, EventType.REJECT, actors=(UKR,)), at=NOW + timedelta(hours=2)
    )
    text = client.get(f"/articles/{number}").text
    assert "Akteur geändert" not in text
    assert "<del>" not in text
    assert "1 Satz blieb, wie er war, und wird anders gelesen" in text


def test_going_back_from_soll_to_fact_is_firmed():
    old, new = article(1, refused=SOFTER), article(1)
    revised = differences([event(old, SOFTER, EventType.REJECT)], [event(new, REFUSED, EventType.REJECT)])
    assert [str(each.difference) for each in revised.told] == ["firmed"]
