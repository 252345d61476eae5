"""The German of headlines, and what only they tell: acts without a body, the present of what is done, headings, people who demonstrate."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from articles import article_of

from extractors.events import code_events, explain
from extractors.events.attaching.statuses import A_LINES_PRESENT, limited
from extractors.events.coding import decided
from extractors.events.heads import FEW
from extractors.events.settling import demonstrations, retyped
from extractors.model import Article, Event
from extractors.ontology import EventType, Status

NOTHING = "Weitere Einzelheiten lagen zunächst nicht vor."


def article(headline: str = "", teaser: str = "", *lines: str) -> Article:
    """Of Tuesday, 5 March 2024."""
    return article_of(*lines, headline=headline, teaser=teaser, dated=datetime(2024, 3, 5, 12, tzinfo=UTC))


def events(line: str) -> tuple[Event, ...]:
    return code_events(article("", "", line))


def act(event: Event) -> str:
    return f"{event.type} {','.join(a.code for a in event.actors)}>{','.join(a.code for a in event.recipients)}"


def told(line: str) -> set[str]:
    return {act(event) for event in events(line)}


@pytest.mark.parametrize(
    ("headline", "teaser"),
    [
        ("Norwegen liefert der Ukraine weitere Panzer", ""),
        ("Kurz gemeldet", "Norwegen hat der Ukraine weitere Panzer geliefert."),
    ],
)
def test_where_nothing_is_beneath_it_a_head_is_told(headline: str, teaser: str) -> None:
    (event,) = code_events(article(headline, teaser, NOTHING))
    assert act(event) == "AID NOR>UKR"
    assert event.evidence.quote in (headline, teaser)


def test_what_the_body_tells_is_not_told_again_for_its_head() -> None:
    line = "Norwegen hat der Ukraine am Montag weitere Panzer geliefert."
    found = code_events(article("Norwegen liefert der Ukraine weitere Panzer", "", line))
    assert [(act(e), e.evidence.quote) for e in found] == [("AID NOR>UKR", line)]


def test_above_a_long_body_that_tells_something_a_head_is_none() -> None:
    body = ["Blinken traf am Montag Lawrow in Genf.", *[NOTHING] * FEW]
    long = code_events(article("Moskau weist Diplomaten aus", "", *body))
    short = code_events(article("Moskau weist Diplomaten aus", "", *body[:2]))
    assert {str(e.type) for e in long} == {"CONSULT"}
    assert {str(e.type) for e in short} == {"CONSULT", "SANCTION"}


def test_what_a_head_alone_tells_is_explained_and_not_dropped_as_well() -> None:
    found = explain(article("Norwegen liefert der Ukraine weitere Panzer", "", NOTHING))
    assert [act(one.event) for one in found.events] == ["AID NOR>UKR"]
    assert not [one for one in found.dropped if one.what.startswith("AID")]


@pytest.mark.parametrize(
    ("headline", "speaker"),
    [
        ("Scholz: Russland hat Georgien angegriffen", "DEU"),
        ("Kreml: Nato schürt Krieg", "RUS"),
        ("Polen wirft Minsk Lügen vor", ""),
    ],
)
def test_a_person_or_a_house_before_a_colon_speaks(headline: str, speaker: str) -> None:
    found = code_events(article(headline, "", NOTHING))
    assert {e.speaker.code if e.speaker else "" for e in found} == {speaker}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Selenskyj: Putin feuert neue Rakete auf Dnipro", "ASSAULT RUS>UKR"),
        ("Estland: Ukraine bekommt Panzer aus Norwegen", "AID NOR>UKR"),
        ("Tschechien: Moskau fordert von Kiew Garantien", "REQUEST RUS>UKR"),
    ],
)
def test_what_stands_before_a_colon_has_no_part_in_the_clause_behind(line: str, expected: str) -> None:
    assert expected in told(line)


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("Norwegen schickt Panzer nach Kiew", "past"),
        ("Polen stationiert weitere Soldaten an der Grenze zu Belarus", "past"),
        ("Polen weist belarussische Diplomaten aus", "past"),
        ("Ab Mai liefert Norwegen der Ukraine Panzer", "planned"),
        ("Liefert Norwegen der Ukraine Panzer?", "hypothetical"),
    ],
)
def test_a_line_without_a_full_stop_tells_in_the_present_what_is_done(line: str, status: str) -> None:
    assert {str(e.status) for e in events(line)} == {status}


def test_the_row_of_a_lines_present_says_so_of_its_test_and_of_no_sentence() -> None:
    row = A_LINES_PRESENT
    line, sentence = (decided(article("", "", text)).proposed for text in (row.test, f"{row.test}."))
    assert [limited(p) for p in line if p.type is row.type] == [(row,)]
    assert [limited(p) for p in sentence if p.type is row.type] == [()]


@pytest.mark.parametrize("row", demonstrations.ROWS, ids=lambda row: row.name)
def test_every_row_of_people_reads_its_own_test(row: demonstrations.Row) -> None:
    read = decided(article("", "", row.test)).read
    (sentence,) = read.document.sentences
    assert [r.name for r in demonstrations.ROWS for c in sentence.clauses if r.holds(read, sentence, c)] == [row.name]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("In Tiflis haben am Sonntag Zehntausende gegen die Regierung demonstriert.", "PROTEST GEO-CIV>GEO"),
        ("Vor der russischen Botschaft in Riga versammelten sich Hunderte.", "PROTEST LVA-CIV>RUS"),
        ("Nawalny im Hungerstreik", "PROTEST RUS-OPP>RUS"),
        ("Polnische Landwirte blockierten am Montag die Grenze zur Ukraine.", "PROTEST POL-CIV>UKR"),
        ("Ungarn: Zehntausende protestieren gegen Orban", "PROTEST HUN-CIV>HUN"),
        ("Demo vor russischer Botschaft in Berlin", "PROTEST DEU-CIV>RUS"),
        ("In Moskau gab es eine Kundgebung gegen die Inhaftierung Nawalnys.", "PROTEST RUS-CIV>RUS"),
        ("In Minsk kam es zu Protesten gegen den Krieg in der Ukraine.", "PROTEST BLR-CIV>RUS"),
        ("Zehntausende gingen in Tiflis gegen die Regierung auf die Straße.", "PROTEST GEO-CIV>GEO"),
        (
            "Vor dem NATO-Hauptquartier in Brüssel demonstrierten Friedensaktivisten gegen die Aufrüstung.",
            "PROTEST BEL-CIV>NATO",
        ),
        ("Litauische Landwirte protestierten an der Grenze zu Polen gegen Einfuhren.", "PROTEST LTU-CIV>POL"),
        (
            "In Riga versammelten sich Tausende, um gegen Zugeständnisse an Russland zu protestieren.",
            "PROTEST LVA-CIV>LVA",
        ),
        ("Die Bewohner von Cherson protestierten gegen die russischen Besatzer.", "PROTEST UKR-CIV>RUS"),
        ("In Eriwan forderten Demonstranten den Rücktritt von Regierungschef Paschinjan.", "PROTEST ARM-CIV>ARM"),
        ("Vor der iranischen Botschaft in Oslo verbrannten Oppositionelle eine Flagge.", "PROTEST NOR-CIV>IRN"),
        (
            "Hafenarbeiter in Finnland legten aus Protest gegen russische Schiffe die Arbeit nieder.",
            "PROTEST FIN-CIV>RUS",
        ),
    ],
)
def test_people_demonstrate_where_nobody_is_named_who_could_act(line: str, expected: str) -> None:
    found = [e for e in events(line) if e.type is EventType.PROTEST]
    assert [(act(e), e.status) for e in found] == [(expected, Status.PAST)]


@pytest.mark.parametrize(
    ("line", "expected", "status"),
    [
        ("In Budapest ist für Samstag eine Demonstration gegen Orban geplant.", "PROTEST HUN-CIV>HUN", "planned"),
        ("Für Sonntag rief die Opposition in Belarus zu neuen Protesten gegen Lukaschenko auf.", "PROTEST BLR-CIV>BLR", "planned"),
        ("Die Proteste gegen Lukaschenko in Minsk dauern an.", "PROTEST BLR-CIV>BLR", "ongoing"),
    ],
)  # fmt: skip
def test_people_are_to_demonstrate_or_still_do(line: str, expected: str, status: str) -> None:
    assert [(act(e), e.status) for e in events(line) if e.type is EventType.PROTEST] == [(expected, status)]


def test_who_is_arrested_at_a_demonstration_is_of_the_people_there() -> None:
    line = "In Russland sind bei Protesten gegen die Mobilmachung mehr als 1000 Menschen festgenommen worden."
    assert "COERCE RUS>RUS-CIV" in told(line)
    assert "COERCE RUS>UKR" in told("Russland nahm bei einer Demonstration in Cherson drei Ukrainer fest.")


@pytest.mark.parametrize(
    "line",
    [
        "Macron demonstrierte in Brüssel Geschlossenheit mit der EU.",
        "Moskau protestierte in Warschau gegen die Schließung des Konsulats.",
        "Der Kreml warnte vor Protesten gegen Putin.",
        "In Köln demonstrierten am Sonntag Tausende.",
        "Mehrere Außenminister protestierten in Brüssel gegen Russland.",
    ],
)
def test_what_states_protest_what_is_shown_and_quarrels_at_home_are_none(line: str) -> None:
    assert not any(e.type is EventType.PROTEST for e in events(line))


def test_people_block_a_road_and_no_state_does() -> None:
    assert not any(e.type is EventType.COERCE for e in events("Polnische Bauern blockieren ukrainische Grenze"))


@pytest.mark.parametrize("row", retyped.ROWS, ids=lambda row: row.name)
def test_every_row_of_another_type_says_so_of_its_own_test_and_is_explained(row: retyped.Row) -> None:
    found = decided(article("", "", row.test))
    assert row.name in {one.row for one in found.untold if one.proposal.type is row.type}
    assert row.name in {name for one in found.told for name in one.sides}


@pytest.mark.parametrize(
    ("line", "type_"),
    [
        ("Norwegen hält ein Manöver in der Ostsee ab", "MOBILIZE"),
        ("Norwegen verhängt Sanktionen gegen Belarus", "SANCTION"),
        ("Moskau zog sich aus dem Vertrag mit den USA zurück.", "SANCTION"),
    ],
)
def test_who_exercises_alone_imposes_or_leaves_does_just_that(line: str, type_: str) -> None:
    assert {str(e.type) for e in events(line)} == {type_}
