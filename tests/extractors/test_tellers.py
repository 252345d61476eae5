"""Who tells of a deed has neither done it nor borne it, and a newspaper in which something is said has no part in it."""

from __future__ import annotations

import pytest
from articles import article_of

from extractors.events import code_events
from extractors.events.coding import decided, no_act
from extractors.ontology import EventType


def told(*paragraphs: str) -> set[str]:
    return {
        f"{e.type} {','.join(a.code for a in e.actors)}>{','.join(a.code for a in e.recipients)}"
        for e in code_events(article_of(*paragraphs))
    }


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Norwegen kritisierte die Festnahme des Dichters.", "COERCE NOR"),
        ("Kanada protestierte gegen die Festnahme der Forscherin.", "COERCE CAN"),
        ("Österreich nannte die Annexion der Krim rechtswidrig.", "COERCE AUT"),
        ("Die Schweiz erkennt die Annexion der Krim nicht an.", "COERCE CHE"),
        ("Japan warnte vor einem Angriff auf Taiwan.", "ASSAULT JPN"),
        ("Kiew sprach von einem Angriff auf ein Wohnhaus in Sumy.", "ASSAULT UKR"),
    ],
)
def test_who_judges_or_reports_a_deed_has_not_done_it(text: str, who: str) -> None:
    assert not [one for one in told(text) if one.startswith(who)]


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Kiew meldete die Rückeroberung von Kupjansk.", "ASSAULT UKR>"),
        ("Moskau meldete die Eroberung von Pokrowsk.", "ASSAULT RUS>UKR"),
        ("Moskau meldete den Einmarsch ukrainischer Truppen in Kursk.", "ASSAULT UKR>RUS"),
    ],
)
def test_who_reports_a_success_has_had_it_and_no_other_deed(text: str, act: str) -> None:
    assert told(text) == {act}


def test_explain_names_the_row() -> None:
    proposed = decided(article_of("Norwegen kritisierte die Festnahme des Dichters.")).proposed
    assert {no_act(p) for p in proposed if p.type is EventType.COERCE} == {"only tells"}


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Moskau verurteilte den russischen Angriff nicht, Polen verurteilte ihn.", "ASSAULT RUS"),
        ("Moskau sprach von seinem Angriff auf Odessa als Erfolg.", "ASSAULT RUS"),
    ],
)
def test_who_owns_the_deed_may_tell_of_it(text: str, act: str) -> None:
    proposed = decided(article_of(text)).proposed
    assert "only tells" not in {no_act(p) for p in proposed if f"{p.type} {','.join(p.parties[0])}" == act}


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Die Separatisten beschossen nach Angaben der OSZE ein Dorf bei Luhansk.", "ASSAULT SEP>UKR"),
        ("Russland beschoss nach Angaben der UN ein Krankenhaus in Cherson.", "ASSAULT RUS>UKR"),
        ("Russland habe ein Krankenhaus in Cherson beschossen, teilten die UN mit.", "ASSAULT RUS>UKR"),
        ("Laut dem Institut für Kriegsstudien rückten russische Truppen bei Pokrowsk vor.", "ASSAULT RUS>UKR"),
    ],
)
def test_who_without_arms_says_so_does_not_bear_it(text: str, act: str) -> None:
    assert act in told(text)


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Peskow sagte der Agentur Interfax, man sei zu Verhandlungen mit Kiew bereit.", "AGREE RUS"),
        ("Scholz zeigte sich in der ARD offen für weitere Lieferungen.", "AGREE DEU"),
    ],
)
def test_a_medium_in_which_something_is_said_is_no_party(text: str, act: str) -> None:
    found = [one for one in told(text) if one.startswith(act)]
    assert found
    assert not any("-MED" in one for one in found)


def test_a_medium_that_is_banned_is_a_party() -> None:
    assert "SANCTION EU>RUS-MED" in told(
        "Die EU sperrte den Sender RT Deutsch.", "Die EU verhängte ein Verbot gegen RT."
    )
