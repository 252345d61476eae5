"""What a state asks of its own people it asks of no other state."""

from __future__ import annotations

import pytest
from articles import article_of

from extractors.events import code_events
from extractors.events.coding import decided
from extractors.events.no_acts import no_act
from extractors.events.tables import Wording, wordings
from extractors.ontology import EventType


def asked(text: str) -> set[tuple[str, str]]:
    demands = [e for e in code_events(article_of(text)) if e.type is EventType.REQUEST]
    return {(a.code, ",".join(r.code for r in e.recipients)) for e in demands for a in e.actors}


@pytest.mark.parametrize("noun", wordings("own"), ids=lambda noun: noun.name)
def test_own_people_are_asked_and_not_the_state_that_they_leave(noun: Wording) -> None:
    assert asked(noun.test) == {("CAN", "CAN-CIV")}


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("Das Auswärtige Amt rief Deutsche in Russland zur Vorsicht auf.", ("DEU", "DEU-CIV")),
        ("Oslo forderte norwegische Staatsbürger auf, Belarus zu verlassen.", ("NOR", "NOR-CIV")),
        ("Putin forderte die Bewohner von Charkiw zum Verlassen der Stadt auf.", ("RUS", "")),
        ("Moskau rief die ukrainischen Soldaten auf, die Waffen niederzulegen.", ("RUS", "UKR")),
    ],
)
def test_who_is_asked(text: str, sides: tuple[str, str]) -> None:
    assert asked(text) == {sides}


@pytest.mark.parametrize(
    "text", ["Helsinki bat die Bevölkerung, Strom zu sparen.", "Selenskyj rief die Ukrainer zum Durchhalten auf."]
)
def test_what_a_state_asks_of_its_people_at_home_is_no_event(text: str) -> None:
    found = decided(article_of(text))
    proposed, events = found.proposed, found.told
    assert not events
    assert {no_act(p) for p in proposed if p.type is EventType.REQUEST} == {"asks its own people, at home"}
