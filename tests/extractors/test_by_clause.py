"""Several acts in a sentence: each has the sides and the day of its own clause, and who does the same without a verb does it too."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from articles import article_of

from extractors.events import code_events, explain
from extractors.events.attaching.belonging import SET_RIGHT
from extractors.events.settling.by_clause import ANOTHER_CLAUSE
from extractors.events.settling.gapped import BEHIND_A_COMMA
from extractors.model import Event
from extractors.ontology import EventType

THURSDAY = datetime(2024, 6, 20, 14, tzinfo=UTC)


def told(text: str) -> list[Event]:
    """What is told of a text, statements apart."""
    return [event for event in code_events(article_of(text, dated=THURSDAY)) if event.type is not EventType.STATE]


def sides(event: Event) -> str:
    who, whom = (",".join(sorted(actor.code for actor in side)) for side in (event.actors, event.recipients))
    return f"{event.type} {who}>{whom}"


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("Während die EU Georgien kritisierte, warf der Kreml Estland Wortbruch vor.", ["ACCUSE EU>GEO", "ACCUSE RUS>EST"]),
        ("Die Türkei bat die Slowakei um Panzer; Polen bat Georgien um Munition.", ["REQUEST TUR>SVK", "REQUEST POL>GEO"]),
        ("Während Polen Estland kritisierte, warf die Regierung in Minsk der Slowakei Wortbruch vor.", ["ACCUSE POL>EST", "ACCUSE BLR>SVK"]),
        ("Die EU stimmte dem Vorschlag Chinas zu, Polen aber lehnte ihn ab.", ["AGREE EU>CHN", "REJECT POL>CHN"]),
        ("Norwegen bat Georgien um Panzer und warf Estland Wortbruch vor.", ["REQUEST NOR>GEO", "ACCUSE NOR>EST"]),
        ("Während Scholz in Kiew mit Selenskyj sprach, beschoss Russland die ukrainische Hauptstadt.", ["CONSULT DEU,UKR>", "ASSAULT RUS>UKR"]),
        # Who is with them is named behind the verb, and no other clause tells what he does.
        ("Scholz sprach in Kiew mit Selenskyj, begleitet vom polnischen Präsidenten Duda.", ["CONSULT DEU,POL,UKR>"]),
        # Both verbs tell of one act by the same upon the same.
        ("Norwegen kritisierte Estland und warf Estland Wortbruch vor.", ["ACCUSE NOR>EST"]),
    ],
)  # fmt: skip
def test_each_clause_tells_its_own_act(text: str, acts: list[str]) -> None:
    assert sorted(map(sides, told(text))) == sorted(acts)


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("Bundeskanzler Scholz verhängte Sanktionen gegen Estland, die Ukraine gegen den Iran.", ["SANCTION DEU>EST", "SANCTION UKR>IRN"]),
        ("Polen liefert dem Iran Panzer, die Regierung in Minsk Haubitzen.", ["AID POL>IRN", "AID BLR>IRN"]),
        ("Der türkische Präsident Erdogan drohte China mit Zöllen, Bundeskanzler Scholz Estland mit Vergeltung.", ["THREATEN TUR>CHN", "THREATEN DEU>EST"]),
        # A list, and an apposition: nobody else acts.
        ("Die EU verhängte Sanktionen gegen Estland, Russland, Georgien.", ["SANCTION EU>EST,GEO,RUS"]),
        ("Polen lieferte der Ukraine Panzer, Russlands Nachbar Munition.", ["AID POL>UKR"]),
        ("Polen lieferte der Ukraine Panzer, Haubitzen und Munition.", ["AID POL>UKR"]),
    ],
)  # fmt: skip
def test_who_does_the_same_behind_a_comma_does_it_too(text: str, acts: list[str]) -> None:
    assert sorted(map(sides, told(text))) == sorted(acts)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Während Erdogan Estland am Freitag drohte, forderte Blinken die Slowakei am Mittwoch zum Einlenken auf.", {"THREATEN": "2024-06-14", "REQUEST": "2024-06-19"}),
        ("Am Montag kritisierte Polen den Iran scharf, am Dienstag drohte der Kreml Georgien mit Vergeltung.", {"ACCUSE": "2024-06-17", "THREATEN": "2024-06-18"}),
        ("Am Montag kritisierte Polen den Iran scharf, und der Kreml drohte Georgien mit Vergeltung.", {"ACCUSE": "2024-06-17", "THREATEN": "2024-06-17"}),
        ("Nicht am Freitag, sondern erst am Montag kritisierte Polen Estland scharf.", {"ACCUSE": "2024-06-17"}),
        ("Die Ukraine soll nicht schon am Montag, sondern erst am Dienstag Sanktionen gegen den Iran verhängen.", {"SANCTION": "2024-06-25"}),
        ("Erdogan kündigte am Samstag für Montag Sanktionen gegen die Slowakei an.", {"SANCTION": "2024-06-24"}),
        ("Am Montag tagte in Wien die OSZE. Noch am selben Abend kritisierte Polen Estland.", {"CONSULT": "2024-06-17", "ACCUSE": "2024-06-17"}),
        ("Am Montag tagte in Wien die OSZE. Wenige Stunden später kritisierte Polen Estland.", {"CONSULT": "2024-06-17", "ACCUSE": "2024-06-17"}),
    ],
)  # fmt: skip
def test_each_act_has_the_day_of_its_own_clause(text: str, days: dict[str, str]) -> None:
    assert {str(event.type): event.when.iso if event.when else "" for event in told(text)} == days


def test_a_day_that_is_set_right_denies_no_act() -> None:
    (event,) = told(
        "Die Ukraine soll nicht schon am Montag, sondern erst am Dienstag Sanktionen gegen den Iran verhängen."
    )

    assert event.status == "planned"


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Die französische Regierung sagte, die Lage sei ernst. China habe den Vorschlag Japans abgelehnt.", "FRA"),
        ("Nach Scholz' Worten hat Kanada Sanktionen gegen den Iran verhängt.", "DEU"),
    ],
)  # fmt: skip
def test_whose_words_tell_an_act_of_others(text: str, speaker: str) -> None:
    event = next(event for event in told(text) if event.type in (EventType.REJECT, EventType.SANCTION))

    assert event.speaker is not None
    assert event.speaker.code == speaker


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("Während die EU Georgien kritisierte, warf der Kreml Estland Wortbruch vor.", ANOTHER_CLAUSE),
        ("Polen liefert dem Iran Panzer, die Regierung in Minsk Haubitzen.", BEHIND_A_COMMA),
    ],
)
def test_explain_says_why_another_is_told_to_act(text: str, row: str) -> None:
    assert row in {one.sides for one in explain(article_of(text, dated=THURSDAY)).events}


def test_explain_says_that_a_day_is_set_right() -> None:
    found = explain(article_of("Nicht am Freitag, sondern erst am Montag kritisierte Polen Estland scharf."))

    assert SET_RIGHT in {row for one in found.events for fact in one.facts for row in fact.rows}


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Belarus drohte Georgien, Moldau und den baltischen Staaten mit Zöllen.", "THREATEN BLR>EST,GEO,LTU,LVA,MDA"),
        ("Die Regierungen Estlands, Litauens und Georgiens verurteilten das Vorgehen Chinas.", "ACCUSE EST,GEO,LTU>CHN"),
        ("Die Präsidenten der Türkei und Georgiens verurteilten den Raketentest Nordkoreas.", "ACCUSE GEO,TUR>PRK"),
        ("Belarus bestellte die Botschafter der USA, Estlands und Kanadas ein.", "ACCUSE BLR>CAN,EST,USA"),
        # Who stands behind "und" in no genitive is somebody else.
        ("Der Präsident Georgiens und Norwegen verurteilten das Vorgehen Chinas.", "ACCUSE GEO,NOR>CHN"),
    ],
)  # fmt: skip
def test_all_of_a_list_have_a_part(text: str, act: str) -> None:
    assert sides(told(text)[0]) == act
