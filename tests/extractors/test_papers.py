"""What a paper or demand that was told before asks for is not told as done."""

from __future__ import annotations

import pytest
from articles import article_of

from extractors.events import code_events, explain
from extractors.events.coding import decided
from extractors.events.papers import paper
from extractors.events.tables import Wording, wordings
from extractors.ontology import EventType, Status

PLAN = "Washington hat einen Plan ausgearbeitet."
DEMANDS = "Moskau nannte am Montag neue Forderungen."


def acts(*paragraphs: str) -> set[tuple[EventType, str, Status]]:
    return {(e.type, e.actors[0].code, e.status) for e in code_events(article_of(*paragraphs))}


@pytest.mark.parametrize("verb", wordings("presents"), ids=lambda verb: f"{verb.name} {verb.of}")
def test_what_a_presented_paper_has_others_do_is_read_so(verb: Wording) -> None:
    found = decided(article_of(verb.test))
    around, proposed = found.around, found.proposed
    assert {paper(around.reading, p) for p in proposed if p.type is EventType.AID} == {verb.of}


@pytest.mark.parametrize(
    "text",
    [
        "Danach soll die Nato ihre Truppen aus Rumänien abziehen.",
        "Demnach müsse die EU ihre Sanktionen aufheben.",
    ],
)
def test_what_is_demanded_is_no_act(text: str) -> None:
    assert not acts(DEMANDS, text) & {(EventType.RETREAT, who, status) for who in ("NATO", "EU") for status in Status}


@pytest.mark.parametrize(
    "between", [(), ("Kiew soll seine Armee verkleinern.",), ("Er umfasst zehn Seiten.", "Kiew soll Truppen abziehen.")]
)
def test_what_is_proposed_is_only_possible_in_every_sentence_that_goes_on_so(between: tuple[str, ...]) -> None:
    told = acts(PLAN, *between, "Deutschland soll der Ukraine Panzer liefern.")
    assert (EventType.AID, "DEU", Status.HYPOTHETICAL) in told


def test_explain_says_why_it_is_only_possible() -> None:
    told = explain(article_of(PLAN, "Deutschland soll der Ukraine Panzer liefern.")).events
    assert "proposed by what was told before" in next(e.standing for e in told if e.event.type is EventType.AID)


def test_what_somebody_has_himself_do_stays_planned() -> None:
    told = acts("Die Nato hat neue Pläne vorgelegt.", "Danach wird sie Truppen nach Litauen verlegen.")
    assert (EventType.MOBILIZE, "NATO", Status.PLANNED) in told


def test_another_report_between_ends_it() -> None:
    told = acts(PLAN, "Am Morgen regnete es in Kiew.", "Deutschland soll der Ukraine Panzer liefern.")
    assert (EventType.AID, "DEU", Status.PLANNED) in told
