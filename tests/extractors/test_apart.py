"""Which times and places of a sentence are another act's."""

from __future__ import annotations

import pytest
from articles import article_of

from extractors.events.attaching.apart import PLACE, ROWS, TIME, Row, of_another
from extractors.events.coding import decided
from extractors.model import Event


def given_away(text: str) -> set[tuple[str, str, str]]:
    """The row, the kind and the words of what another act has, for any proposal of a text."""
    found = decided(article_of(text))
    around, proposed = found.around, found.proposed
    read = around.reading
    found = set()
    for p in proposed:
        for time in read.times[p.seen.sentence.index]:
            found.add((of_another(read, p, time.start, TIME), TIME, time.words))
        for place in read.places[p.seen.sentence.index]:
            found.add((of_another(read, p, place.start, PLACE), PLACE, place.place.name))
    return {one for one in found if one[0]}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_row_reads_its_own_test(row: Row) -> None:
    assert row.name in {name for name, *_ in given_away(row.test)}


@pytest.mark.parametrize(
    "text",
    [
        "Seit Anfang Mai beschießen russische Truppen die Stadt Charkiw.",
        "Seit dem russischen Überfall auf die Ukraine im Februar 2022 ist der Handel eingebrochen.",
        "Kurz nachdem Blinken am Montag in Kiew eingetroffen war, traf er dort Präsident Selenskyj.",
        "Nach Gesprächen in Wien lobte Blinken die ukrainische Regierung.",
        "Nach dem Besuch in Kiew sagte Macron der Ukraine Panzer zu.",
        "Schweden forderte in Genf von Russland einen Abzug.",
        "Man weise die Vorwürfe Russlands zurück, sagte Eide in Bergen.",
        "Die Verhandlungen hätten begonnen, sagte Eide in Bergen, wo er den finnischen Präsidenten Stubb traf.",
        "Die Türkei bestellte den schwedischen Botschafter in Ankara ein.",
        "Bis Februar hatte die EU tausend Russen mit Sanktionen belegt.",
        "Die EU will bis Ende Dezember neue Sanktionen gegen Russland beschließen.",
        "Der russische Gesandte, der am Montag Norwegen gedroht hat, wurde einbestellt.",
    ],
)
def test_what_may_be_the_acts_own_is_not_given_away(text: str) -> None:
    assert given_away(text) == set()


@pytest.mark.parametrize(
    ("text", "when", "place"),
    [
        (
            "Die EU verhängte am Sonntag in Brüssel das neunte Paket mit Sanktionen seit Februar.",
            "2024-06-02",
            "Brüssel",
        ),
        ("Nach Gesprächen in Wien traf Blinken am Dienstag in Prag Präsident Selenskyj.", "2024-05-28", "Prag"),
        (
            "Nachdem Selenskyj am Samstag in Rom war, traf er am Sonntag in Berlin Kanzler Scholz.",
            "2024-06-02",
            "Berlin",
        ),
        (
            "Beim Gipfel in Oslo einigten sich Polen und Litauen am Sonntag auf Hilfen bis Ende Dezember.",
            "2024-06-02",
            "Oslo",
        ),
        (
            "Erstmals seit dem Gipfel im Mai 2014 traf Putin am Sonntag in Genf US-Präsident Biden.",
            "2024-06-02",
            "Genf",
        ),
        (
            "Blinken wird nach seinem Besuch in Wien am Freitag nach Italien reisen, um sich mit Meloni zu beraten.",
            "2024-06-07",
            "Italien",
        ),
    ],
)
def test_an_act_has_the_time_and_place_that_are_left(text: str, when: str, place: str) -> None:
    told = [(e.when.iso if e.when else None, e.place.name if e.place else None) for e in events(text)]
    assert (when, place) in told


def test_who_was_visited_was_visited_where_he_is() -> None:
    told = [
        (e.parties, e.place.name if e.place else None)
        for e in events("Putin ist nach seinem Besuch in China nach Vietnam gereist.")
    ]
    assert all(place != "Vietnam" for parties, place in told if "CHN" in parties)


def test_where_somebody_was_before_is_not_where_he_goes_though_the_article_names_it_again() -> None:
    told = events(
        "Bei einem Besuch in Kiew bot Steinmeier der Ukraine Hilfe an.",
        "Nach seinem Besuch in Kiew reist er am Dienstag nach Moskau, um Außenminister Lawrow zu treffen.",
    )
    assert {e.place.name for e in told if e.place and e.status == "planned"} == {"Moskau"}


def events(*paragraphs: str) -> list[Event]:
    return [one.event for one in decided(article_of(*paragraphs)).told]


def test_a_forum_is_an_occasion_as_a_meeting_is() -> None:
    told = given_away("Nach dem Forum in Wien traf Blinken in Prag den ukrainischen Präsidenten Selenskyj.")
    assert ("after an occasion", PLACE, "Wien") in told


def test_nothing_else_is_where_a_meeting_is_wished() -> None:
    told = events("Macron schlug ein Treffen mit Putin in Istanbul vor.", "Die EU sagte Georgien Hilfe zu.")
    assert "Istanbul" not in {e.place.name for e in told if e.place and "GEO" in e.parties}
