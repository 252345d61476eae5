"""Voices: how firmly a sentence is told, by whom, and in what mood."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import date

import pytest
from story_matter import DAY, MONDAY, event

from extractors.model import Event
from extractors.ontology import EventType, Status
from extractors.stories import voices


@pytest.mark.parametrize(
    ("quote", "speaker", "grade"),
    [
        ("Russland zieht Truppen zusammen.", "", voices.Commitment.STATED),
        ("Russland soll Truppen zusammengezogen haben.", "", voices.Commitment.HEDGED),
        ("Nach Angaben aus Kiew zieht Russland Truppen zusammen.", "", voices.Commitment.REPORTED),
        ("Russland habe Truppen zusammengezogen.", "", voices.Commitment.REPORTED),
        ("Russland zieht Truppen zusammen.", "UKR", voices.Commitment.REPORTED),
        ("Die angeblichen Truppen gibt es nicht.", "", voices.Commitment.DOUBTED),
    ],
)
def test_commitment_is_graded_by_named_rows(quote: str, speaker: str, grade: voices.Commitment):
    found, rule = voices.commitment(event(EventType.MOBILIZE, quote, by="RUS", to="UKR", speaker=speaker))
    assert found is grade
    assert rule


def voiced(one: Event, day: date, *, act: str = "act", article: str = "a") -> voices.Voiced:
    return voices.Voiced(event=one, act=act, day=day, article=article)


def test_the_meter_keeps_each_voice_with_its_sentence():
    said = event(EventType.MOBILIZE, "Russland ziehe Truppen zusammen.", by="RUS", speaker="UKR")
    stated = event(EventType.MOBILIZE, "Russland zieht Truppen zusammen.", by="RUS")
    doubted = event(EventType.MOBILIZE, "Den angeblichen Aufmarsch gebe es nicht.", by="RUS", speaker="RUS")
    (row,) = voices.mode_meter([voiced(stated, MONDAY), voiced(said, MONDAY), voiced(doubted, MONDAY + DAY)])
    assert dict(row.voices) == {
        "": voices.Commitment.STATED,
        "UKR": voices.Commitment.REPORTED,
        "RUS": voices.Commitment.DOUBTED,
    }
    assert row.contested
    assert len(row.sentences) == 3


@pytest.mark.parametrize(
    ("quote", "felt"),
    [
        ("Der Unterhändler dämpfte die Erwartungen.", voices.Mood.DAMPENED),
        ("Es gebe keine Fortschritte.", voices.Mood.DAMPENED),
        ("Man sei zuversichtlich.", voices.Mood.HOPEFUL),
        ("Die Lage sei nicht aussichtslos.", voices.Mood.HOPEFUL),
        ("Die Aussichten auf eine Einigung seien gering.", voices.Mood.DAMPENED),
        ("Die Delegation traf am Abend ein.", voices.Mood.OPEN),
    ],
)
def test_moods_are_read_with_their_negation(quote: str, felt: voices.Mood):
    assert voices.mood(quote)[0] is felt


WORDED = {
    "distance": "angeblich|die angeblichen Pläne|vorgeblich|man behauptet|der vermeintliche Brief|die sogenannte Zone|er will nichts haben",
    "source": "laut Kreml|Berlin zufolge|nach Angaben|nach eigener erster Darstellung|nach Einschätzungen|Angaben aus Kiew|wie Prag mitteilte",
    "konjunktiv-1": "sei|seien|habe|werde|wolle|müsse|könne|dürfe|solle",
    "hedge": "soll|sollen|offenbar|mutmaßlich|mutmaßliche|anscheinend|wohl|womöglich|möglicherweise|könnten|dürfte|Berichten",
    "no-progress": "kein Fortschritt|ohne Durchbruch|nicht zur Annäherung|kaum Einigung|wenig optimistisch|kein Grund zur Hoffnung"
    "|nie ein Grund zu Optimismus|nicht zuversichtlich|ohne ein Ergebnis|kaum Bewegung",
    "not-hopeless": "nicht aussichtslos|nicht hoffnungslos|keineswegs pessimistisch|nicht gescheitert",
    "dampens": "dämpfte alle Erwartungen|gedämpft|die Aussichten sind gering|pessimistisch|skeptisch|schwierige Lage|eine Sackgasse"
    "|festgefahren|aussichtslos|gescheiterte Treffen|enttäuscht|tiefer Graben|tiefe Gräben|tiefen Differenzen|eine geringe Chance"
    "|ernüchternd|zweifelhaft",
    "hopes": "zuversichtlich|optimistisch|Fortschritte|konstruktive Stunden|ein Durchbruch|eine Annäherung|hoffnungsvoll|ermutigend"
    "|gute Signale|gutes Gespräch|vielversprechend|ein Lichtblick|näherkommen|nähergekommen",
}
"""For each row of words of the two views sentences that it finds, one for each of its words."""
ROWS = (*voices.CUES, *voices.MOODS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_row_of_words_knows_the_beginnings_of_all_that_it_finds(row: voices.Words):
    said = [f"Am Abend hieß es: {words}." for words in WORDED[row.name].split("|")]
    said += [each.upper() for each in said if row.pattern.flags & re.IGNORECASE]
    assert [each for each in said if not row.in_(each, each.lower())] == []
    assert [each for each in row.beginnings if not any(each in one.lower() for one in said)] == []


def test_a_row_of_words_finds_what_its_pattern_finds():
    chance = random.Random(5)
    words = [*" ".join(WORDED.values()).replace("|", " ").split(), "nicht", "Kein", "und", "Frieden,", "gut", "Seil"]
    for _ in range(2000):
        said = " ".join(chance.choice((str.title, str.lower, str))(each) for each in chance.choices(words, k=6))
        found = {row.name for row in ROWS if row.in_(said, said.lower())}
        assert found == {row.name for row in ROWS if row.pattern.search(said)}, said


def test_the_barometer_shows_each_side_before_and_after_and_how_far_apart_they_are():
    before = event(EventType.STATE, "Man erwarte schwierige Gespräche.", by="RUS", speaker="RUS")
    hope = event(EventType.STATE, "Es gebe Fortschritte.", by="USA", speaker="USA")
    gloom = event(EventType.STATE, "Die Gespräche stecken in einer Sackgasse.", by="RUS", speaker="RUS")
    days = [voiced(hope, MONDAY + DAY), voiced(gloom, MONDAY + DAY), voiced(before, MONDAY - DAY)]
    read = voices.barometer(voices.in_order(filter(None, map(voices.statement, days))), MONDAY)
    assert [(r.side, r.mean) for r in read.before] == [("RUS", -1.0)]
    assert {r.side: r.mean for r in read.after} == {"USA": 1.0, "RUS": -1.0}
    assert read.divergence == 2.0
    assert read.after[0].sentences[0].quote


def test_a_statement_counts_for_the_days_around_talks_and_of_the_sides_that_are_asked_for():
    said = event(EventType.STATE, "Es gebe Fortschritte.", by="USA", speaker="USA")
    days = [voiced(said, MONDAY + n * DAY) for n in (-8, -7, -1, 0, 7, 8)]
    told = voices.in_order(filter(None, map(voices.statement, days)))
    read = voices.barometer(told, MONDAY)
    assert [[sentence.day for sentence in it.sentences] for it in read.before] == [[MONDAY - 7 * DAY, MONDAY - DAY]]
    assert [[sentence.day for sentence in it.sentences] for it in read.after] == [[MONDAY, MONDAY + 7 * DAY]]
    assert voices.barometer(told, MONDAY, sides=frozenset({"RUS"})) == voices.Round(day=MONDAY, before=(), after=())


def test_what_expects_nothing_or_is_nobodys_or_of_the_past_is_no_statement():
    assert voices.statement(voiced(event(EventType.STATE, "Man rede weiter.", by="USA"), MONDAY)) is None
    hope = event(EventType.STATE, "Es gebe Fortschritte.", by="USA")
    assert voices.statement(voiced(hope, MONDAY)) is not None
    for other in (replace(hope, status=Status.HISTORICAL), replace(hope, actors=())):
        assert voices.statement(voiced(other, MONDAY)) is None
